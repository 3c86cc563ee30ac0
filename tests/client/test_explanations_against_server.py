"""Explanations by both clients of a real server."""

import math
from typing import Any

import pytest

import pinfold
from tests.serving import Trained

TEXT = "Where is MY ﬁrst refund? refund!"


@pytest.fixture
def tickets(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset)


def test_an_explanation_has_the_probabilities_of_the_prediction(tickets: Any, trained: Trained) -> None:
    (prediction,) = tickets.predict([TEXT])
    explanation = tickets.explain(TEXT)
    assert [(label.name, label.probability) for label in explanation.labels] == list(prediction.labels)
    assert (explanation.version, explanation.tag, explanation.truncated) == (trained.first, "live", False)
    assert all(label.probability >= label.threshold for label in explanation.labels)


@pytest.mark.parametrize("expand", [False, True])
def test_bias_contributions_and_the_rest_are_the_score(tickets: Any, trained: Trained, expand: bool) -> None:
    explanation = tickets.explain(TEXT, version=trained.second, labels=sorted(trained.labels), expand_ngrams=expand)
    assert [label.name for label in explanation.labels] == sorted(trained.labels)
    for label in explanation.labels:
        if label.sum_of:
            parts = tickets.predict([TEXT], version=trained.second, labels=label.sum_of, all_scores=True)[0].scores
            assert label.probability == pytest.approx(sum(parts.values()), abs=1e-6)
            continue
        total = label.bias + sum(each.weight for each in label.contributions) + label.remaining
        assert total == pytest.approx(label.score, abs=1e-9)
        assert len(label.contributions) <= 10


def test_the_strongest_word_is_found_where_it_stands(tickets: Any) -> None:
    explanation = tickets.explain(TEXT, labels=["Billing > Refund"])
    strongest = explanation["Billing > Refund"].contributions[0]
    assert (strongest.feature, strongest.kind, strongest.known) == ("refund", pinfold.FeatureKind.WORD, True)
    assert strongest.weight > 0
    assert [TEXT[start:end] for start, end in strongest.spans] == ["refund", "refund"]
    with pytest.raises(KeyError):
        explanation["Login"]


def test_a_word_that_the_model_does_not_know_speaks_through_its_ngrams(tickets: Any) -> None:
    (label,) = tickets.explain("refundings", labels=["Billing > Refund"]).labels
    (word,) = label.contributions
    assert (word.feature, word.known) == ("refundings", False)
    (apart,) = tickets.explain(
        "refundings", labels=["Billing > Refund"], expand_ngrams=True, max_contributions=100
    ).labels
    assert {each.kind for each in apart.contributions} == {pinfold.FeatureKind.CHAR_NGRAM}
    assert sum(each.weight for each in apart.contributions) == pytest.approx(word.weight, abs=1e-9)


def test_a_text_without_any_known_feature_has_the_bias_for_its_score(tickets: Any) -> None:
    (label,) = tickets.explain("…!").labels
    assert label.contributions == ()
    assert label.score is None or math.isclose(label.score, label.bias)


def test_the_most_probable_labels_are_explained_when_asked_for(tickets: Any) -> None:
    (prediction,) = tickets.predict([TEXT], all_scores=True)
    explanation = tickets.explain(TEXT, top_k=2, max_contributions=1)
    assert [label.name for label in explanation.labels] == [score.name for score in prediction.labels[:2]]
    assert all(len(label.contributions) <= 1 for label in explanation.labels)


def test_a_text_beyond_what_a_model_reads_says_so(tickets: Any) -> None:
    assert tickets.explain("parcel " * 20_000, labels=["Delivery"]).truncated


def test_what_cannot_be_sent_is_refused_before_any_call(tickets: Any) -> None:
    for wrong in ({"text": ""}, {"text": "\ud800"}, {"text": "x", "top_k": 0}, {"text": "x", "labels": [""]}):
        with pytest.raises(ValueError, match=r"must|surrogate"):
            tickets.explain(**wrong)
    with pytest.raises(TypeError):
        tickets.explain(["a list"])
