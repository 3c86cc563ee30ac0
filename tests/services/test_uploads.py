import pytest

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.errors import Code
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.documents.upload_batches import UploadItem, UploadTarget
from pinfold_server.services.documents.uploads import BATCH_MAX
from tests.services.refusals import refused
from tests.stores import Bench, item


def counts(answer: object) -> tuple[int, int, int, int, int]:
    """New, text changed, metadata changed, unchanged, failed."""
    names = ("new_count", "text_changed_count", "metadata_changed_count", "unchanged_count", "failed_count")
    found = tuple(getattr(answer, name) for name in names)
    assert len(found) == 5
    return found


async def test_each_document_is_counted_as_what_happened_to_it(bench: Bench) -> None:
    await bench.dataset()
    a, b = Document("a", "text a", 5, {"n": 1.0}), Document("b", "text b")
    assert counts(await bench.upload(UploadItem(a), UploadItem(b))) == (2, 0, 0, 0, 0)
    answer = await bench.upload(
        UploadItem(Document("a", "other", 5, {"n": 1.0})), UploadItem(b), item("c"), UploadItem(Document("d", " "))
    )
    assert counts(answer) == (1, 1, 0, 1, 1)
    assert counts(await bench.upload(UploadItem(Document("a", "other", 6, {"n": 1.0})))) == (0, 0, 1, 0, 0)
    assert counts(await bench.upload(UploadItem(Document("a", "other", 6, {"n": "1"})))) == (0, 0, 1, 0, 0)
    assert counts(await bench.upload(UploadItem(Document("a", "other", 6)))) == (0, 0, 1, 0, 0)
    assert bench.use.sources.get("support").document_count == 3


async def test_a_repeat_stores_nothing_twice(bench: Bench) -> None:
    await bench.dataset()
    items = [UploadItem(Document(f"d{n}", "text", None, {"k": "v", "n": 0.5}), ("A > B",)) for n in range(5)]
    await bench.upload(*items)
    before = bench.use.datasets.get("support")
    change = bench.store.last_change
    answer = await bench.upload(*items)
    assert counts(answer) == (0, 0, 0, 5, 0)
    assert (answer.annotated_count, answer.labels_created_count, answer.revision) == (0, 0, before.revision)
    assert bench.use.datasets.get("support") == before
    assert bench.store.last_change == change


async def test_times_are_those_of_the_first_upload_and_of_the_last_change(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("d", "one"))
    first = bench.use.documents.get("support", "d")
    assert first.timestamp_us == first.created_us == first.updated_us > 0
    await bench.upload(item("d", "two"))
    second = bench.use.documents.get("support", "d")
    assert (second.timestamp_us, second.created_us) == (first.timestamp_us, first.created_us)
    assert second.updated_us > first.updated_us


async def test_a_document_that_fails_harms_no_other(bench: Bench) -> None:
    await bench.dataset()
    answer = await bench.upload(
        item("ok1"),
        item(""),
        item("empty", "\t"),
        item("ok2", labels=("A",)),
        item("bad-label", labels=("A", "A>B")),
        item("nul", "a\0b"),
        item("ok1", "again"),
        item("twice", labels=("A", "A")),
    )
    assert counts(answer) == (2, 0, 0, 0, 6)
    assert [(found.index, found.id, found.reason, found.field) for found in answer.failures] == [
        (1, "", "INVALID_DOCUMENT_ID", "documents[1].document.id"),
        (2, "empty", "EMPTY_TEXT", "documents[2].document.text"),
        (4, "bad-label", "INVALID_LABEL", "documents[4].labels.labels[1]"),
        (5, "nul", "NOT_TEXT", "documents[5].document.text"),
        (6, "ok1", "DUPLICATE_ID", "documents[6].document.id"),
        (7, "twice", "DUPLICATE_LABEL", "documents[7].labels.labels[1]"),
    ]
    assert {found.code for found in answer.failures} == {"INVALID"}
    page = bench.use.documents.list_documents("support", PageRequest())
    assert [found.document_id for found in page.records] == ["ok1", "ok2"]
    with refused(Code.NOT_FOUND, "DOCUMENT_NOT_FOUND"):
        bench.use.documents.get("support", "bad-label")


async def test_indexes_and_repeats_run_over_all_batches_of_an_upload(bench: Bench) -> None:
    await bench.dataset()
    upload = bench.use.uploads.begin(UploadTarget("support"))
    await upload.add([item("a"), item("b")])
    await upload.add([item("c"), item("a", "other"), item("d")])
    assert counts(upload.answer) == (4, 0, 0, 0, 1)
    assert [(found.index, found.id, found.reason) for found in upload.answer.failures] == [(3, "a", "DUPLICATE_ID")]
    assert bench.use.documents.get("support", "a").text == "some text"


