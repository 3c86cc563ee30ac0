"""Predictions: one snapshot of the store says which version answers, then the model scores without touching the
store.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.admission import AdmissionLimits
from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.predictions import Picks
from pinfold_server.errors import AppError, invalid
from pinfold_server.services.admission import Admission, Load, TimeLeft, for_ever
from pinfold_server.services.asking import Asked
from pinfold_server.services.budget import TextBudget
from pinfold_server.services.merging import DEFAULT_LIMITS, Job, Merger, Scored
from pinfold_server.services.meters import PredictionMeter
from pinfold_server.services.resolution import Resolved, Resolver
from pinfold_server.services.served import ServedVersion, ServedVersions
from pinfold_server.store.env import Store

#: Told of texts that a version answered.
Saw = Callable[[Resolved, ServedVersion, Sequence[str]], None]
Span = Callable[[str, int], AbstractContextManager[object]]

#: Bytes of a message that is large whatever is in it: more than the small ones' characters can take with all options.
UNREAD_BYTES_MIN = 5 * DEFAULT_LIMITS.characters_max


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
    ) -> None:
        """`span` makes the traced part of a call in which texts wait for their model and are scored."""
        self._span = span
        self._saw = saw
        self.meter = PredictionMeter()
        self._resolver = Resolver(store)
        self._served = served
        self._merger = Merger(executor, self.meter)
        self._limits = limits
        waits = AdmissionLimits(limits.queue_seconds_max)
        self.admission = Admission(limits.queue_texts_max, waits, self.meter, clock)
        self._streams = TextBudget(limits.stream_texts_max)

    def check_unread(self, size: int, time_left: TimeLeft) -> None:
        """To be asked for a message of `size` bytes before it is parsed. Raises AppError OVERLOADED."""
        if size >= UNREAD_BYTES_MIN:
            self.admission.check_unread(size, time_left)

    async def predict(self, query: Query, size: int = 0, time_left: TimeLeft = for_ever) -> Answer:
        """Raises AppError OVERLOADED at once when the request, whose message has `size` bytes (0: there is none), would
        wait too long or beyond its deadline.
        """
        _check(query, self._limits)
        count, characters = len(query.texts), sum(map(len, query.texts))
        load = Load(count, size or characters, large=not DEFAULT_LIMITS.allow(count, characters))
        self.admission.enter(load, time_left)
        done = False
        try:
            answer = await self._answer(query, characters)
            done = True
            return answer
        finally:
            self.admission.leave(load, done=done)

    async def predict_patiently(self, query: Query) -> Answer:
        """Waits where `predict` would refuse, on a budget of its own: streams come with flow control, and what they
        have under way holds up the others for a few milliseconds at most.
        """
        _check(query, self._limits)
        count = len(query.texts)
        await self._streams.take(count)
        try:
            return await self._answer(query, sum(map(len, query.texts)))
        finally:
            self._streams.give_back(count)

    async def _answer(self, query: Query, characters: int) -> Answer:
        found = self._resolver.resolve(query.dataset_id, query.wanted)
        served = self._served.loaded(found.key) or await self._served.load(found.key, found.record)
        failures = _failures(query.texts, self._limits.text_bytes_max)
        if failures:
            return await self._answer_others(query, found, served, failures)
        scored = await self._score(Job(served.model, query.texts, served.selections.of(query.asked), characters))
        if not query.stored:
            self._saw(found, served, query.texts)
        return Answer(found.key[1], served.model.labels, scored.picks, scored.truncated, failures)

    async def _answer_others(
        self, query: Query, found: Resolved, served: ServedVersion, failures: Mapping[int, AppError]
    ) -> Answer:
        """Texts that failed have no labels; the others are answered as if they were alone."""
        texts = [text for place, text in enumerate(query.texts) if place not in failures]
        selection = served.selections.of(query.asked)
        scored = await self._score(Job(served.model, texts, selection, sum(map(len, texts))))
        if not query.stored:
            self._saw(found, served, texts)
        absent = np.zeros(len(query.texts), np.bool_)
        absent[list(failures)] = True
        truncated = np.zeros(len(query.texts), np.bool_)
        truncated[~absent] = scored.truncated
        return Answer(found.key[1], served.model.labels, scored.picks.spread(absent), truncated, failures)

    async def _score(self, job: Job) -> Scored:
        if self._span is None:
            return self._merger.score_at_once(job) or await self._merger.score(job)
        with self._span("pinfold.score", len(job.texts)):
            return self._merger.score_at_once(job) or await self._merger.score(job)


def _check(query: Query, limits: PredictLimits) -> None:
    if not 1 <= len(query.texts) <= limits.texts_max:
        raise invalid("texts", f"must hold 1 to {limits.texts_max:,} texts, got {len(query.texts):,}", "TEXT_COUNT")
    query.asked.check()


def _failures(texts: Sequence[str], bytes_max: int) -> dict[int, AppError]:
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
