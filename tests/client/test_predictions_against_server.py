"""Predictions by both clients of a real server."""

from typing import Any

import pytest

import pinfold
from tests.serving import HANG_SECONDS, Trained, ticket_rows


@pytest.fixture
def tickets(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset)


def test_many_texts_are_answered_in_order_with_the_same_bits(tickets: Any, trained: Trained) -> None:
    texts = [f"{row['text']} {number}" for number, row in enumerate(ticket_rows() * 9)]
    assert len(texts) > 1_024
    together = tickets.predict(texts, all_scores=True)
    assert {prediction.version for prediction in together} == {trained.first}
    for index in (0, 511, 512, 1_151):
        assert tickets.predict([texts[index]], all_scores=True) == [together[index]]


def test_thresholds_and_limits_of_a_prediction(tickets: Any, trained: Trained) -> None:
    text = "where is my refund"
    everything = tickets.predict([text], version=trained.second, all_scores=True)[0]
    assert {score.name for score in everything.labels} == trained.labels
    probabilities = [score.probability for score in everything.labels]
    assert probabilities == sorted(probabilities, reverse=True)
    assert everything.tag is None

    def names(**options: Any) -> list[str]:
        (prediction,) = tickets.predict([text], version=trained.second, **options)
        return [score.name for score in prediction.labels]

    assert names(default_threshold=0.0, policy=None) == [score.name for score in everything.labels]
    assert "Delivery" not in names(default_threshold=1.0, thresholds={"Login": 0.0})
    assert "Login" in names(default_threshold=1.0, thresholds={"Login": 0.0})
    assert names(labels=["Login"], all_scores=True) == ["Login"]
    assert names(all_scores=True, top_k=1) == [everything.labels[0].name]
    assert "Billing" in names(policy=pinfold.ThresholdPolicy.HIGH_RECALL)
    cut = everything.scores["Billing"]
    assert "Billing" in names(thresholds={"Billing": cut})


def test_a_text_that_cannot_be_answered_harms_no_other(tickets: Any) -> None:
    good, empty, long = tickets.predict(["where is my parcel", "", "parcel " * 20_000])
    assert "Delivery" in good.scores
    assert good.error is None
    assert empty.labels == ()
    assert (empty.error.index, empty.error.reason) == (1, "EMPTY_TEXT")
    assert long.truncated
    assert not good.truncated


def test_the_place_of_a_failed_text_counts_over_all_requests(tickets: Any) -> None:
    predictions = tickets.predict(["refund"] * 600 + [""])
    assert (predictions[600].error.index, predictions[600].error.field) == (600, "texts[600]")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"thresholds": {"Login": 1.5}}, "thresholds"),
        ({"thresholds": {"Nonsense": 0.5}}, "thresholds"),
        ({"default_threshold": -0.1}, "default_threshold"),
        ({"labels": ["Nonsense"]}, "labels"),
    ],
)
def test_wrong_options_of_a_prediction_are_told_by_field(tickets: Any, options: dict[str, Any], field: str) -> None:
    with pytest.raises(pinfold.InvalidArgument) as raised:
        tickets.predict(["a"], **options)
    assert raised.value.field_violations[0].field.startswith(field)


@pytest.mark.parametrize(
    ("version", "reason"), [("unknown-tag", "TAG_NOT_FOUND"), (999, "VERSION_NOT_FOUND"), ("latest", "")]
)
def test_versions_that_are_not_there(client: Any, tickets: Any, version: Any, reason: str) -> None:
    if not reason:
        assert tickets.predict(["a"], version=version)[0].tag == "latest"
        return
    with pytest.raises(pinfold.NotFound) as raised:
        tickets.predict(["a"], version=version)
    assert raised.value.reason == reason


def test_an_unpinned_old_version_answers_nothing(dataset: Any) -> None:
    dataset.upload(ticket_rows())
    old, new = (dataset.train(seed=seed).wait(timeout=HANG_SECONDS) for seed in (1, 2))
    with pytest.raises(pinfold.FailedPrecondition) as raised:
        dataset.predict(["a"], version=old)
    assert raised.value.reason == "VERSION_NOT_PINNED"
    assert dataset.predict(["a"], version="latest")[0].version == new.number
    assert not old.refresh().available
    with pytest.raises(pinfold.FailedPrecondition):
        old.pin()


def test_a_stream_of_texts_gets_the_predictions_of_one_call(tickets: Any) -> None:
    texts = [str(row["text"]) for row in ticket_rows()] + ["", "where is my refund"]

    streamed = list(tickets.predict_stream(iter(texts), batch_size=50, all_scores=True))

    assert streamed == tickets.predict(texts, all_scores=True)


def test_small_and_large_calls_say_the_same_in_either_form(tickets: Any) -> None:
    texts = [str(row["text"]) for row in ticket_rows()[:20]]

    assert [tickets.predict([text], top_k=2)[0] for text in texts] == tickets.predict(texts, top_k=2)