async def test_labels_come_with_the_documents(bench: Bench) -> None:
    await bench.dataset()
    answer = await bench.upload(item("d", labels=("A > B", "C")), item("none", labels=()), item("silent"))
    assert (answer.annotated_count, answer.labels_created_count, answer.revision) == (2, 3, 1)
    info = bench.use.annotations.get("support", "sources/support/documents/d")
    assert (info.assigned, info.dismissed, info.record.reviewed) == (("A > B", "C"), (), True)
    assert (info.record.annotator, info.record.retrieval_mode) == ("ann", RetrievalMode.UPLOAD)
    assert bench.use.annotations.get("support", "sources/support/documents/none").record.reviewed
    with refused(Code.NOT_FOUND, "ANNOTATION_NOT_FOUND"):
        bench.use.annotations.get("support", "sources/support/documents/silent")


async def test_unknown_labels_fail_the_item_unless_they_may_be_made(bench: Bench) -> None:
    await bench.dataset()
    answer = await bench.upload(item("d", labels=("A",)), item("e"), create=False)
    assert counts(answer) == (1, 0, 0, 0, 1)
    assert (answer.failures[0].code, answer.failures[0].reason) == ("NOT_FOUND", "UNKNOWN_LABEL")
    assert answer.failures[0].field == "documents[0].labels.labels[0]"
    assert bench.use.datasets.get("support").label_count == 0


async def test_a_new_text_keeps_its_annotation(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("d", "one", ("A",)))
    assert counts(await bench.upload(item("d", "two"))) == (0, 1, 0, 0, 0)
    assert bench.use.annotations.get("support", "sources/support/documents/d").assigned == ("A",)


async def test_labels_without_a_dataset_fail_the_item(bench: Bench) -> None:
    await bench.use.sources.create("mail", "")
    answer = await bench.upload(item("d", labels=("A",)), item("e"), source="mail", dataset=None)
    assert counts(answer) == (1, 0, 0, 0, 1)
    assert (answer.failures[0].reason, answer.failures[0].field) == ("DATASET_REQUIRED", "documents[0].labels")


async def test_an_upload_that_cannot_begin_says_why(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.sources.create("mail", "")
    with refused(Code.NOT_FOUND, "SOURCE_NOT_FOUND"):
        bench.use.uploads.begin(UploadTarget("gone"))
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        bench.use.uploads.begin(UploadTarget("mail", "gone"))
    with refused(Code.PRECONDITION, "SOURCE_NOT_IN_DATASET"):
        bench.use.uploads.begin(UploadTarget("mail", "support"))
    with refused(Code.INVALID, "TOO_LONG", "annotator"):
        UploadTarget("mail", annotator="a" * 129)


async def test_a_dataset_deleted_in_the_middle_ends_the_upload(bench: Bench) -> None:
    await bench.dataset()
    upload = bench.use.uploads.begin(UploadTarget("support", "support"))
    await upload.add([item("a")])
    await bench.use.datasets.delete("support")
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        await upload.add([item("b")])
    assert bench.use.sources.get("support").document_count == 1


async def test_the_largest_batch_is_taken_and_one_more_refused(bench: Bench) -> None:
    await bench.use.sources.create("mail", "")
    upload = bench.use.uploads.begin(UploadTarget("mail"))
    with refused(Code.INVALID, "TOO_MANY_DOCUMENTS", "documents"):
        await upload.add([item(str(n)) for n in range(BATCH_MAX + 1)])
    await upload.add([item(str(n)) for n in range(BATCH_MAX)])
    assert bench.use.sources.get("mail").document_count == BATCH_MAX


async def test_failures_beyond_the_first_thousand_are_counted(bench: Bench) -> None:
    await bench.use.sources.create("mail", "")
    answer = await bench.upload(*(item(f"d{n}", "") for n in range(1_500)), source="mail", dataset=None)
    assert (answer.failed_count, len(answer.failures)) == (1_500, 1_000)
    assert [found.index for found in answer.failures] == list(range(1_000))


@pytest.mark.parametrize("size", [(1 << 20) - 1, 1 << 20])
async def test_a_text_of_a_mebibyte_is_stored_whole(bench: Bench, size: int) -> None:
    await bench.dataset()
    await bench.upload(item("big", "x" * size))
    assert len(bench.use.documents.get("support", "big").text) == size
