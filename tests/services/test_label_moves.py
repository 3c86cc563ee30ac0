"""Labels renamed, merged, deleted and copied, under annotations. The store's invariants are checked after each test."""

import pytest

from pinfold_server.domain.labels.label_moves import LabelEventKind
from pinfold_server.errors import Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.labels import label_moves, taxonomy_copies
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store.tables import datasets, label_events
from tests.services.refusals import refused
from tests.stores import Bench, item


async def fill(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(
        item("d0", labels=("Billing > Refund",)),
        item("d1", labels=("Billing > Refund > Late",)),
        item("d2", labels=("Billing",)),
        item("d3", labels=("Payments > Refund", "Billing > Refund")),
        item("d4", labels=()),
    )
    said = AnnotationUpdate("sources/support/documents/d4", dismissed=("Billing > Refund",))
    await bench.use.annotations.annotate("support", [said], "bob")


def labels(bench: Bench, dataset: str = "support") -> dict[str, tuple[int, int]]:
    """Times assigned and dismissed by path."""
    found = bench.use.labels.list_labels(dataset, PageRequest()).records
    return {label.name: (label.assigned_count, label.dismissed_count) for label in found}


def said(bench: Bench, dataset: str = "support") -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    found = bench.use.annotations.list_annotations(dataset, PageRequest()).records
    return {one.document.rpartition("/")[2]: (one.assigned, one.dismissed) for one in found}


def events(bench: Bench, label: str = "") -> list[tuple[str, str, str, str]]:
    found = bench.use.label_moves.history("support", label, PageRequest()).records
    return [(LabelEventKind(one.kind).name, one.from_name, one.to_name, one.actor) for one in found]


async def test_a_rename_moves_labels_below_and_leaves_annotations_as_they_are(bench: Bench) -> None:
    await fill(bench)
    before = bench.use.datasets.get("support").revision
    answer = await bench.use.label_moves.rename("support", "Billing > Refund", "Billing > Money back", "ann")
    assert (answer.renamed_count, answer.merged_count, answer.annotation_count) == (2, 0, 0)
    assert (answer.label.name, answer.label.assigned_count, answer.revision) == ("Billing > Money back", 3, before + 1)
    assert labels(bench) == {
        "Billing": (4, 0),
        "Billing > Money back": (3, 1),
        "Billing > Money back > Late": (1, 0),
        "Payments": (1, 0),
        "Payments > Refund": (1, 0),
    }
    assert said(bench)["d1"] == (("Billing > Money back > Late",), ())
    assert events(bench, "Billing > Money back")[0] == ("RENAMED", "Billing > Refund", "Billing > Money back", "ann")


async def test_a_rename_under_another_parent_counts_there(bench: Bench) -> None:
    await fill(bench)
    answer = await bench.use.label_moves.rename("support", "Billing > Refund", "Orders > Returns > Refund")
    assert (answer.renamed_count, answer.annotation_count) == (2, 0)
    counted = labels(bench)
    assert counted["Billing"] == (1, 0)
    assert counted["Orders"] == counted["Orders > Returns"] == (3, 0)
    assert counted["Orders > Returns > Refund"] == (3, 1)


async def test_a_rename_onto_a_label_merges_annotations_children_and_counts(bench: Bench) -> None:
    await fill(bench)
    answer = await bench.use.label_moves.rename("support", "Billing > Refund", "Payments > Refund")
    assert (answer.renamed_count, answer.merged_count, answer.annotation_count) == (1, 1, 3)
    assert answer.label.name == "Payments > Refund"
    assert labels(bench) == {
        "Billing": (1, 0),
        "Payments": (3, 0),
        "Payments > Refund": (3, 1),
        "Payments > Refund > Late": (1, 0),
    }
    assert said(bench)["d3"] == (("Payments > Refund",), ())
    assert said(bench)["d4"] == ((), ("Payments > Refund",))
    kinds = [kind for kind, *_ in events(bench, "Payments > Refund")]
    assert kinds == ["MERGED", "CREATED"]
    history = bench.use.annotation_history.list_changes("support", "sources/support/documents/d0", PageRequest())
    assert history.records[0].no_longer_assigned == ("Billing > Refund",)
    assert history.records[0].newly_assigned == ("Payments > Refund",)


async def test_a_label_that_goes_into_its_parent_wins_over_a_dismissal(bench: Bench) -> None:
    await fill(bench)
    said_of_d0 = AnnotationUpdate("sources/support/documents/d0", assigned=("Payments > Refund",))
    await bench.use.annotations.annotate("support", [said_of_d0])
    said_of_d0 = AnnotationUpdate("sources/support/documents/d0", dismissed=("Billing",), assigned=("Payments",))
    await bench.use.annotations.annotate("support", [said_of_d0])
    await bench.use.label_moves.rename("support", "Payments", "Billing")
    assert said(bench)["d0"] == (("Billing",), ())


async def test_a_deleted_label_is_taken_out_of_annotations_only_on_demand(bench: Bench) -> None:
    await fill(bench)
    with refused(Code.PRECONDITION, "LABEL_IN_USE"):
        await bench.use.label_moves.delete("support", "Billing > Refund")
    answer = await bench.use.label_moves.delete("support", "Billing > Refund", force=True, actor="ann")
    assert (answer.deleted_count, answer.annotation_count) == (2, 4)
    assert labels(bench) == {"Billing": (1, 0), "Payments": (1, 0), "Payments > Refund": (1, 0)}
    assert said(bench)["d0"] == ((), ())
    assert bench.use.datasets.get("support").reviewed_count == 5
    assert events(bench)[0][0] == "DELETED"
    await bench.use.labels.upsert("support", [LabelUpdate("Billing > Refund")])
    assert labels(bench)["Billing > Refund"] == (0, 0)


async def test_an_annotation_that_says_nothing_any_more_is_gone(bench: Bench) -> None:
    await fill(bench)
    await bench.upload(item("d9"))
    await bench.use.annotations.annotate("support", [AnnotationUpdate("sources/support/documents/d9", ("Payments",))])
    await bench.use.label_moves.delete("support", "Payments", force=True)
    assert "d9" not in said(bench)


async def test_annotations_of_a_deleted_label_move_to_another(bench: Bench) -> None:
    await fill(bench)
    answer = await bench.use.label_moves.delete("support", "Billing > Refund", "Payments > Refund")
    assert (answer.deleted_count, answer.annotation_count) == (2, 4)
    assert labels(bench)["Payments > Refund"] == (3, 1)
    assert said(bench)["d1"] == (("Payments > Refund",), ())


async def test_an_unused_label_is_deleted_at_once(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate("A > B")])
    revision = bench.use.datasets.get("support").revision
    answer = await bench.use.label_moves.delete("support", "A > B")
    assert (answer.deleted_count, answer.annotation_count, answer.revision) == (1, 0, revision + 1)
    assert labels(bench) == {"A": (0, 0)}


