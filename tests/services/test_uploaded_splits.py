"""Parts of a training that come with an upload, on a real store."""

import pytest

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.runs.splits import Split
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.documents.duplicates import DuplicateTexts
from pinfold_server.services.documents.upload_batches import UploadItem, UploadTarget
from tests.stores import Bench


@pytest.fixture
async def bench(bench: Bench) -> Bench:
    await bench.dataset()
    return bench


def put(document_id: str, split: int | None, labels: tuple[str, ...] | None = None, text: str = "") -> UploadItem:
    return UploadItem(Document(document_id, text or f"text of {document_id}"), labels, split=split)


def chosen(bench: Bench) -> dict[str, int]:
    every = bench.use.splits.list_splits("support", PageRequest()).records
    return {choice.document.rpartition("/")[2]: choice.split for choice in every}


async def test_a_row_says_its_part_with_or_without_labels(bench: Bench) -> None:
    answer = await bench.upload(
        put("a", Split.TEST, ("x",)), put("b", Split.UNASSIGNED), put("c", None, ("x",)), put("d", Split.DEFAULT)
    )
    assert (answer.new_count, answer.annotated_count, answer.split_changed_count) == (4, 2, 2)
    assert chosen(bench) == {"a": Split.TEST, "b": Split.UNASSIGNED}
    assert bench.findings() == []


async def test_the_revision_rises_once_a_batch_and_only_when_a_part_changes(bench: Bench) -> None:
    first = await bench.upload(put("a", Split.TEST), put("b", Split.TRAIN))
    assert first.revision == 1
    again = await bench.upload(put("a", Split.TEST), put("b", Split.TRAIN))
    assert (again.unchanged_count, again.split_changed_count, again.revision) == (2, 0, 1)
    other = await bench.upload(put("a", Split.VALIDATION, ("x",)), put("b", Split.TRAIN))
    assert (other.split_changed_count, other.revision) == (1, 2)
    assert bench.use.datasets.get("support").revision == 2


async def test_what_is_not_said_stays_and_default_takes_it_back(bench: Bench) -> None:
    await bench.upload(put("a", Split.TEST), put("b", Split.TEST))
    answer = await bench.upload(put("a", None, text="another text"), put("b", Split.DEFAULT))
    assert (answer.text_changed_count, answer.split_changed_count) == (1, 1)
    assert chosen(bench) == {"a": Split.TEST}
    assert bench.findings() == []


async def test_an_item_with_a_fault_changes_nothing_of_its_document(bench: Bench) -> None:
    answer = await bench.upload(
        put("a", 9, ("x",)), put("b", Split.TEST, (" ",)), put("c", Split.TEST), put("d", Split.TEST, text=" ")
    )
    assert [(each.index, each.field.partition("]")[2]) for each in answer.failures] == [
        (0, ".split"),
        (1, ".labels.labels[0]"),
        (3, ".document.text"),
    ]
    assert (answer.new_count, answer.annotated_count) == (1, 0)
    assert chosen(bench) == {"c": Split.TEST}


async def test_a_part_needs_a_dataset(bench: Bench) -> None:
    answer = await bench.upload(put("a", Split.TEST), put("b", None), dataset=None)
    assert [(each.index, each.reason, each.field) for each in answer.failures] == [
        (0, "DATASET_REQUIRED", "documents[0].split")
    ]
    assert answer.new_count == 1


async def test_an_upload_that_only_adds_leaves_the_part_of_what_is_stored(bench: Bench) -> None:
    await bench.upload(put("a", Split.TEST))
    upload = bench.use.uploads.begin(UploadTarget("support", "support", add_only=True))
    await upload.add([put("a", Split.TRAIN), put("b", Split.TRAIN)])
    assert upload.answer.split_changed_count == 1
    assert chosen(bench) == {"a": Split.TEST, "b": Split.TRAIN}


@pytest.mark.parametrize(
    ("duplicates", "expected"),
    [
        (DuplicateTexts.KEEP_FIRST, Split.TRAIN),
        (DuplicateTexts.KEEP_LAST, Split.TEST),
        (DuplicateTexts.MERGE, Split.TEST),
    ],
)
async def test_the_part_of_a_repeated_text_follows_its_labels(
    bench: Bench, duplicates: DuplicateTexts, expected: Split
) -> None:
    upload = bench.use.uploads.begin(UploadTarget("support", "support", True, duplicates=duplicates))
    await upload.add([put("a", Split.TRAIN, ("x",), "the same"), put("b", Split.TEST, ("y",), "the same")])
    assert chosen(bench) == {"a": expected}


async def test_choices_of_one_transaction_see_each_other(bench: Bench) -> None:
    upload = bench.use.uploads.begin(UploadTarget("support", "support", True, duplicates=DuplicateTexts.MERGE))
    await upload.add(
        [put("a", Split.TRAIN, text="same"), put("b", Split.TEST, text="same"), put("c", Split.TEST, text="same")]
    )
    assert upload.answer.split_changed_count == 2
    assert chosen(bench) == {"a": Split.TEST}
