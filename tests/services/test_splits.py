"""Chosen parts on a real store: stored, listed, trained by, gone with their documents, and kept by archives."""

import pytest

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.splits import Split
from pinfold_server.errors import Code
from pinfold_server.services.annotations.splits import SplitChoice
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.quality.held_outs import HeldOutCache
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store import keys
from pinfold_server.store.tables import splits
from pinfold_server.training.loop import Trainer
from tests.services.refusals import refused
from tests.serving import ticket_rows
from tests.stores import Bench, item

ROWS = ticket_rows()


@pytest.fixture
async def filled(bench: Bench) -> Bench:
    await bench.dataset()
    await bench.upload(*(item(str(row["id"]), str(row["text"]), tuple(row["labels"])) for row in ROWS))  # type: ignore[arg-type]
    return bench


def name(place: int, source: str = "support") -> str:
    return f"sources/{source}/documents/{ROWS[place]['id']}"


async def choose(bench: Bench, split: int, *places: int) -> None:
    answer = await bench.use.splits.choose("support", [SplitChoice(name(place), split) for place in places])
    assert not answer.failures


async def train(bench: Bench, version: int) -> set[str]:
    """Trains, and tells the documents that were held out."""
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert Trainer(bench.store, "trainer-0", lambda: 1_000_000).tick()
    kept = HeldOutCache(bench.store).get("support", VersionRef(version, None))
    return {document for _, document in kept.held_out.documents}


async def test_a_choice_is_a_new_revision_and_is_listed(filled: Bench) -> None:
    before = filled.use.datasets.get("support").revision
    choices = [SplitChoice(name(0), Split.TEST), SplitChoice(name(1), Split.TRAIN)]
    answer = await filled.use.splits.choose("support", choices)
    assert (answer.changed_count, answer.unchanged_count, answer.revision) == (2, 0, before + 1)
    again = await filled.use.splits.choose("support", choices)
    assert (again.changed_count, again.unchanged_count, again.revision) == (0, 2, before + 1)
    assert {
        (each.document, each.split) for each in filled.use.splits.list_splits("support", PageRequest()).records
    } == {(each.document, each.split) for each in choices}
    page = filled.use.splits.list_splits("support", PageRequest(1))
    rest = filled.use.splits.list_splits("support", PageRequest(1, page.next_token))
    assert page.records != rest.records
    assert not rest.next_token
    back = await filled.use.splits.choose("support", [SplitChoice(name(0), Split.DEFAULT)])
    assert (back.changed_count, back.revision) == (1, before + 2)
    assert [each.document for each in filled.use.splits.list_splits("support", PageRequest()).records] == [name(1)]


async def test_the_trainer_goes_by_it_and_the_version_says_so(filled: Bench) -> None:
    everything = await train(filled, 1)
    assert len(everything) == len(ROWS)
    await choose(filled, Split.TRAIN, 0, 1)
    await choose(filled, Split.UNASSIGNED, 2)
    await choose(filled, Split.TEST, 3)
    second = await train(filled, 2)
    assert everything - second == {str(ROWS[place]["id"]) for place in (0, 1, 2)}
    cache = HeldOutCache(filled.store)
    first, other = (cache.get("support", VersionRef(number, None)).record for number in (1, 2))
    assert first.split_digest != other.split_digest
    assert first.sha256 != other.sha256
    assert other.metrics.train_size == len(ROWS) - 2
    await choose(filled, Split.DEFAULT, 0, 1, 2, 3)
    await train(filled, 3)
    third = cache.get("support", VersionRef(3, None)).record
    assert (third.split_digest, third.sha256) == (first.split_digest, first.sha256)


async def test_a_retry_with_the_same_id_changes_nothing(filled: Bench) -> None:
    once = RequestKey("SetSplits", "r-1", b"x" * 32)
    choices = [SplitChoice(name(0), Split.TEST)]
    first = await filled.use.splits.choose("support", choices, once)
    assert await filled.use.splits.choose("support", choices, once) == first


async def test_what_is_wrong_with_one_document_harms_no_other(filled: Bench) -> None:
    await filled.use.sources.create("other", "")
    wrong = [
        SplitChoice(name(0), Split.TEST),
        SplitChoice(name(0), Split.TRAIN),
        SplitChoice("sources/support/documents/none", Split.TEST),
        SplitChoice("sources/other/documents/x", Split.TEST),
        SplitChoice("sources/nowhere/documents/x", Split.TEST),
        SplitChoice("documents/x", Split.TEST),
        SplitChoice(name(1), 9),
    ]
    answer = await filled.use.splits.choose("support", wrong)
    assert answer.changed_count == 1
    assert [(each.index, each.reason, each.field) for each in answer.failures] == [
        (1, "DUPLICATE_ID", "splits[1].document"),
        (2, "DOCUMENT_NOT_FOUND", "splits[2].document"),
        (3, "SOURCE_NOT_IN_DATASET", ""),
        (4, "SOURCE_NOT_FOUND", "splits[4].document"),
        (5, "INVALID_NAME", "splits[5].document"),
        (6, "INVALID_FIELD", "splits[6].split"),
    ]
    with refused(Code.INVALID, "INVALID_FIELD", "splits"):
        await filled.use.splits.choose("support", [])
    with refused(Code.INVALID, "INVALID_FIELD", "splits"):
        await filled.use.splits.choose("support", wrong * 586)
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        await filled.use.splits.choose("nothing", wrong)


async def test_the_choice_goes_with_the_document(filled: Bench) -> None:
    await choose(filled, Split.TEST, 0)
    await filled.use.deletions.delete("support", [str(ROWS[0]["id"])])
    assert filled.use.splits.list_splits("support", PageRequest()).records == []
    await filled.use.datasets.delete("support")
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        filled.use.splits.list_splits("support", PageRequest())


async def test_check_finds_a_part_that_there_is_not(filled: Bench) -> None:
    with filled.store.write() as txn:
        splits.put_many(txn, 1, [((1, "d1"), 9)])
    key = keys.split(1, 1, "d1").hex()
    assert filled.findings()[0].place == f"key {key[:2]} {key[2:]}"
    with filled.store.write() as txn:
        splits.delete(txn, 1, 1, "d1")
