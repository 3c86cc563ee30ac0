"""Predictions: one snapshot of the store says which version answers, then the model scores without touching the
store.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.predictions.admission import AdmissionLimits
from pinfold_server.domain.predictions.merging import LARGEST
from pinfold_server.domain.predictions.predictions import Picks, Selection, select
from pinfold_server.engine.ascii_texts import AsciiTexts
from pinfold_server.engine.session import Scores
from pinfold_server.errors import AppError, invalid
from pinfold_server.services.predictions.admission import Admission, Load, TimeLeft, for_ever
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.predictions.budget import TextBudget
from pinfold_server.services.predictions.merging import GiveWay, Job, Merger, Shortcut, keep_on
from pinfold_server.services.predictions.meters import PredictionMeter
from pinfold_server.services.predictions.resolution import Resolved, Resolver
from pinfold_server.services.predictions.served import ServedVersion, ServedVersions
from pinfold_server.store.env import Store

T = TypeVar("T")
#: Told of texts that a version answered.
Saw = Callable[[Resolved, ServedVersion, Sequence[str]], None]
Span = Callable[[str, int], AbstractContextManager[object]]
_NO_SPAN = nullcontext()

#: Bytes of a message that is large whatever is in it: twice what plain text needs that would be scored as it comes.
UNREAD_BYTES_MIN = 2 * LARGEST.characters_max


@dataclass(frozen=True, slots=True)
class PredictLimits:
    texts_max: int = 4_096
    text_bytes_max: int = 1 << 20
    queue_texts_max: int = 16_384
    queue_seconds_max: float = 1.0
    stream_texts_max: int = 512  # of all streams together


@dataclass(frozen=True, slots=True)
class Query:
    """What a caller asks. `stored`: the texts are those of stored documents, not of a caller's traffic."""

    dataset_id: str
    wanted: VersionRef
    texts: Sequence[str]
    asked: Asked
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry a text, in order. `failures` maps the place of a text to why it has no labels."""

    version: int
    labels: tuple[str, ...]
    picks: Picks
    truncated: NDArray[np.bool_]
    failures: Mapping[int, AppError]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What the model said of the texts, and which labels are wanted; `scores` are of those that did not fail."""

    version: int
    labels: tuple[str, ...]
    scores: Scores
    selection: Selection
    failures: Mapping[int, AppError]

    def answer(self) -> Answer:
        """The labels selected; texts that failed have none."""
        picks, truncated = select(self.scores.probabilities, self.selection), self.scores.truncated
        if self.failures:
            absent = np.zeros(len(truncated) + len(self.failures), np.bool_)
            absent[list(self.failures)] = True
            picks = picks.spread(absent)
            seen, truncated = truncated, np.zeros(len(absent), np.bool_)
            truncated[~absent] = seen
        return Answer(self.version, self.labels, picks, truncated, self.failures)


class Form(Protocol[T]):
    """What a caller wants to have in its hands."""

    def of(self, outcome: Outcome) -> T:
        """Made of any outcome; called where the texts were scored, large ones in a thread."""

    def shortcut(self, version: int, labels: Sequence[str], selection: Selection) -> Shortcut[T] | None:
        """For texts none of which failed or is cut: the same object for equal arguments. None where there is none."""


class AsAnswer:
    """The form of whoever goes on to work with labels and probabilities."""

    def of(self, outcome: Outcome) -> Answer:
        return outcome.answer()

    def shortcut(self, _version: int, _labels: Sequence[str], _selection: Selection) -> None:
        """There is none: an answer is made of scores."""


