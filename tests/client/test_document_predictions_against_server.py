"""Predictions for stored documents by both clients of a real server."""

from typing import Any

import pytest

import pinfold
from tests.serving import Trained, ticket_rows

IDS = [str(row["id"]) for row in ticket_rows()]
TEXT_OF = {str(row["id"]): str(row["text"]) for row in ticket_rows()}


@pytest.fixture
def tickets(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset)


def test_named_documents_are_answered_as_their_texts_would_be(tickets: Any, trained: Trained) -> None:
    ids = IDS[5:15]
    answered = tickets.predict_documents(ids, version="staging", all_scores=True)
    assert [one.document_id for one in answered] == ids
    assert {one.source for one in answered} == {trained.dataset}
    assert [one.prediction for one in answered] == tickets.predict(
        [TEXT_OF[each] for each in ids], version="staging", all_scores=True
    )
    assert answered[0].prediction.tag == "staging"


def test_a_missing_document_has_an_error_of_its_own_in_its_place(tickets: Any) -> None:
    good, missing, other = tickets.predict_documents([IDS[0], "nobody", IDS[1]])
    assert good.prediction.labels
    assert other.prediction.labels
    error = missing.prediction.error
    assert (error.index, error.reason, error.field) == (1, "DOCUMENT_NOT_FOUND", "documents[1]")
    assert missing.document_id == "nobody"


def test_more_documents_than_a_request_takes_are_one_answer_with_running_places(tickets: Any, trained: Trained) -> None:
    ids = [*IDS * 5, "nobody", IDS[0]]
    answered = tickets.predict_documents(ids)
    assert len(answered) == len(ids) > 512
    assert answered[-2].prediction.error.index == len(ids) - 2
    assert answered[-2].prediction.error.field == f"documents[{len(ids) - 2}]"
    assert {one.prediction.version for one in answered} == {trained.first}
    assert answered[0].prediction == answered[-1].prediction


def test_only_missing_documents_and_none_at_all(tickets: Any) -> None:
    assert tickets.predict_documents([]) == []
    (missing,) = tickets.predict_documents(["nobody"])
    assert missing.prediction.error.reason == "DOCUMENT_NOT_FOUND"


def test_every_document_of_the_dataset_is_answered_once_in_order(tickets: Any, trained: Trained) -> None:
    answered = list(tickets.predict_all(top_k=1))
    assert [one.document_id for one in answered] == sorted(IDS)
    assert [one.prediction for one in answered] == tickets.predict([TEXT_OF[each] for each in sorted(IDS)], top_k=1)
    assert list(tickets.predict_all(sources=[trained.dataset], top_k=1)) == answered


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda tickets: tickets.predict_documents([IDS[0]], labels=["Nonsense"]), "UNKNOWN_LABEL"),
        (lambda tickets: tickets.predict_documents([IDS[0]], version="nowhere"), "TAG_NOT_FOUND"),
        (lambda tickets: list(tickets.predict_all(sources=["elsewhere"])), "SOURCE_NOT_IN_DATASET"),
        (lambda tickets: list(tickets.predict_all(version=99)), "VERSION_NOT_FOUND"),
    ],
)
def test_wrong_questions_are_refused_precisely(tickets: Any, ask: Any, reason: str) -> None:
    with pytest.raises(pinfold.PinfoldError) as caught:
        ask(tickets)
    assert caught.value.reason == reason


def test_an_unknown_option_is_refused_before_any_call(tickets: Any) -> None:
    with pytest.raises(TypeError, match=r"predict_all\(\) has no option 'colour'"):
        list(tickets.predict_all(colour="red"))
