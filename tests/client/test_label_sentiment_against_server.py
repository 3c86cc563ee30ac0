"""Labels in a good or a bad sense, through both clients of a real server."""

import json
from pathlib import Path
from typing import Any

import pytest

import pinfold
from tests.serving import HANG_SECONDS

TOPICS = {"Delivery > Time": "courier", "Price": "price"}
WORDS = {"+": ("great", "lovely", "excellent", "friendly"), "-": ("awful", "terrible", "horrible", "hopeless")}
FRAMES = ("the {} was {}", "a {}, {} as ever", "{}: {}", "our {} is {} again", "what a {}, how {}", "{} so {}")


def rows() -> list[dict[str, Any]]:
    return [
        {"id": f"{label}-{word}-{place}", "text": frame.format(topic, word), "labels": {label: sense}}
        for label, topic in TOPICS.items()
        for sense, words in WORDS.items()
        for word in words
        for place, frame in enumerate(FRAMES)
    ]


@pytest.fixture
def feedback(client: Any, dataset: Any) -> Any:
    made = client.create_dataset(f"{dataset.id}-felt", label_sentiment=True)
    report = made.upload(rows())
    assert (report.failed, report.annotated) == (0, len(rows()))
    return made


def test_sentiments_are_said_kept_and_predicted(client: Any, feedback: Any, tmp_path: Path) -> None:
    assert feedback.info.label_sentiment
    one = rows()[0]["id"]
    assert feedback.annotation(one).sentiments == {"Delivery > Time": pinfold.Sentiment.POSITIVE}
    feedback.annotate([{"id": one, "assigned": {"Price": "-", "Delivery > Time": pinfold.Sentiment.NEGATIVE}}])
    assert feedback.annotation(one).sentiments == {
        "Delivery > Time": pinfold.Sentiment.NEGATIVE,
        "Price": pinfold.Sentiment.NEGATIVE,
    }
    newest = next(iter(feedback.annotation_history(one)))
    assert newest.sentiments == feedback.annotation(one).sentiments
    missing = feedback.annotate([{"id": one, "assigned": ["Price"]}])
    assert (missing.failures[0].reason, missing.failures[0].field) == (
        "SENTIMENT_REQUIRED",
        "changes[0].assigned.sentiments",
    )

    feedback.train().wait(timeout=HANG_SECONDS).pin()
    texts = ["the courier was lovely", "the courier was hopeless"]
    good, bad = feedback.predict(texts, version=1, thresholds={"Delivery > Time": 0.1}, labels=["Delivery > Time"])
    assert good.sentiments["Delivery > Time"] > 0 > bad.sentiments["Delivery > Time"]
    every = feedback.predict(texts, version=1, all_scores=True)
    assert [set(each.sentiments) for each in every] == [{"Delivery", "Delivery > Time", "Price"}] * 2
    by_id = feedback.predict_documents([one, rows()[-1]["id"]], version=1, all_scores=True)
    assert all(set(each.prediction.sentiments) == set(every[0].sentiments) for each in by_id)
    sample = next(iter(feedback.sample("label", label="Price", include_reviewed=True)))
    assert set(sample.prediction.sentiments) == {label.name for label in sample.prediction.labels}
    explained = feedback.explain(texts[0], version=1)
    assert {label.name for label in explained.labels} <= set(every[0].sentiments)

    archive = tmp_path / "feedback.pinfold"
    feedback.export_archive(archive)
    ids = {"dataset_id": f"{feedback.id}-copy", "source_ids": {feedback.id: f"{feedback.id}-copy"}}
    client.import_archive(archive, **ids)
    again = client.dataset(f"{feedback.id}-copy")
    assert again.annotation(one).sentiments == feedback.annotation(one).sentiments
    assert [each.sentiments for each in again.predict(texts, version=1, all_scores=True)] == [
        each.sentiments for each in every
    ]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_files_hold_sentiments_beside_labels(client: Any, feedback: Any, tmp_path: Path, ending: str) -> None:
    feedback.annotate([{"id": rows()[0]["id"], "assigned": {"Price": "-", "Delivery > Time": "+"}}])
    path = tmp_path / f"out.{ending}"
    assert feedback.export_file(path) == len(rows())
    again = client.create_dataset(f"{feedback.id}-again", label_sentiment=True)
    report = again.import_file(path)
    assert (report.upload.new, report.upload.failed) == (len(rows()), 0)
    before = {each.document_id: each.sentiments for each in feedback.annotations()}
    assert {each.document_id: each.sentiments for each in again.annotations()} == before


def test_a_column_can_hold_the_sentiment_of_all_labels_of_a_row(client: Any, dataset: Any, tmp_path: Path) -> None:
    felt = client.create_dataset(f"{dataset.id}-column", label_sentiment=True)
    path = tmp_path / "in.csv"
    path.write_text("id,text,label,mood\n1,slow and dear,Price|Time,-\n2,quick,Time,positive\n3,odd,Time,sideways\n")
    report = felt.import_file(path, sentiment_column="mood")
    assert (report.upload.new, report.upload.failed) == (2, 1)
    assert report.upload.failures[0].reason == "INVALID_SENTIMENT"
    assert felt.annotation("1").sentiments == {"Price": "negative", "Time": "negative"}
    objects = tmp_path / "in.jsonl"
    objects.write_text(json.dumps({"id": "4", "text": "fine", "labels": {"Price": "+"}}) + "\n")
    felt.import_file(objects)
    assert felt.annotation("4").sentiments == {"Price": "positive"}


def test_a_dataset_without_the_option_takes_no_sentiment(dataset: Any) -> None:
    report = dataset.upload([{"id": "1", "text": "fine", "labels": {"Price": "+"}}])
    assert [failure.reason for failure in report.failures] == ["SENTIMENT_NOT_TAKEN"]
    dataset.upload([{"id": "1", "text": "fine", "labels": "Price"}])
    assert dataset.annotation("1").sentiments == {}
    with pytest.raises(ValueError, match="must be one of 'positive', 'negative'"):
        dataset.annotate([{"id": "1", "assigned": {"Price": "sideways"}}])
