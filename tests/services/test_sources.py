import pytest

from pinfold_server.errors import Code
from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.common.etags import etag_of
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from tests.services.refusals import refused
from tests.stores import Bench, item


async def test_a_source_is_made_found_and_listed_by_id(bench: Bench) -> None:
    for source_id in ("b", "a", "c"):
        await bench.use.sources.create(source_id, f"Title {source_id}")
    assert bench.use.sources.get("b").title == "Title b"
    assert [record.id for record in bench.use.sources.list_sources(PageRequest()).records] == ["a", "b", "c"]


async def test_a_taken_id_is_refused(bench: Bench) -> None:
    await bench.use.sources.create("a", "")
    with refused(Code.EXISTS, "SOURCE_EXISTS"):
        await bench.use.sources.create("a", "")


@pytest.mark.parametrize("source_id", ["", "A", "-a", "a_b", "a" * 64, "a/b", "ä"])
async def test_an_id_out_of_rule_is_refused(bench: Bench, source_id: str) -> None:
    with refused(Code.INVALID, "INVALID_ID", "source_id"):
        await bench.use.sources.create(source_id, "")


async def test_a_title_too_long_is_refused(bench: Bench) -> None:
    await bench.use.sources.create("a", "t" * 128)
    with refused(Code.INVALID, "TOO_LONG", "source.title"):
        await bench.use.sources.create("b", "t" * 129)


async def test_what_is_not_there_is_not_found(bench: Bench) -> None:
    with refused(Code.NOT_FOUND, "SOURCE_NOT_FOUND"):
        bench.use.sources.get("a")
    with refused(Code.NOT_FOUND, "SOURCE_NOT_FOUND"):
        await bench.use.sources.delete("a")


async def test_a_source_that_a_dataset_reads_is_kept_and_the_dataset_named(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.datasets.create("second", DatasetFields(source_ids=("support",)))
    with refused(Code.PRECONDITION, "SOURCE_IN_USE"):
        await bench.use.sources.delete("support")
    await bench.use.datasets.delete("support")
    await bench.use.datasets.delete("second")
    assert (await bench.use.sources.delete("support")).count == 0


async def test_a_source_made_again_is_empty_and_its_old_etag_is_stale(bench: Bench) -> None:
    old = await bench.use.sources.create("a", "")
    await bench.upload(item("d"), source="a", dataset=None)
    await bench.use.sources.delete("a", etag_of(old))
    new = await bench.use.sources.create("a", "")
    assert new.document_count == 0
    assert bench.use.documents.list_documents("a", PageRequest()).records == []
    with refused(Code.CONFLICT, "ETAG_MISMATCH"):
        await bench.use.sources.delete("a", etag_of(old))


async def test_a_repeated_request_gets_the_first_answer(bench: Bench) -> None:
    once = RequestKey("CreateSource", "r1", b"p" * 32)
    first = await bench.use.sources.create("a", "one", once)
    assert await bench.use.sources.create("a", "one", once) == first
    with refused(Code.INVALID, "REQUEST_ID_REUSED", "request_id"):
        await bench.use.sources.create("b", "two", RequestKey("CreateSource", "r1", b"q" * 32))
    # Another method has request ids of its own.
    await bench.use.sources.delete("a", once=RequestKey("DeleteSource", "r1", b"q" * 32))


async def test_a_request_that_failed_can_be_tried_again(bench: Bench) -> None:
    once = RequestKey("DeleteSource", "r1", b"p" * 32)
    with refused(Code.NOT_FOUND, "SOURCE_NOT_FOUND"):
        await bench.use.sources.delete("a", once=once)
    await bench.use.sources.create("a", "")
    assert (await bench.use.sources.delete("a", once=once)).count == 0
