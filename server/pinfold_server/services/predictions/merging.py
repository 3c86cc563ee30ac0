"""Concurrent requests share runs of the engine, without waiting for one another.

A request that comes alone is scored at once. In a crowd it asks for a turn of the event loop and is scored in it,
together with whatever else came in before that turn. The engine's answer to a text does not depend on its company, so
merging changes no bit of any answer.
"""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from typing import Any, Generic, TypeVar

from pinfold_server.domain.predictions.merging import MergeLimits, Patience, leading, limits_of
from pinfold_server.engine.ascii_texts import joined
from pinfold_server.engine.session import Model, Scores
from pinfold_server.engine.writing import Writing
from pinfold_server.services.predictions.meters import PredictionMeter

T = TypeVar("T")

GiveWay = Callable[[], None]
LimitsOf = Callable[[Model], MergeLimits]


def keep_on() -> None:
    """Where jobs come by themselves."""


def limits_of_model(model: Model) -> MergeLimits:
    """What the model may be given at one go on the event loop."""
    return limits_of(model.lane, len(model.labels))


@dataclass(frozen=True, slots=True, eq=False)
class Shortcut(Generic[T]):
    """For a model that can write messages itself: what it writes, and what the caller makes of those of its texts."""

    writing: Writing
    finish: Callable[[bytes], T]


@dataclass(slots=True, eq=False)  # not frozen: one is made for every request, and that would take four times as long
class Job(Generic[T]):
    """Texts to be scored by one model, and what the caller makes of the scores: it is made where they were scored, on
    the event loop or in a thread.

    `characters` is the length of all texts together. Jobs that share their `shortcut` share a run.
    """

    model: Model
    texts: Sequence[str]
    finish: Callable[[Scores], T]
    characters: int
    shortcut: Shortcut[T] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Texts and characters."""
        return len(self.texts), self.characters


@dataclass(slots=True, eq=False)  # not frozen: one is made for every request, and that would take four times as long
class _Done(Generic[T]):
    """What was made of a job alone; `began` is a reading of `time.perf_counter`."""

    result: T
    began: float
    seconds: float


@dataclass(slots=True, eq=False)  # not frozen: one is made for every request, and that would take four times as long
class _Waiting:
    job: Job[Any]
    arrived: float
    answer: "asyncio.Future[Any]"


class Merger:
    """Small jobs are scored on the event loop, merged; large ones in the threads of `executor`, so that they never
    hold up small ones.
    """

    def __init__(
        self,
        executor: Executor,
        meter: PredictionMeter,
        limits: LimitsOf = limits_of_model,
        give_way: GiveWay = keep_on,
    ) -> None:
        """`give_way` lets those run who bring more jobs; called in each turn that is waited for them."""
        self._executor = executor
        self._meter = meter
        self._limits = limits
        self._give_way = give_way
        self._patience = Patience()
        self._waiting: deque[_Waiting] = deque()
        self._texts = 0  # of those that wait

    def score_at_once(self, job: Job[T]) -> T | None:
        """What is made of a small job that comes alone; None for one that has to be awaited."""
        if self._waiting:
            return None
        limits, texts, characters = self._limits(job.model), len(job.texts), job.characters
        if not limits.allow(texts, characters):
            return None
        # Who fills more than half of a run would hardly find company.
        if limits.allow(2 * texts, 2 * characters) and not self._patience.at_once():
            return None
        done = _alone(job)
        self._meter.ran(len(job.texts), 0.0, done.seconds)
        return done.result

    async def score(self, job: Job[T]) -> T:
        """What is made of the job. Cancelling drops it unless it runs already."""
        loop = asyncio.get_running_loop()
        arrived = time.perf_counter()
        if not self._limits(job.model).allow(*job.size):
            done = await loop.run_in_executor(self._executor, _alone, job)
            self._meter.ran(len(job.texts), done.began - arrived, done.seconds)
            return done.result
        answer: asyncio.Future[T] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._turn, loop)
        self._patience.joined()
        self._waiting.append(_Waiting(job, arrived, answer))
        self._texts += len(job.texts)
        return await answer

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Scores the jobs that came first; the rest gets another turn, after what arrived meanwhile was received."""
        limits = self._limits(self._waiting[0].job.model)
        full = self._texts >= limits.texts_max
        if not full and self._patience.waits(time.perf_counter() - self._waiting[0].arrived):
            self._give_way()
            loop.call_soon(self._turn, loop)
            return
        count = leading((waiting.job.size for waiting in self._waiting), limits)
        taken = [self._waiting.popleft() for _ in range(count)]
        self._texts -= sum(len(waiting.job.texts) for waiting in taken)
        self._patience.ran(count)
        if self._waiting:
            loop.call_soon(self._turn, loop)
        # Of the others the callers have gone: cancelled, or past their deadlines.
        wanted = [waiting for waiting in taken if not waiting.answer.done()]
        for _, group in itertools.groupby(sorted(wanted, key=_run_id), key=_run_id):
            _answer(list(group), self._meter)


def _run_id(waiting: _Waiting) -> tuple[int, int]:
    return id(waiting.job.model), id(waiting.job.shortcut)


def _answer(group: list[_Waiting], meter: PredictionMeter) -> None:
    """One run for all; where that fails, one for each, so that whatever one job brought in harms no other."""
    began = time.perf_counter()
    texts = group[0].job.texts if len(group) == 1 else joined([waiting.job.texts for waiting in group])
    try:
        finishing = _finishing([waiting.job for waiting in group], texts)
    except Exception as error:
        if len(group) > 1:
            for waiting in group:
                _answer([waiting], meter)
        else:
            group[0].answer.set_exception(error)
        return
    for waiting, finish in zip(group, finishing, strict=True):
        try:
            result = finish()
        except Exception as error:
            waiting.answer.set_exception(error)
        else:
            waiting.answer.set_result(result)
    meter.ran(len(texts), began - group[0].arrived, time.perf_counter() - began)


def _finishing(jobs: Sequence[Job[T]], texts: Sequence[str]) -> list[Callable[[], T]]:
    """Scores the texts of all jobs, which share model and shortcut; what is left to do for each."""
    model, shortcut, sizes = jobs[0].model, jobs[0].shortcut, [len(job.texts) for job in jobs]
    if shortcut is not None:
        written = model.write(texts, sizes, shortcut.writing)
        if written is not None:
            return [partial(shortcut.finish, messages) for messages in written]
    scores = model.score(texts)
    bounds = pairwise(accumulate(sizes, initial=0))
    return [partial(job.finish, scores.part(*bound)) for job, bound in zip(jobs, bounds, strict=True)]


def _alone(job: Job[T]) -> _Done[T]:
    began = time.perf_counter()
    result = _finishing((job,), job.texts)[0]()
    return _Done(result, began, time.perf_counter() - began)
