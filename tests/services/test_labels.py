import pytest

from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.errors import Code
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.labels.labels import LabelUpdate
from tests.services.refusals import refused
from tests.stores import Bench, item, open_bench


def names(bench: Bench) -> list[str]:
    return [record.name for record in bench.use.labels.list_labels("support", PageRequest()).records]


async def test_a_child_brings_its_parents(bench: Bench) -> None:
    await bench.dataset()
    answer = await bench.use.labels.upsert("support", [LabelUpdate("A > B > C", "deep"), LabelUpdate("D")])
    assert [(label.name, label.description) for label in answer.labels] == [("A > B > C", "deep"), ("D", "")]
    assert (answer.created_count, answer.revision) == (4, 1)
    assert names(bench) == ["A", "A > B", "A > B > C", "D"]
    assert bench.use.datasets.get("support").label_count == 4


async def test_the_same_again_changes_nothing(bench: Bench) -> None:
    await bench.dataset()
    first = await bench.use.labels.upsert("support", [LabelUpdate("A > B", "text")])
    again = await bench.use.labels.upsert("support", [LabelUpdate("A > B", "text"), LabelUpdate("A")])
    assert (again.created_count, again.revision) == (0, first.revision)


async def test_an_empty_description_leaves_the_one_that_is_there(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate("A", "text")])
    answer = await bench.use.labels.upsert("support", [LabelUpdate("A")])
    assert answer.labels[0].description == "text"
    answer = await bench.use.labels.upsert("support", [LabelUpdate("A", "better")])
    assert (answer.labels[0].description, answer.revision) == ("better", 2)


async def test_two_spellings_that_look_the_same_are_one_label(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate("Caf\u00e9")])
    answer = await bench.use.labels.upsert("support", [LabelUpdate("Cafe\u0301", "drinks")])
    assert (answer.created_count, answer.labels[0].name) == (0, "Caf\u00e9")


async def test_one_wrong_label_stores_none(bench: Bench) -> None:
    await bench.dataset()
    with refused(Code.INVALID, "INVALID_LABEL", "labels[1].name"):
        await bench.use.labels.upsert("support", [LabelUpdate("A"), LabelUpdate("B>C")])
    with refused(Code.INVALID, "DUPLICATE_LABEL", "labels[2].name"):
        await bench.use.labels.upsert("support", [LabelUpdate("A"), LabelUpdate("B"), LabelUpdate("A")])
    with refused(Code.INVALID, "TOO_LONG", "labels[0].description"):
        await bench.use.labels.upsert("support", [LabelUpdate("A", "d" * 16_385)])
    with refused(Code.INVALID, "INVALID_FIELD", "labels"):
        await bench.use.labels.upsert("support", [])
    assert names(bench) == []


async def test_the_1024th_label_is_taken_and_the_next_refused(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate(f"L > {n}") for n in range(1_023)])
    with refused(Code.EXHAUSTED, "TOO_MANY_LABELS"):
        await bench.use.labels.upsert("support", [LabelUpdate("M")])
    answer = await bench.upload(item("d", labels=("M",)))
    assert [(found.reason, found.index) for found in answer.failures] == [("TOO_MANY_LABELS", 0)]
    described = await bench.use.labels.upsert("support", [LabelUpdate("L > 5", "still changeable")])
    assert described.created_count == 0
    assert bench.use.datasets.get("support").label_count == 1_024


async def test_an_answer_too_large_for_a_message_leaves_the_descriptions_out(bench: Bench) -> None:
    await bench.dataset()
    told = [LabelUpdate(f"L{number}", "ü" * 16_000) for number in range(240)]
    small = await bench.use.labels.upsert("support", told[:200])
    assert {label.description for label in small.labels} == {"ü" * 16_000}
    large = await bench.use.labels.upsert("support", told)
    assert [label.name for label in large.labels] == [update.name for update in told]
    assert {label.description for label in large.labels} == {""}
    assert large.created_count == 40
    kept = bench.use.labels.list_labels("support", PageRequest()).records
    assert {label.description for label in kept} == {"ü" * 16_000}


async def test_the_limit_is_a_setting(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_bench(tmp_path_factory.mktemp("small") / "store", DatasetLimits(labels_max=2)) as bench:
        await bench.dataset()
        await bench.use.labels.upsert("support", [LabelUpdate("A > B")])
        with refused(Code.EXHAUSTED, "TOO_MANY_LABELS"):
            await bench.use.labels.upsert("support", [LabelUpdate("C")])
        with refused(Code.INVALID, "INVALID_FIELD", "labels"):
            await bench.use.labels.upsert("support", [LabelUpdate(name) for name in "ABC"])


async def test_pages_walk_the_tree_in_order(bench: Bench) -> None:
    await bench.dataset()
    wanted = ["A", "A > B", "A > Z", "A !", "B", "Ä"]
    await bench.use.labels.upsert("support", [LabelUpdate(name) for name in reversed(wanted)])
    found: list[str] = []
    token = ""
    for _ in range(3):
        page = bench.use.labels.list_labels("support", PageRequest(2, token))
        found += [record.name for record in page.records]
        token = page.next_token
    assert (found, token) == (wanted, "")


async def test_an_unknown_dataset_is_not_found(bench: Bench) -> None:
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        bench.use.labels.list_labels("support", PageRequest())
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        await bench.use.labels.upsert("support", [LabelUpdate("A")])
