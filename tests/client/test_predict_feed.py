"""What predict_stream() sends, and what the packed form of an answer says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold import _predict as predict
from pinfold._predict import feed
from pinfold.v1.failure_pb2 import ItemFailure
from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT, CompactPredictions
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse


def requests_of(texts: list[str], batch_size: int, **options: Any) -> list[PredictRequest]:
    gathering = feed("support", batch_size, options)  # type: ignore[arg-type]
    calls = [*map(gathering.push, texts), gathering.flush()]
    return [call.request for call in calls if call is not None]  # type: ignore[misc]


@given(st.lists(st.text(alphabet="abé", max_size=5), max_size=40), st.integers(1, 12))
def test_batches_hold_every_text_in_order(texts: list[str], size: int) -> None:
    requests = requests_of(texts, size)

    assert [text for request in requests for text in request.texts] == texts
    assert all(len(request.texts) == size for request in requests[:-1])


def test_a_batch_is_sent_early_when_its_texts_are_long() -> None:
    long = "x" * (predict.BYTES_A_REQUEST // 2 + 1)

    assert [len(request.texts) for request in requests_of([long, long, "a", long], 64)] == [1, 2, 1]


def test_options_are_those_of_a_prediction_and_large_batches_ask_for_the_packed_form() -> None:
    first, last = requests_of(["a"] * 13, 12, version="staging", top_k=2, thresholds={"A": 0.5})

    for request in (first, last):
        assert (request.tag, request.top_k, dict(request.thresholds)) == ("staging", 2, {"A": 0.5})
    assert first.response_form == RESPONSE_FORM_COMPACT
    assert last.response_form == 0


@pytest.mark.parametrize(
    ("batch_size", "options", "error", "place"),
    [
        (0, {}, ValueError, "batch_size must be from 1 to 512"),
        (513, {}, ValueError, "batch_size"),
        (True, {}, TypeError, "batch_size must be an int"),
        (8, {"treshold": 0.5}, TypeError, "no option 'treshold'"),
        (8, {"top_k": 0}, ValueError, "top_k must be at least 1"),
    ],
)
def test_wrong_arguments_are_refused_by_name(
    batch_size: int, options: dict[str, Any], error: type[Exception], place: str
) -> None:
    with pytest.raises(error, match=place):
        feed("support", batch_size, options)  # type: ignore[arg-type]


def test_a_text_that_is_none_is_refused_by_its_place_in_the_stream() -> None:
    gathering = feed("support", 2, {})
    gathering.push("a")
    gathering.push("b")

    with pytest.raises(TypeError, match=r"texts\[2\] must be a str"):
        gathering.push(7)  # type: ignore[arg-type]


def test_a_packed_answer_is_unpacked_with_the_places_of_the_stream() -> None:
    gathering = feed("support", 2, {})
    gathering.push("a")
    gathering.push("b")
    gathering.push("c")
    call = gathering.push("")
    assert call is not None
    compact = CompactPredictions(
        label_names=["A", "B"],
        counts=[2, 0],
        label_indices=[1, 0],
        probabilities=[0.75, 0.5],
        truncated=[0],
        failures=[ItemFailure(index=1, code=3, reason="EMPTY_TEXT", field="texts[1]", message="is empty")],
    )

    good, bad = call.read(PredictResponse(version=4, tag="live", compact=compact)).predictions

    assert good.labels == (("B", 0.75), ("A", 0.5))
    assert (good.version, good.tag, good.truncated, good.error) == (4, "live", True, None)
    assert bad.labels == ()
    assert bad.error is not None
    assert (bad.error.index, bad.error.field) == (3, "texts[3]")
