from pinfold_server.errors import Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store.storage_pb2 import AnnotateAnswer
from tests.services.refusals import refused
from tests.stores import Bench, item


def document(document_id: str, source: str = "support") -> str:
    return f"sources/{source}/documents/{document_id}"


async def prepared(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate(name) for name in ("A > B", "A > C", "D")])
    await bench.upload(*(item(document_id) for document_id in ("d1", "d2", "d/3")))


async def annotate(bench: Bench, *updates: AnnotationUpdate, by: str = "me") -> AnnotateAnswer:
    return await bench.use.annotations.annotate("support", updates, by)


def counted(bench: Bench) -> dict[str, tuple[int, int]]:
    records = bench.use.labels.list_labels("support", PageRequest()).records
    return {label.name: (label.assigned_count, label.dismissed_count) for label in records}


async def test_an_annotation_is_stored_and_counted_on_every_level(bench: Bench) -> None:
    await prepared(bench)
    answer = await annotate(
        bench,
        AnnotationUpdate(document("d1"), ("A > B", "A > C"), ("D",), reviewed=False, retrieval_mode=3),
        AnnotationUpdate(document("d/3"), ("A",), reviewed=True),
    )
    assert (answer.changed_count, answer.unchanged_count, answer.revision) == (2, 0, 2)
    info = bench.use.annotations.get("support", document("d1"))
    assert (info.assigned, info.dismissed) == (("A > B", "A > C"), ("D",))
    record = info.record
    assert (record.reviewed, record.annotator, record.retrieval_mode, record.revision) == (False, "me", 3, 2)
    assert counted(bench) == {"A": (2, 0), "A > B": (1, 0), "A > C": (1, 0), "D": (0, 1)}
    dataset = bench.use.datasets.get("support")
    assert (dataset.annotated_count, dataset.reviewed_count) == (2, 1)


async def test_what_is_not_told_stays_and_an_empty_set_clears(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(document("d1"), ("A > B",), ("D",), reviewed=True, retrieval_mode=5))
    await annotate(bench, AnnotationUpdate(document("d1"), assigned=("A > C",)), by="you")
    info = bench.use.annotations.get("support", document("d1"))
    assert (info.assigned, info.dismissed, info.record.reviewed) == (("A > C",), ("D",), True)
    assert (info.record.annotator, info.record.retrieval_mode) == ("you", 5)
    await annotate(bench, AnnotationUpdate(document("d1"), assigned=(), dismissed=(), reviewed=False))
    with refused(Code.NOT_FOUND, "ANNOTATION_NOT_FOUND"):
        bench.use.annotations.get("support", document("d1"))
    assert set(counted(bench).values()) == {(0, 0)}


async def test_the_same_again_changes_nothing_not_even_who_and_when(bench: Bench) -> None:
    await prepared(bench)
    update = AnnotationUpdate(document("d1"), ("A > B", "A"), ("D",), reviewed=True)
    first = await annotate(bench, update)
    before = bench.use.annotations.get("support", document("d1"))
    again = await annotate(bench, update, by="you")
    assert (again.changed_count, again.unchanged_count, again.revision) == (0, 1, first.revision)
    assert bench.use.annotations.get("support", document("d1")) == before


async def test_the_newer_word_wins(bench: Bench) -> None:
    await prepared(bench)
    await annotate(bench, AnnotationUpdate(document("d1"), dismissed=("A", "D")))
    await annotate(bench, AnnotationUpdate(document("d1"), assigned=("A > B",)))
    info = bench.use.annotations.get("support", document("d1"))
    assert (info.assigned, info.dismissed) == (("A > B",), ("D",))
    await annotate(bench, AnnotationUpdate(document("d1"), dismissed=("A",)))
    info = bench.use.annotations.get("support", document("d1"))
    assert (info.assigned, info.dismissed) == ((), ("A",))