class PredictionService:
    """Admits, resolves, scores and selects. Raises AppError as the protocol's Predict says."""

    def __init__(
        self,
        store: Store,
        served: ServedVersions,
        executor: Executor,
        limits: PredictLimits,
        *,
        saw: Saw,
        clock: Callable[[], float] = time.perf_counter,
        span: Span | None = None,
        give_way: GiveWay = keep_on,
    ) -> None:
        """`span` makes the traced part of a call in which texts wait for their model and are scored; `give_way` is
        that of `Merger`.
        """
        self._span = span
        self._saw = saw
        self.meter = PredictionMeter()
        self._resolver = Resolver(store)
        self._served = served
        self._merger = Merger(executor, self.meter, give_way=give_way)
        self._limits = limits
        waits = AdmissionLimits(limits.queue_seconds_max)
        self.admission = Admission(limits.queue_texts_max, waits, self.meter, clock)
        self._streams = TextBudget(limits.stream_texts_max)

    def check_unread(self, size: int, time_left: TimeLeft) -> None:
        """To be asked for a message of `size` bytes before it is parsed. Raises AppError OVERLOADED."""
        if size >= UNREAD_BYTES_MIN:
            self.admission.check_unread(size, time_left)

    async def predict(self, query: Query) -> Answer:
        """As `predict_as`, for who has neither a message nor a deadline."""
        return await self.predict_as(AsAnswer(), query)

    async def predict_as(self, form: Form[T], query: Query, size: int = 0, time_left: TimeLeft = for_ever) -> T:
        """The outcome in the form that is wanted.

        Raises AppError OVERLOADED at once when the request, whose message has `size` bytes (0: there is none), would
        wait too long or beyond its deadline.
        """
        _check(query, self._limits)
        count, characters = len(query.texts), _characters(query.texts)
        large = size >= UNREAD_BYTES_MIN or not LARGEST.allow(count, characters)
        load = Load(count, size or characters, large=large)
        self.admission.enter(load, time_left)
        done = False
        try:
            result = await self._answer(query, characters, form)
            done = True
            return result
        finally:
            self.admission.leave(load, done=done)

    async def predict_patiently(self, query: Query) -> Answer:
        """As `predict_patiently_as`, for whoever wants an answer."""
        return await self.predict_patiently_as(AsAnswer(), query)

    async def predict_patiently_as(self, form: Form[T], query: Query) -> T:
        """Waits where `predict` would refuse, on a budget of its own: streams come with flow control, and what they
        have under way holds up the others for a few milliseconds at most.
        """
        _check(query, self._limits)
        count = len(query.texts)
        await self._streams.take(count)
        try:
            return await self._answer(query, _characters(query.texts), form)
        finally:
            self._streams.give_back(count)

    async def _answer(self, query: Query, characters: int, form: Form[T]) -> T:
        found = self._resolver.resolve(query.dataset_id, query.wanted)
        served = self._served.loaded(found.key) or await self._served.load(found.key, found.record)
        failures = _failures(query.texts, self._limits.text_bytes_max)
        texts = query.texts
        if failures:  # the others are answered as if they were alone
            texts = [text for place, text in enumerate(texts) if place not in failures]
            characters = _characters(texts)
        version, labels, selection = found.key[1], served.model.labels, served.selections.of(query.asked)

        def finish(scores: Scores) -> T:
            return form.of(Outcome(version, labels, scores, selection, failures))

        shortcut = None if failures else form.shortcut(version, labels, selection)
        result = await self._score(Job(served.model, texts, finish, characters, shortcut))
        if not query.stored:
            self._saw(found, served, texts)
        return result

    async def _score(self, job: Job[T]) -> T:
        with self._span("pinfold.score", len(job.texts)) if self._span is not None else _NO_SPAN:
            result = self._merger.score_at_once(job)
            return await self._merger.score(job) if result is None else result


def _characters(texts: Sequence[str]) -> int:
    """Length of all texts together."""
    return texts.characters if isinstance(texts, AsciiTexts) else sum(map(len, texts))


def _check(query: Query, limits: PredictLimits) -> None:
    if not 1 <= len(query.texts) <= limits.texts_max:
        raise invalid("texts", f"must hold 1 to {limits.texts_max:,} texts, got {len(query.texts):,}", "TEXT_COUNT")
    query.asked.check()


def _failures(texts: Sequence[str], bytes_max: int) -> dict[int, AppError]:
    if isinstance(texts, AsciiTexts) and texts.characters <= bytes_max:
        return {}
    # Three passes at the speed of C say of nearly every request that nothing is wrong with it.
    if all(texts) and not any(map(str.isspace, texts)) and max(map(len, texts)) * 4 <= bytes_max:
        return {}
    failures: dict[int, AppError] = {}
    for place, text in enumerate(texts):
        if not text or text.isspace():
            failures[place] = invalid(f"texts[{place}]", "is empty", "EMPTY_TEXT")
        elif len(text) * 4 > bytes_max and len(text.encode()) > bytes_max:
            failures[place] = invalid(f"texts[{place}]", f"has more than {bytes_max:,} bytes of UTF-8", "TEXT_TOO_LONG")
    return failures
