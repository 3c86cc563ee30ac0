"""How texts become Predict requests and answers become predictions (pure)."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TypedDict

from pinfold import _methods, _names
from pinfold._arguments import Numbered, version_or_tag
from pinfold._calls import Call, call
from pinfold._enums import THRESHOLD_POLICIES, ThresholdPolicy
from pinfold._errors import FailedPrecondition, NotFound, PinfoldError
from pinfold._names import text_list
from pinfold._predictions import Answer, answer
from pinfold.v1 import prediction_service_pb2 as pb
from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT

TEXTS_A_REQUEST = 512
BYTES_A_REQUEST = 1 << 20
REQUESTS_IN_FLIGHT = 4
RESTARTS_MAX = 3

#: From so many texts on the packed form is asked for; one text alone is read as fast in the other.
COMPACT_FROM = 8
BATCH_SIZE = 64


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


class PredictOptions(TypedDict, total=False):
    """Options of predict_stream() and its siblings: those of predict(). `version`: number, tag, or one that is held."""

    version: int | str | Numbered
    thresholds: Mapping[str, float] | None
    policy: ThresholdPolicy | str | None
    default_threshold: float | None
    labels: Iterable[str] | None
    top_k: int | None
    all_scores: bool


def feed(dataset: str, batch_size: int, options: PredictOptions) -> "PredictFeed":
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    return PredictFeed(question_of(dataset, options, "predict_stream"), batch_size)


def question_of(dataset: str, options: PredictOptions, method: str) -> Question:
    """Options as keyword arguments. Raises TypeError for one that `method` does not have."""
    if unknown := sorted(options.keys() - PredictOptions.__optional_keys__):
        raise TypeError(f"{method}() has no option {unknown[0]!r}")
    return Question(
        dataset,
        version_or_tag(options.get("version", "live")),
        options.get("thresholds"),
        options.get("policy"),
        options.get("default_threshold"),
        options.get("labels"),
        options.get("top_k"),
        options.get("all_scores", False),
    )


class PredictPlan:
    """The requests of one predict() call, however many texts it has.

    The first request is made alone. The others name the version that answered it by number, so that a tag
    that moves meanwhile cannot split the call between two versions.
    """

    def __init__(self, question: Question, texts: Sequence[str]) -> None:
        """Raises TypeError or ValueError naming the argument that cannot be sent."""
        self._template = request_without_texts(question)
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
        return _call(template, self._parts[place], self._offsets[place], tag)


class PredictFeed:
    """The requests of one predict_stream() call: texts gather to batches, each answered by whatever version the tag
    points to then.
    """

    def __init__(self, question: Question, batch_size: int) -> None:
        """Raises TypeError or ValueError naming the argument that cannot be sent."""
        self._template = request_without_texts(question)
        self._batch_size = _batch_size(batch_size)
        self._texts: list[str] = []
        self._room = BYTES_A_REQUEST
        self._sent = 0

    def push(self, text: str) -> Call[Answer] | None:
        """Adds a text; the request that it fills. Raises TypeError or ValueError for what is no text."""
        size = _size(text, self._sent + len(self._texts))
        full = self.flush() if size > self._room else None
        self._texts.append(text)
        self._room -= size
        if full is None and len(self._texts) == self._batch_size:
            return self.flush()
        return full

    def flush(self) -> Call[Answer] | None:
        """The request of the texts that wait; None when none does."""
        if not self._texts:
            return None
        texts, self._texts = self._texts, []
        self._room = BYTES_A_REQUEST
        offset, self._sent = self._sent, self._sent + len(texts)
        return _call(self._template, texts, offset, None)


def _call(template: pb.PredictRequest, texts: list[str], offset: int, tag: str | None) -> Call[Answer]:
    request = pb.PredictRequest()
    request.CopyFrom(template)
    request.texts.extend(texts)
    if len(texts) >= COMPACT_FROM:
        request.response_form = RESPONSE_FORM_COMPACT
    return call(_methods.PREDICT, request, lambda response: answer(response, tag, offset))


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


def request_without_texts(question: Question) -> pb.PredictRequest:
    """Everything of a Predict but its texts. Raises TypeError or ValueError naming the argument."""
    request = pb.PredictRequest(
        dataset=_names.dataset(question.dataset), all_scores=question.all_scores, top_k=_top_k(question.top_k)
    )
    if isinstance(question.version, str):
        request.tag = _names.text_argument(question.version, "version")
    else:
        request.number = _names.number_argument(question.version, "version")
    for name, cut in cuts_argument(question.thresholds):
        request.thresholds[name] = cut
    if question.policy is not None:
        policy = THRESHOLD_POLICIES.encode(question.policy, "policy")
        request.MergeFrom(pb.PredictRequest(threshold_policy=policy))
    if question.default_threshold is not None:
        request.default_threshold = cut_argument(question.default_threshold, "default_threshold")
    if question.labels is not None:
        request.labels.extend(text_list(question.labels, "labels"))
    return request


def _batch_size(size: object) -> int:
    if isinstance(size, bool) or not isinstance(size, int):
        raise TypeError(f"batch_size must be an int, got {type(size).__name__}")
    if not 1 <= size <= TEXTS_A_REQUEST:
        raise ValueError(f"batch_size must be from 1 to {TEXTS_A_REQUEST}, got {size}")
    return size


def _top_k(top_k: object) -> int:
    """0 (no limit) for None."""
    if top_k is None:
        return 0
    if isinstance(top_k, bool) or not isinstance(top_k, int):
        raise TypeError(f"top_k must be an int, got {type(top_k).__name__}")
    if not 1 <= top_k < 2**31:
        raise ValueError(f"top_k must be at least 1, got {top_k}; None means no limit")
    return top_k


def cuts_argument(thresholds: object) -> Iterator[tuple[str, float]]:
    """Label and cut of a mapping, nothing for None. Raises TypeError or ValueError naming what cannot be sent."""
    if thresholds is None:
        return
    if not isinstance(thresholds, Mapping):
        raise TypeError(f"thresholds must map label names to numbers, got {type(thresholds).__name__}")
    for name, cut in thresholds.items():
        yield _names.text_argument(name, "a label of thresholds"), cut_argument(cut, f"thresholds[{name!r}]")


def cut_argument(value: object, place: str) -> float:
    """A threshold. Raises TypeError naming `place`."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{place} must be a number, got {type(value).__name__}")
    return float(value)
