"""Keywords by both clients of a real server."""

from typing import Any

import pytest

import pinfold
from tests.serving import TOPICS, Trained


@pytest.fixture
def version(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset).version(trained.first)


def test_the_words_of_a_label_speak_for_it_and_those_of_others_against(version: Any) -> None:
    keywords = version.keywords(limit=50)
    assert [label.label for label in keywords] == [label.name for label in version.refresh().labels]
    login = next(label for label in keywords if label.label == "Login")
    assert login.positive[0].feature in " ".join(TOPICS["Login"])
    assert isinstance(login.positive[0].kind, pinfold.FeatureKind)
    assert login.positive[0].document_count > 0
    assert all(keyword.weight < 0 for keyword in login.negative)
    weights = [keyword.weight for keyword in login.positive]
    assert weights == sorted(weights, reverse=True)


def test_labels_can_be_named_and_keywords_limited(version: Any) -> None:
    login, delivery = version.keywords(["Login", "Delivery", "Login"], limit=2)
    assert (login.label, delivery.label) == ("Login", "Delivery")
    assert (len(login.positive), len(delivery.negative)) == (2, 2)
    assert len(version.keywords(["Login"])[0].positive) == 10


def test_what_cannot_be_asked_is_refused(version: Any) -> None:
    with pytest.raises(pinfold.InvalidArgument) as unknown:
        version.keywords(["Login", "Nonsense"])
    assert unknown.value.reason == "UNKNOWN_LABEL"
    assert [violation.field for violation in unknown.value.field_violations] == ["labels[1]"]
    with pytest.raises(pinfold.InvalidArgument, match="max_keywords"):
        version.keywords(limit=51)
    with pytest.raises(pinfold.InvalidArgument, match="at most 200"):
        version.keywords(["Login"] * 201)
    with pytest.raises(ValueError, match="limit"):
        version.keywords(limit=0)
    with pytest.raises(TypeError, match="labels"):
        version.keywords("Login")
