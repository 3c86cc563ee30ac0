"""Documents deleted by filter, and strict additions. The store's invariants are checked after each test."""

import pytest

from pinfold_server.domain.documents.documents import Document
from pinfold_server.errors import Code
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.documents import deletions
from pinfold_server.services.documents.deletions import Matching, Policy
from pinfold_server.services.documents.upload_batches import UploadItem, UploadTarget
from pinfold_server.store.storage_pb2 import UploadAnswer
from tests.services.refusals import refused
from tests.stores import Bench, item


async def fill(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", f"text {n}", ("A",) if n < 2 else None) for n in range(6)))


def left(bench: Bench) -> list[str]:
    return [one.document_id for one in bench.use.documents.list_documents("support", PageRequest()).records]


async def test_documents_that_match_are_deleted_and_others_stay(bench: Bench) -> None:
    await fill(bench)
    wanted = Matching("id IN (d3, d4, d9)", "support", None)
    answer = await bench.use.deletions.delete_matching(wanted, Policy.REFUSE)
    assert (answer.deleted_count, answer.kept_count, answer.next_token) == (2, 0, "")
    assert left(bench) == ["d0", "d1", "d2", "d5"]
    assert bench.use.sources.get("support").document_count == 4


@pytest.mark.parametrize(("policy", "deleted", "kept"), [(Policy.KEEP, 4, 2), (Policy.DELETE, 6, 0)])
async def test_annotated_documents_are_kept_or_deleted_as_it_is_said(
    bench: Bench, policy: Policy, deleted: int, kept: int
) -> None:
    await fill(bench)
    answer = await bench.use.deletions.delete_matching(Matching("text:text", None, "support"), policy)
    assert (answer.deleted_count, answer.kept_count) == (deleted, kept)
    assert len(left(bench)) == kept
    assert bench.use.datasets.get("support").annotated_count == kept


async def test_a_refusal_deletes_nothing_of_the_call(bench: Bench) -> None:
    await fill(bench)
    await bench.use.datasets.create("other", DatasetFields(source_ids=("support",)))
    with refused(Code.PRECONDITION, "ANNOTATED_DOCUMENTS"):
        await bench.use.deletions.delete_matching(Matching("text:text", "other", None), Policy.REFUSE)
    with refused(Code.PRECONDITION, "ANNOTATED_DOCUMENTS"):
        await bench.use.deletions.delete("support", ["d5", "d0"], policy=Policy.REFUSE)
    assert len(left(bench)) == 6


async def test_a_long_deletion_goes_on_where_the_call_before_stopped(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "DELETE_MAX", 2)
    await fill(bench)
    token, counts = "", []
    while True:
        wanted = Matching("NOT id = d5", None, "support", token)
        answer = await bench.use.deletions.delete_matching(wanted, Policy.KEEP)
        counts.append((answer.deleted_count, answer.kept_count))
        token = answer.next_token
        if not token:
            break
    assert counts == [(0, 2), (2, 0), (1, 0)]
    assert left(bench) == ["d0", "d1", "d5"]
    with refused(Code.INVALID, "INVALID_PAGE_TOKEN", "page_token"):
        await bench.use.deletions.delete_matching(Matching("text:text", None, "support", "x"), Policy.KEEP)


async def test_a_deletion_by_a_filter_out_of_rule_is_refused(bench: Bench) -> None:
    await fill(bench)
    with refused(Code.INVALID, "INVALID_FILTER", "filter"):
        await bench.use.deletions.delete_matching(Matching("text", None, "support"), Policy.DELETE)
    with refused(Code.INVALID, "DATASET_REQUIRED", "dataset"):
        await bench.use.deletions.delete_matching(Matching("reviewed = true", None, "support"), Policy.DELETE)


async def add(bench: Bench, *items: UploadItem) -> UploadAnswer:
    upload = bench.use.uploads.begin(UploadTarget("support", "support", create_labels=True, add_only=True))
    await upload.add(items)
    return upload.answer


async def test_an_addition_never_changes_what_is_stored(bench: Bench) -> None:
    await fill(bench)
    answer = await add(bench, item("d0", "another text"), item("new", "a text", ("B",)), item("d1", "text 1", ("C",)))
    assert (answer.new_count, answer.unchanged_count, answer.text_changed_count, answer.failed_count) == (1, 1, 0, 1)
    [failure] = answer.failures
    assert (failure.index, failure.id, failure.code, failure.reason) == (0, "d0", "EXISTS", "DOCUMENT_EXISTS")
    assert failure.field == "documents[0].document.id"
    assert bench.use.documents.get("support", "d0").text == "text 0"
    assert bench.use.annotations.get("support", "sources/support/documents/d1").assigned == ("A",)
    again = await add(bench, item("new", "a text", ("B",)))
    assert (again.unchanged_count, again.failed_count, again.annotated_count) == (1, 0, 0)
    other = await add(bench, UploadItem(Document("new", "a text", metadata={"x": 1.0})))
    assert other.failures[0].reason == "DOCUMENT_EXISTS"