async def test_an_item_that_fails_harms_no_other(bench: Bench) -> None:
    await prepared(bench)
    await bench.use.sources.create("mail", "")
    await bench.upload(item("m"), source="mail", dataset=None)
    answer = await annotate(
        bench,
        AnnotationUpdate("nonsense", ("D",)),
        AnnotationUpdate(document("gone"), ("D",)),
        AnnotationUpdate(document("d1"), ("Unknown",)),
        AnnotationUpdate(document("d2"), ("D",)),
        AnnotationUpdate(document("d2"), ("D",)),
        AnnotationUpdate(document("d/3"), ("A > B",), ("A",)),
        AnnotationUpdate(document("m", "mail"), ("D",)),
        AnnotationUpdate(document("m", "gone"), ("D",)),
    )
    assert (answer.changed_count, answer.unchanged_count) == (1, 0)
    assert [(found.index, found.code, found.reason, found.field) for found in answer.failures] == [
        (0, "INVALID", "INVALID_NAME", "annotations[0].document"),
        (1, "NOT_FOUND", "DOCUMENT_NOT_FOUND", "annotations[1].document"),
        (2, "NOT_FOUND", "UNKNOWN_LABEL", "annotations[2].assigned.labels[0]"),
        (4, "INVALID", "DUPLICATE_ID", "annotations[4].document"),
        (5, "INVALID", "LABEL_CONFLICT", "annotations[5].dismissed"),
        (6, "PRECONDITION", "SOURCE_NOT_IN_DATASET", ""),
        (7, "NOT_FOUND", "SOURCE_NOT_FOUND", "annotations[7].document"),
    ]
    assert "'A'" in answer.failures[4].message


async def test_an_unknown_mode_fails_the_item(bench: Bench) -> None:
    await prepared(bench)
    answer = await annotate(bench, AnnotationUpdate(document("d1"), ("D",), retrieval_mode=99))
    assert [found.field for found in answer.failures] == ["annotations[0].retrieval_mode"]


async def test_a_call_out_of_rule_is_refused_whole(bench: Bench) -> None:
    await prepared(bench)
    with refused(Code.INVALID, "INVALID_FIELD", "annotations"):
        await annotate(bench)
    with refused(Code.INVALID, "INVALID_FIELD", "annotations"):
        await annotate(bench, *[AnnotationUpdate(document("d1"))] * 4_097)
    with refused(Code.INVALID, "TOO_LONG", "annotator"):
        await annotate(bench, AnnotationUpdate(document("d1"), ("D",)), by="a" * 129)
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        await bench.use.annotations.annotate("gone", [AnnotationUpdate(document("d1"))])


async def test_a_retry_gets_the_first_answer_even_after_other_changes(bench: Bench) -> None:
    await prepared(bench)
    once = RequestKey("Annotate", "r", bytes(32))
    updates = [AnnotationUpdate(document("d1"), ("D",))]
    first = await bench.use.annotations.annotate("support", updates, "me", once)
    await annotate(bench, AnnotationUpdate(document("d1"), ("A > B",)))
    assert await bench.use.annotations.annotate("support", updates, "me", once) == first
    assert bench.use.annotations.get("support", document("d1")).assigned == ("A > B",)


async def test_annotations_are_listed_page_after_page_over_all_sources(bench: Bench) -> None:
    await prepared(bench)
    await bench.use.sources.create("mail", "")
    await bench.use.datasets.update("support", DatasetFields(source_ids=("mail", "support")))
    await bench.upload(item("d9", labels=("D",)), source="mail")
    updates = [AnnotationUpdate(document(document_id), ("D",)) for document_id in ("d2", "d1", "d/3")]
    await annotate(bench, *updates)
    found: list[str] = []
    token = ""
    for _ in range(2):
        page = bench.use.annotations.list_annotations("support", PageRequest(2, token))
        found += [info.document for info in page.records]
        token = page.next_token
    assert token == ""
    assert found == [document("d/3"), document("d1"), document("d2"), document("d9", "mail")]


async def test_two_datasets_annotate_the_same_document_apart(bench: Bench) -> None:
    await prepared(bench)
    await bench.use.datasets.create("second", DatasetFields(source_ids=("support",)))
    await bench.upload(item("d1", labels=("Other",)), dataset="second")
    await annotate(bench, AnnotationUpdate(document("d1"), ("D",)))
    assert bench.use.annotations.get("support", document("d1")).assigned == ("D",)
    assert bench.use.annotations.get("second", document("d1")).assigned == ("Other",)
