"""Concurrent requests share runs of the engine, without waiting for one another.

A request that comes alone is scored at once. In a crowd it asks for a turn of the event loop and is scored in it,
together with whatever else came in before that turn. The engine's answer to a
text does not depend on its company, so merging changes no bit of any answer.
"""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.merging import MergeLimits, Patience, leading
from pinfold_server.domain.predictions import Picks, Selection, select
from pinfold_server.engine.session import Model
from pinfold_server.services.meters import PredictionMeter

DEFAULT_LIMITS = MergeLimits()


@dataclass(frozen=True, slots=True)
class Job:
    """Texts to be scored by one model, and which labels to answer. Jobs that share a `selection` object cost less.

    `characters` is the length of all texts together.
    """

    model: Model
    texts: Sequence[str]
    selection: Selection
    characters: int

    @property
    def size(self) -> tuple[int, int]:
        """Texts and characters."""
        return len(self.texts), self.characters


@dataclass(frozen=True, slots=True)
class Scored:
    """`truncated` bool [texts]: the model did not see all of the text."""

    picks: Picks
    truncated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """What one run of a model gave; `began` is a reading of `time.perf_counter`."""

    scored: list[Scored]
    texts: int
    began: float
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    job: Job
    arrived: float
    answer: "asyncio.Future[Scored]"


class Merger:
    """Small jobs are scored on the event loop, merged; large ones in the threads of `executor`, so that they never
    hold up small ones.
    """

    def __init__(self, executor: Executor, meter: PredictionMeter, limits: MergeLimits = DEFAULT_LIMITS) -> None:
        self._executor = executor
        self._meter = meter
        self._limits = limits
        self._patience = Patience()
        self._waiting: deque[_Waiting] = deque()

    def score_at_once(self, job: Job) -> Scored | None:
        """The answer to a small job that comes alone; None for one that has to be awaited."""
        if self._waiting or not self._limits.allow(len(job.texts), job.characters) or not self._patience.at_once():
            return None
        began = time.perf_counter()
        scores = job.model.score(job.texts)
        scored = Scored(select(scores.probabilities, job.selection), scores.truncated)
        self._meter.ran(len(job.texts), 0.0, time.perf_counter() - began)
        return scored

    async def score(self, job: Job) -> Scored:
        """Cancelling drops the job unless it runs already."""
        loop = asyncio.get_running_loop()
        arrived = time.perf_counter()
        if not self._limits.allow(*job.size):
            run = await loop.run_in_executor(self._executor, _score, [job])
            self._meter.ran(run.texts, run.began - arrived, run.seconds)
            return run.scored[0]
        answer: asyncio.Future[Scored] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._turn, loop)
        self._patience.joined()
        self._waiting.append(_Waiting(job, arrived, answer))
        return await answer

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Scores the jobs that came first; the rest gets another turn, after what arrived meanwhile was received."""
        full = len(self._waiting) >= self._limits.texts_max
        if not full and self._patience.waits(time.perf_counter() - self._waiting[0].arrived):
            loop.call_soon(self._turn, loop)
            return
        count = leading((waiting.job.size for waiting in self._waiting), self._limits)
        taken = [self._waiting.popleft() for _ in range(count)]
        self._patience.ran(count)
        if self._waiting:
            loop.call_soon(self._turn, loop)
        # Of the others the callers have gone: cancelled, or past their deadlines.
        wanted = [waiting for waiting in taken if not waiting.answer.done()]
        for _, group in itertools.groupby(sorted(wanted, key=_model_id), key=_model_id):
            _answer(list(group), self._meter)


def _model_id(waiting: _Waiting) -> int:
    return id(waiting.job.model)


def _answer(group: list[_Waiting], meter: PredictionMeter) -> None:
    """One run for all; where that fails, one for each, so that whatever one job brought in harms no other."""
    try:
        run = _score([waiting.job for waiting in group])
    except Exception as error:
        if len(group) > 1:
            for waiting in group:
                _answer([waiting], meter)
        else:
            group[0].answer.set_exception(error)
        return
    meter.ran(run.texts, run.began - group[0].arrived, run.seconds)
    for waiting, scored in zip(group, run.scored, strict=True):
        waiting.answer.set_result(scored)


def _score(jobs: Sequence[Job]) -> _Run:
    """The answers to jobs for one model, in their order."""
    began = time.perf_counter()
    texts = jobs[0].texts if len(jobs) == 1 else [text for job in jobs for text in job.texts]
    scores = jobs[0].model.score(texts)
    scored: list[Scored] = []
    begin = 0
    for selection, alike in itertools.groupby(jobs, key=attrgetter("selection")):
        counts = [len(job.texts) for job in alike]
        end = begin + sum(counts)
        picks = select(scores.probabilities[begin:end], selection)
        scored += _parts(picks, scores.truncated[begin:end], counts)
        begin = end
    return _Run(scored, len(texts), began, time.perf_counter() - began)


def _parts(picks: Picks, truncated: NDArray[np.bool_], counts: Sequence[int]) -> Iterator[Scored]:
    """Gives each job the texts that are its own; `counts` holds how many."""
    if len(counts) == 1:
        yield Scored(picks, truncated)
        return
    begin = 0
    for count, part in zip(counts, picks.parts(counts), strict=True):
        yield Scored(part, truncated[begin : begin + count])
        begin += count
