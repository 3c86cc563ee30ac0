"""Predictions: one snapshot of the store says which version answers, then the model scores without touching the
store.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.predictions import Picks
from pinfold_server.errors import AppError, Code, invalid
from pinfold_server.services.asking import Asked
from pinfold_server.services.budget import TextBudget
from pinfold_server.services.merging import Job, Merger
from pinfold_server.services.meters import PredictionMeter
from pinfold_server.services.resolution import Resolver
from pinfold_server.services.served import ServedVersions
from pinfold_server.store.env import Store


@dataclass(frozen=True, slots=True)
class PredictLimits:
    texts_max: int = 4_096
    text_bytes_max: int = 1 << 20
    queue_texts_max: int = 16_384
    stream_texts_max: int = 512  # of all streams together


@dataclass(frozen=True, slots=True)
class Query:
    """What a caller asks."""

    dataset_id: str
    wanted: VersionRef
    texts: Sequence[str]
    asked: Asked


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

    def __init__(self, store: Store, served: ServedVersions, executor: Executor, limits: PredictLimits) -> None:
        self.meter = PredictionMeter()
        self._resolver = Resolver(store)
        self._served = served
        self._merger = Merger(executor, self.meter)
        self._limits = limits
        self._budget = TextBudget(limits.queue_texts_max)
        self._streams = TextBudget(limits.stream_texts_max)

    async def predict(self, query: Query) -> Answer:
        """Raises AppError OVERLOADED at once when too much waits already."""
        _check(query, self._limits)
        count = len(query.texts)
        if not self._budget.try_take(count):
            self.meter.refused()
            raise AppError(
                Code.EXHAUSTED,
                "OVERLOADED",
                f"{self._budget.taken} texts wait in this worker already: send this again a little later",
                retry_after=0.1,
            )
        try:
            return await self._answer(query)
        finally:
            self._budget.give_back(count)

    async def predict_patiently(self, query: Query) -> Answer:
        """Waits where `predict` would refuse, on a budget of its own: streams come with flow control, and what they
        have under way holds up the others for a few milliseconds at most.
        """
        _check(query, self._limits)
        count = len(query.texts)
        await self._streams.take(count)
        try:
            return await self._answer(query)
        finally:
            self._streams.give_back(count)

    async def _answer(self, query: Query) -> Answer:
        found = self._resolver.resolve(query.dataset_id, query.wanted)
        served = self._served.loaded(found.key) or await self._served.load(found.key, found.record)
        version = found.key[1]
        selection = served.selections.of(query.asked)
        failures = _failures(query.texts, self._limits.text_bytes_max)
        if not failures:
            scored = await self._merger.score(Job(served.model, query.texts, selection))
            return Answer(version, served.model.labels, scored.picks, scored.truncated, failures)
        texts = [text for place, text in enumerate(query.texts) if place not in failures]
        scored = await self._merger.score(Job(served.model, texts, selection))
        absent = np.zeros(len(query.texts), np.bool_)
        absent[list(failures)] = True
        truncated = np.zeros(len(query.texts), np.bool_)
        truncated[~absent] = scored.truncated
        return Answer(version, served.model.labels, scored.picks.spread(absent), truncated, failures)


def _check(query: Query, limits: PredictLimits) -> None:
    if not 1 <= len(query.texts) <= limits.texts_max:
        raise invalid("texts", f"must hold 1 to {limits.texts_max:,} texts, got {len(query.texts):,}", "TEXT_COUNT")
    query.asked.check()


def _failures(texts: Sequence[str], bytes_max: int) -> dict[int, AppError]:
    failures: dict[int, AppError] = {}
    for place, text in enumerate(texts):
        if not text or text.isspace():
            failures[place] = invalid(f"texts[{place}]", "is empty", "EMPTY_TEXT")
        elif len(text) * 4 > bytes_max and len(text.encode()) > bytes_max:
            failures[place] = invalid(f"texts[{place}]", f"has more than {bytes_max:,} bytes of UTF-8", "TEXT_TOO_LONG")
    return failures
