"""How texts become Predict requests and answers become predictions (pure)."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Real

from pinfold import _methods, _model_convert, _names
from pinfold._calls import Call, call
from pinfold._dataset_calls import text_list
from pinfold._enums import THRESHOLD_POLICIES, ThresholdPolicy
from pinfold._errors import FailedPrecondition, NotFound, PinfoldError
from pinfold._model_types import Prediction
from pinfold._types import ItemFailure
from pinfold.v1 import prediction_service_pb2 as pb

TEXTS_A_REQUEST = 512
BYTES_A_REQUEST = 1 << 20
REQUESTS_IN_FLIGHT = 4
RESTARTS_MAX = 3

_TEXT_PATH = re.compile(r"^texts\[\d+\]")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every text; `version` is a number or a tag."""

    dataset: str
    version: int | str
    thresholds: Mapping[str, float] | None = None
    policy: ThresholdPolicy | str | None = None
    default_threshold: float | None = None
    labels: Iterable[str] | None = None
    top_k: int | None = None
    all_scores: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The predictions of one request and the version that gave them."""

    predictions: list[Prediction]
    version: int
    tag: str | None


class PredictPlan:
    """The requests of one predict() call, however many texts it has.

    The first request is made alone. The others name the version that answered it by number, so that a tag
    that moves meanwhile cannot split the call between two versions.
    """

    def __init__(self, question: Question, texts: Sequence[str]) -> None:
        """Raises TypeError or ValueError naming the argument that cannot be sent."""
        self._template = _request(question)
        self._asked_by_tag = isinstance(question.version, str)
        self._parts = split(checked_texts(texts))
        self._offsets = list(itertools.accumulate(map(len, self._parts), initial=0))
        self._restarts_left = RESTARTS_MAX

    def __len__(self) -> int:
        return len(self._parts)

    def first(self) -> Call[Answer]:
        return self._call(self._template, 0)

    def rest(self, answered: Answer) -> Iterator[Call[Answer]]:
        """The requests after the first, made while they are asked for: a long list is not copied at once."""
        template = pb.PredictRequest()
        template.CopyFrom(self._template)
        template.number = answered.version
        return (self._call(template, place, answered.tag) for place in range(1, len(self._parts)))

    def should_start_again(self, error: PinfoldError) -> bool:
        """Whether one of the rest failed because the tag's version was given up after the first was answered.

        Counts: a version that is given up again and again ends the call.
        """
        self._restarts_left -= 1
        gone = isinstance(error, NotFound) or (
            isinstance(error, FailedPrecondition) and error.reason == "VERSION_NOT_PINNED"
        )
        return gone and self._asked_by_tag and self._restarts_left >= 0

    def _call(self, template: pb.PredictRequest, place: int, tag: str | None = None) -> Call[Answer]:
        request = pb.PredictRequest()
        request.CopyFrom(template)
        request.texts.extend(self._parts[place])
        offset = self._offsets[place]
        return call(_methods.PREDICT, request, lambda response: _answer(response, tag, offset))


def _answer(response: pb.PredictResponse, tag: str | None, offset: int) -> Answer:
    asked = tag or response.tag or None
    convert = _model_convert.prediction
    predictions = [convert(one, response.version, asked) for one in response.predictions]
    if offset:
        predictions = [one if one.error is None else _renumbered(one, one.error, offset) for one in predictions]
    return Answer(predictions, response.version, asked)


def _renumbered(prediction: Prediction, error: ItemFailure, offset: int) -> Prediction:
    """With the place of the text among all that were passed."""
    place = error.index + offset
    field = _TEXT_PATH.sub(f"texts[{place}]", error.field)
    return replace(prediction, error=replace(error, index=place, field=field))


def checked_texts(texts: Sequence[str]) -> list[tuple[str, int]]:
    """Every text with its size in bytes of UTF-8. Raises TypeError or ValueError naming the index."""
    if isinstance(texts, str | bytes):
        raise TypeError(f"texts must be a list of str, got a single {type(texts).__name__}; write [text]")
    if not isinstance(texts, Iterable):
        raise TypeError(f"texts must be a list of str, got {type(texts).__name__}")
    return [(text, _size(text, index)) for index, text in enumerate(texts)]


def _size(text: object, index: int) -> int:
    if not isinstance(text, str):
        raise TypeError(f"texts[{index}] must be a str, got {type(text).__name__}")
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise ValueError(
            f"texts[{index}] contains a lone surrogate at character {error.start}, which UTF-8 cannot encode"
        ) from None


def split(sized: Iterable[tuple[str, int]]) -> list[list[str]]:
    """Texts in order, in parts of at most `TEXTS_A_REQUEST` and, but for a longer single text, `BYTES_A_REQUEST`."""
    parts: list[list[str]] = []
    room = 0
    for text, size in sized:
        if not parts or size > room or len(parts[-1]) == TEXTS_A_REQUEST:
            parts.append([])
            room = BYTES_A_REQUEST
        parts[-1].append(text)
        room -= size
    return parts


def _request(question: Question) -> pb.PredictRequest:
    request = pb.PredictRequest(
        dataset=_names.dataset(question.dataset), all_scores=question.all_scores, top_k=_top_k(question.top_k)
    )
    if isinstance(question.version, str):
        request.tag = _names.text_argument(question.version, "version")
    else:
        request.number = _names.number_argument(question.version, "version")
    for name, cut in _cuts(question.thresholds):
        request.thresholds[name] = cut
    if question.policy is not None:
        policy = THRESHOLD_POLICIES.encode(question.policy, "policy")
        request.MergeFrom(pb.PredictRequest(threshold_policy=policy))
    if question.default_threshold is not None:
        request.default_threshold = _cut(question.default_threshold, "default_threshold")
    if question.labels is not None:
        request.labels.extend(text_list(question.labels, "labels"))
    return request


def _top_k(top_k: object) -> int:
    """0 (no limit) for None."""
    if top_k is None:
        return 0
    if isinstance(top_k, bool) or not isinstance(top_k, int):
        raise TypeError(f"top_k must be an int, got {type(top_k).__name__}")
    if not 1 <= top_k < 2**31:
        raise ValueError(f"top_k must be at least 1, got {top_k}; None means no limit")
    return top_k


def _cuts(thresholds: object) -> Iterator[tuple[str, float]]:
    if thresholds is None:
        return
    if not isinstance(thresholds, Mapping):
        raise TypeError(f"thresholds must map label names to numbers, got {type(thresholds).__name__}")
    for name, cut in thresholds.items():
        yield _names.text_argument(name, "a label of thresholds"), _cut(cut, f"thresholds[{name!r}]")


def _cut(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{place} must be a number, got {type(value).__name__}")
    return float(value)
