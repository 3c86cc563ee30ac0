from typing import Any

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold import FailedPrecondition, NotFound, ThresholdPolicy
from pinfold import _predict as predict
from pinfold._errors import ErrorDetails, PinfoldError
from pinfold._predict import PredictPlan, Question
from pinfold.v1.prediction_pb2 import LabelScore, Prediction
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse

SIZED = st.lists(st.tuples(st.text(max_size=4), st.integers(0, predict.BYTES_A_REQUEST * 2)), max_size=50)


def request_of(**arguments: Any) -> PredictRequest:
    question = Question("support", arguments.pop("version", "live"), **arguments)
    request = PredictPlan(question, ["a"]).first().request
    assert isinstance(request, PredictRequest)
    return request


@given(SIZED)
def test_splitting_keeps_every_text_in_order(sized: list[tuple[str, int]]) -> None:
    parts = predict.split(sized)
    assert [text for part in parts for text in part] == [text for text, _ in sized]
    assert all(parts)


@given(SIZED)
def test_a_part_is_over_the_limit_only_when_one_text_is(sized: list[tuple[str, int]]) -> None:
    sizes = iter(size for _, size in sized)
    for part in predict.split(sized):
        total = sum(next(sizes) for _ in part)
        assert len(part) == 1 or total <= predict.BYTES_A_REQUEST


@pytest.mark.parametrize(("count", "parts"), [(0, 0), (1, 1), (512, 1), (513, 2), (1024, 2), (1025, 3)])
def test_at_most_512_texts_a_request(count: int, parts: int) -> None:
    assert len(PredictPlan(Question("support", 1), ["x"] * count)) == parts


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=20))
def test_sizes_are_those_of_utf_8(texts: list[str]) -> None:
    assert predict.checked_texts(texts) == [(text, len(text.encode())) for text in texts]


def test_the_rest_names_the_version_that_answered_first() -> None:
    plan = PredictPlan(Question("support", "live", thresholds={"A": 0.4}), [str(n) for n in range(1_100)])
    first = plan.first()
    assert isinstance(first.request, PredictRequest)
    assert first.request.tag == "live"
    answer = first.read(PredictResponse(predictions=[Prediction()] * 512, version=7, tag="live"))
    rest = list(plan.rest(answer))
    assert [call.request.number for call in rest] == [7, 7]  # type: ignore[union-attr]
    assert [call.request.thresholds["A"] for call in rest] == [0.4, 0.4]  # type: ignore[union-attr]
    assert [len(call.request.texts) for call in rest] == [512, 76]  # type: ignore[union-attr]
    later = rest[0].read(PredictResponse(predictions=[Prediction()], version=7))
    assert later.predictions[0].tag == "live"


def test_an_answer_keeps_the_bits_of_the_wire() -> None:
    response = PredictResponse(
        predictions=[Prediction(labels=[LabelScore(name="A", probability=0.1)], truncated=True)], version=3
    )
    answer = PredictPlan(Question("support", 3), ["x"]).first().read(response)
    (prediction,) = answer.predictions
    assert prediction.labels[0].probability == response.predictions[0].labels[0].probability
    assert prediction.scores == {"A": pytest.approx(0.1)}
    assert (prediction.version, prediction.tag, prediction.truncated, prediction.error) == (3, None, True, None)


def test_every_option_reaches_the_request() -> None:
    request = request_of(
        version=4,
        thresholds={"A": 0.5, "B": 1},
        policy="high_recall",
        default_threshold=0.3,
        labels=("A", "B"),
        top_k=2,
        all_scores=True,
    )
    assert (request.dataset, request.number, request.top_k, request.all_scores) == ("datasets/support", 4, 2, True)
    assert dict(request.thresholds) == {"A": 0.5, "B": 1.0}
    assert request.threshold_policy == 3
    assert request.default_threshold == 0.3
    assert list(request.labels) == ["A", "B"]


def test_a_policy_may_be_a_member_or_its_string() -> None:
    assert request_of(policy=ThresholdPolicy.BALANCED) == request_of(policy="balanced")


def test_options_that_are_left_out_are_left_out_of_the_request() -> None:
    expected = PredictRequest(dataset="datasets/support", tag="live", texts=["a"])
    assert request_of() == expected


@pytest.mark.parametrize(
    ("texts", "error", "place"),
    [
        ("one text", TypeError, "texts must be a list"),
        (b"bytes", TypeError, "texts must be a list"),
        (7, TypeError, "texts must be a list"),
        (["a", None], TypeError, r"texts\[1\]"),
        (["a", "b", b"c"], TypeError, r"texts\[2\]"),
        (["é", "ab\ud800"], ValueError, r"texts\[1\] contains a lone surrogate at character 2"),
    ],
)
def test_texts_that_cannot_be_sent_are_refused_by_place(texts: Any, error: type[Exception], place: str) -> None:
    with pytest.raises(error, match=place):
        PredictPlan(Question("support", "live"), texts)


@pytest.mark.parametrize(
    ("arguments", "error", "place"),
    [
        ({"thresholds": [0.5]}, TypeError, "thresholds must map"),
        ({"thresholds": {"A": "0.5"}}, TypeError, r"thresholds\['A'\] must be a number"),
        ({"thresholds": {"A": True}}, TypeError, r"thresholds\['A'\]"),
        ({"thresholds": {7: 0.5}}, TypeError, "a label of thresholds"),
        ({"default_threshold": "0.5"}, TypeError, "default_threshold"),
        ({"policy": "boldest"}, ValueError, "policy must be one of 'high_precision'"),
        ({"labels": "Billing"}, TypeError, "labels must be a list"),
        ({"labels": ["A", 1]}, TypeError, r"labels\[1\]"),
        ({"top_k": 0}, ValueError, "top_k must be at least 1"),
        ({"top_k": 1.5}, TypeError, "top_k must be an int"),
        ({"version": ""}, ValueError, "version must not be empty"),
        ({"version": 0}, ValueError, "version must be 1"),
        ({"version": 1.0}, TypeError, "version must be an int"),
        ({"version": True}, TypeError, "version must be an int"),
    ],
)
def test_arguments_that_cannot_be_sent_are_refused_by_name(
    arguments: dict[str, Any], error: type[Exception], place: str
) -> None:
    with pytest.raises(error, match=place):
        request_of(**arguments)


def gone(code_class: type[PinfoldError], reason: str) -> PinfoldError:
    return code_class("gone", grpc.StatusCode.FAILED_PRECONDITION, ErrorDetails(reason=reason))


def test_a_version_that_is_given_up_halfway_starts_the_call_again_but_not_for_ever() -> None:
    plan = PredictPlan(Question("support", "latest"), ["a"])
    error = gone(FailedPrecondition, "VERSION_NOT_PINNED")
    assert [plan.should_start_again(error) for _ in range(5)] == [True, True, True, False, False]


def test_a_call_by_number_is_never_started_again() -> None:
    plan = PredictPlan(Question("support", 3), ["a"])
    assert not plan.should_start_again(gone(NotFound, "VERSION_NOT_FOUND"))


def test_other_failures_do_not_start_the_call_again() -> None:
    plan = PredictPlan(Question("support", "live"), ["a"])
    assert not plan.should_start_again(gone(FailedPrecondition, "VERSION_DAMAGED"))
