from pinfold_server.errors import Code
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from tests.services.refusals import refused
from tests.stores import Bench, item


async def test_documents_are_listed_by_id_page_after_page(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(*(item(f"d{n:03}") for n in reversed(range(250))))
    found: list[str] = []
    token = ""
    for size in (100, 100, 100):
        page = bench.use.documents.list_documents("support", PageRequest(size, token))
        found += [found.document_id for found in page.records]
        token = page.next_token
    assert found == [f"d{n:03}" for n in range(250)]
    assert token == ""


async def test_a_page_ends_before_it_is_too_large_for_a_message(bench: Bench) -> None:
    await bench.dataset()
    for n in range(10):
        await bench.upload(item(f"d{n}", "x" * (1 << 20)))
    page = bench.use.documents.list_documents("support", PageRequest(1_000))
    assert sum(found.record.ByteSize() for found in page.records) < 8 << 20
    rest = bench.use.documents.list_documents("support", PageRequest(1_000, page.next_token))
    assert [found.document_id for found in (*page.records, *rest.records)] == [f"d{n}" for n in range(10)]


async def test_a_token_works_only_for_the_list_that_gave_it(bench: Bench) -> None:
    await bench.dataset()
    await bench.dataset("other")
    await bench.upload(item("a"), item("b"))
    token = bench.use.documents.list_documents("support", PageRequest(1)).next_token
    for wrong in (token[:-4], "x", "ünsinn", token[::-1]):
        with refused(Code.INVALID, "INVALID_PAGE_TOKEN", "page_token"):
            bench.use.documents.list_documents("support", PageRequest(1, wrong))
    with refused(Code.INVALID, "INVALID_PAGE_TOKEN", "page_token"):
        bench.use.documents.list_documents("other", PageRequest(1, token))
    with refused(Code.INVALID, "INVALID_FIELD", "page_size"):
        bench.use.documents.list_documents("support", PageRequest(-1))


async def test_a_deletion_takes_the_annotations_of_every_dataset_along(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.datasets.create("second", DatasetFields(source_ids=("support",)))
    await bench.upload(*(item(f"d{n}", labels=("A > B",)) for n in range(3)))
    await bench.upload(item("d0", labels=("C",)), dataset="second")
    revision = bench.use.datasets.get("support").revision
    answer = await bench.use.deletions.delete("support", ["d0", "d1", "gone", "d0"])
    assert answer.deleted_count == 2
    assert bench.use.sources.get("support").document_count == 1
    first, second = bench.use.datasets.get("support"), bench.use.datasets.get("second")
    assert (first.annotated_count, first.reviewed_count, first.revision) == (1, 1, revision + 1)
    assert (second.annotated_count, second.reviewed_count) == (0, 0)
    counted = {
        label.name: label.assigned_count for label in bench.use.labels.list_labels("support", PageRequest()).records
    }
    assert counted == {"A": 1, "A > B": 1}


async def test_a_deletion_of_documents_without_annotations_keeps_the_revision(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", labels=("A",)), item("b"))
    revision = bench.use.datasets.get("support").revision
    assert (await bench.use.deletions.delete("support", ["b"])).deleted_count == 1
    assert bench.use.datasets.get("support").revision == revision


async def test_a_deletion_out_of_rule_is_refused_whole(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a"))
    with refused(Code.INVALID, "INVALID_DOCUMENT_ID", "ids[1]"):
        await bench.use.deletions.delete("support", ["a", ""])
    with refused(Code.INVALID, "INVALID_FIELD", "ids"):
        await bench.use.deletions.delete("support", [])
    with refused(Code.INVALID, "INVALID_FIELD", "ids"):
        await bench.use.deletions.delete("support", ["a"] * 1_001)
    assert bench.use.documents.get("support", "a").text == "some text"
