"""Labels that apply in a good or a bad sense: said, kept, moved, restored."""

import pytest

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.labels.sentiments import Sentiment
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.runs.configs import LabelMode
from pinfold_server.errors import Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.annotations.restores import RestoreService, RestoreTarget
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.documents.duplicates import DuplicateTexts
from pinfold_server.services.documents.upload_batches import UploadItem, UploadTarget
from tests.services.refusals import refused
from tests.stores import Bench, item

GOOD, BAD = Sentiment.POSITIVE, Sentiment.NEGATIVE


async def fill(bench: Bench) -> None:
    await bench.use.datasets.create("support", DatasetFields(label_sentiment=True))
    await bench.upload(
        UploadItem(Document("a", "late again"), ("Delivery > Time", "Price"), (BAD, GOOD)),
        UploadItem(Document("b", "all good"), ("Delivery > Time",), (GOOD,)),
        item("c", "nothing said"),
    )


def said(bench: Bench, document_id: str, dataset: str = "support") -> dict[str, Sentiment]:
    info = bench.use.annotations.get(dataset, f"sources/support/documents/{document_id}")
    return dict(zip(info.assigned, info.sentiments, strict=True))


async def annotate(bench: Bench, *labels: str, sentiments: tuple[int, ...] = (), dataset: str = "support") -> str:
    """The reason of the failure; empty when there was none."""
    update = AnnotationUpdate("sources/support/documents/a", assigned=labels, sentiments=sentiments)
    answer = await bench.use.annotations.annotate(dataset, [update], "ann")
    return f"{answer.failures[0].reason} {answer.failures[0].field}" if answer.failures else ""


async def test_a_sentiment_is_kept_with_each_label(bench: Bench) -> None:
    await fill(bench)
    assert said(bench, "a") == {"Delivery > Time": BAD, "Price": GOOD}
    assert await annotate(bench, "Price", sentiments=(BAD,)) == ""
    assert said(bench, "a") == {"Price": BAD}
    events = bench.use.annotation_history.list_changes("support", "sources/support/documents/a", PageRequest()).records
    assert [dict(zip(event.assigned, event.sentiments, strict=True)) for event in events] == [
        {"Price": BAD},
        {"Delivery > Time": BAD, "Price": GOOD},
    ]
    before = bench.use.datasets.get("support").revision
    assert await annotate(bench, "Price", sentiments=(BAD,)) == ""
    assert bench.use.datasets.get("support").revision == before


@pytest.mark.parametrize(
    ("sentiments", "failure"),
    [
        ((), "SENTIMENT_REQUIRED annotations[0].assigned.sentiments"),
        ((GOOD, BAD), "SENTIMENT_REQUIRED annotations[0].assigned.sentiments"),
        ((0,), "SENTIMENT_REQUIRED annotations[0].assigned.sentiments[0]"),
        ((7,), "SENTIMENT_REQUIRED annotations[0].assigned.sentiments[0]"),
    ],
)
async def test_a_missing_sentiment_is_refused(bench: Bench, sentiments: tuple[int, ...], failure: str) -> None:
    await fill(bench)
    assert await annotate(bench, "Price", sentiments=sentiments) == failure
    assert said(bench, "a") == {"Delivery > Time": BAD, "Price": GOOD}


async def test_a_dataset_without_the_option_takes_none(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("a", labels=("Price",)))
    failure = "SENTIMENT_NOT_TAKEN annotations[0].assigned.sentiments"
    assert await annotate(bench, "Price", sentiments=(GOOD,)) == failure
    answer = await bench.upload(UploadItem(Document("b", "text"), ("Price",), (GOOD,)))
    assert [one.reason for one in answer.failures] == ["SENTIMENT_NOT_TAKEN"]
    update = AnnotationUpdate("sources/support/documents/a", dismissed=("Price",), dismissed_sentiments=(BAD,))
    failed = await bench.use.annotations.annotate("support", [update])
    assert failed.failures[0].field == "annotations[0].dismissed.sentiments"


async def test_an_upload_without_sentiments_stores_neither_labels_nor_document(bench: Bench) -> None:
    await fill(bench)
    answer = await bench.upload(item("d", labels=("New",)))
    assert [(one.reason, one.field) for one in answer.failures] == [
        ("SENTIMENT_REQUIRED", "documents[0].labels.sentiments")
    ]
    assert answer.labels_created_count == 0


async def test_labels_with_a_sentiment_cannot_exclude_each_other(bench: Bench) -> None:
    single = DatasetFields(label_mode=LabelMode.SINGLE_LABEL, label_sentiment=True)
    with refused(Code.INVALID, "INVALID_FIELD", "dataset.label_mode"):
        await bench.use.datasets.create("support", single)
    await bench.use.datasets.create("support", DatasetFields(label_sentiment=True))
    with refused(Code.INVALID, "INVALID_FIELD", "dataset.label_mode"):
        await bench.use.datasets.update("support", DatasetFields(label_mode=LabelMode.SINGLE_LABEL))


async def test_sentiments_move_with_their_labels(bench: Bench) -> None:
    await fill(bench)
    await bench.use.label_moves.rename("support", "Delivery > Time", "Shipping > Time")
    assert said(bench, "a") == {"Price": GOOD, "Shipping > Time": BAD}
    await bench.use.label_moves.rename("support", "Shipping > Time", "Price")
    assert said(bench, "a") == {"Price": GOOD}  # what stays keeps its own
    assert said(bench, "b") == {"Price": GOOD}


async def test_a_merged_label_brings_its_sentiment_where_the_other_was_not_assigned(bench: Bench) -> None:
    await fill(bench)
    await bench.upload(UploadItem(Document("d", "too late"), ("Delivery > Time",), (BAD,)))
    await bench.use.label_moves.delete("support", "Delivery > Time", "Price")
    assert (said(bench, "a"), said(bench, "d")) == ({"Price": GOOD}, {"Price": BAD})


async def test_a_restoration_brings_sentiments_back(bench: Bench) -> None:
    await fill(bench)
    revision = bench.use.datasets.get("support").revision
    await annotate(bench, "Delivery > Time", "Price", sentiments=(GOOD, GOOD))
    restores = RestoreService(bench.changes, DatasetLimits(), pins_max=2)
    answer = await restores.restore("support", RestoreTarget(revision=revision))
    assert answer.annotation_count == 1
    assert said(bench, "a") == {"Delivery > Time": BAD, "Price": GOOD}


async def test_a_copy_takes_sentiments_only_where_they_are_asked_for(bench: Bench) -> None:
    await fill(bench)
    await bench.use.datasets.create("same", DatasetFields(source_ids=("support",), label_sentiment=True))
    await bench.use.taxonomy_copies.copy("same", "support", with_annotations=True)
    assert said(bench, "a", "same") == {"Delivery > Time": BAD, "Price": GOOD}
    await bench.use.datasets.create("plain", DatasetFields(source_ids=("support",)))
    with refused(Code.PRECONDITION, "LABEL_SENTIMENT_DIFFERS"):
        await bench.use.taxonomy_copies.copy("plain", "support", with_annotations=True)
    assert (await bench.use.taxonomy_copies.copy("plain", "support")).created_count == 3


async def test_duplicates_merge_sentiments_and_the_first_keeps_its_own(bench: Bench) -> None:
    await fill(bench)
    upload = bench.use.uploads.begin(UploadTarget("support", "support", True, "ann", duplicates=DuplicateTexts.MERGE))
    await upload.add([UploadItem(Document("z", "LATE again"), ("Staff",), (BAD,))])
    assert said(bench, "a") == {"Delivery > Time": BAD, "Price": GOOD, "Staff": BAD}