async def test_moves_that_make_no_sense_change_nothing(bench: Bench) -> None:
    await fill(bench)
    use, before = bench.use.label_moves, bench.use.datasets.get("support").revision
    with refused(Code.INVALID, "LABEL_BELOW_ITSELF", "new_label"):
        await use.rename("support", "Billing", "Billing > Old")
    with refused(Code.NOT_FOUND, "UNKNOWN_LABEL", "label"):
        await use.rename("support", "Gone", "New")
    with refused(Code.INVALID, "INVALID_LABEL", "new_label"):
        await use.rename("support", "Billing", "a>b")
    with refused(Code.INVALID, "INVALID_LABEL", "new_label"):
        await use.rename("support", "Billing", SEPARATED)
    with refused(Code.INVALID, "LABEL_BELOW_ITSELF", "move_to"):
        await use.delete("support", "Billing", "Billing > Refund")
    with refused(Code.NOT_FOUND, "UNKNOWN_LABEL", "move_to"):
        await use.delete("support", "Billing", "Gone")
    assert (await use.rename("support", "Billing", "Billing")).renamed_count == 0
    assert bench.use.datasets.get("support").revision == before


SEPARATED = " > ".join("abcdefghijklmno")  # 15 levels: too many with those below


async def test_a_move_of_too_many_annotations_is_refused_whole(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_moves, "ANNOTATIONS_MAX", 2)
    monkeypatch.setattr(taxonomy_copies, "ANNOTATIONS_MAX", 2)
    await fill(bench)
    with refused(Code.PRECONDITION, "TOO_MANY_ANNOTATIONS"):
        await bench.use.label_moves.rename("support", "Billing > Refund", "Payments > Refund")
    await bench.use.datasets.create("other", DatasetFields(source_ids=("support",)))
    with refused(Code.PRECONDITION, "TOO_MANY_ANNOTATIONS"):
        await bench.use.taxonomy_copies.copy("other", "support", with_annotations=True)


async def test_labels_move_in_a_dataset_of_an_earlier_server(bench: Bench) -> None:
    await fill(bench)
    with bench.store.write() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        owner.has_label_index = False
        datasets.put(txn, owner)
    answer = await bench.use.label_moves.rename("support", "Billing > Refund", "Payments > Refund")
    assert answer.annotation_count == 3


async def test_the_history_of_labels_is_bounded_and_paged(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_events, "KEPT_MAX", 3)
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate("A")], actor="ann")
    for number in range(4):
        await bench.use.label_moves.rename("support", "A" if not number else f"A{number}", f"A{number + 1}")
    history = bench.use.label_moves.history
    first = history("support", "A4", PageRequest(2))
    rest = history("support", "A4", PageRequest(2, first.next_token))
    assert [one.to_name for one in (*first.records, *rest.records)] == ["A4", "A3", "A2"]
    assert rest.next_token == ""


async def test_a_taxonomy_is_copied_and_fills_only_what_is_empty(bench: Bench) -> None:
    await fill(bench)
    await bench.use.labels.upsert(
        "support", [LabelUpdate("Billing", "all about bills", "B-1"), LabelUpdate("Payments", "money", "P-1")]
    )
    await bench.use.datasets.create("other", DatasetFields(source_ids=("support",)))
    await bench.use.labels.upsert("other", [LabelUpdate("Billing", "mine")])
    answer = await bench.use.taxonomy_copies.copy("other", "support")
    assert (answer.created_count, answer.annotation_count, answer.kept_count) == (4, 0, 0)
    found = {one.name: one for one in bench.use.labels.list_labels("other", PageRequest()).records}
    assert (found["Billing"].description, found["Billing"].external_id) == ("mine", "B-1")
    assert (found["Payments"].description, found["Payments"].external_id) == ("money", "P-1")


async def test_annotations_of_shared_sources_are_copied_where_there_is_none(bench: Bench) -> None:
    await fill(bench)
    await bench.use.datasets.create("other", DatasetFields(source_ids=("support",)))
    await bench.upload(item("d0", labels=("Mine",)), dataset="other")
    answer = await bench.use.taxonomy_copies.copy("other", "support", with_annotations=True)
    assert (answer.annotation_count, answer.kept_count) == (4, 1)
    assert said(bench, "other") == {**said(bench), "d0": (("Mine",), ())}
    again = await bench.use.taxonomy_copies.copy("other", "support", with_annotations=True)
    assert (again.annotation_count, again.kept_count, again.revision) == (0, 5, answer.revision)
    with refused(Code.INVALID, "INVALID_FIELD", "from_dataset"):
        await bench.use.taxonomy_copies.copy("other", "other")
