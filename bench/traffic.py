"""Callers that check every answer while a server is being changed under them.

An answer must be wholly that of one version, word for word what this version answered at rest, and of a version that
the tag pointed to at some moment of the call: never of one that was replaced before the call began.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pinfold

#: A call that ran, or began, so shortly after a switch counts as one during it. Seconds.
SWITCH_SECONDS = 0.1
ERRORS_KEPT = 20

Scores = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Golden:
    """What each version answers: all scores, by version and text, taken while nothing else happens."""

    dataset: str
    texts: tuple[str, ...]
    answers: Mapping[tuple[int, str], Scores]

    @property
    def versions(self) -> list[int]:
        return sorted({version for version, _ in self.answers})

    @classmethod
    async def ask(cls, dataset: pinfold.AsyncDataset, versions: Iterable[int], texts: Sequence[str]) -> Golden:
        answers: dict[tuple[int, str], Scores] = {}
        for version in versions:
            predictions = await dataset.predict(texts, version=version, all_scores=True, timeout=60)
            answers |= {(version, text): tuple(one.labels) for text, one in zip(texts, predictions, strict=True)}
        return cls(dataset.id, tuple(texts), answers)


@dataclass(slots=True)
class Tally:
    """What became of the calls. Times in seconds: of those that ran while something was `shaken`, else of those that
    ran during a switch, else at rest.
    """

    calls: int = 0
    failed: int = 0
    mixed: int = 0
    stale: int = 0
    at_rest: list[float] = field(default_factory=list)
    switching: list[float] = field(default_factory=list)
    shaken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def fault(self, what: str) -> None:
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(what)

    @property
    def faults(self) -> tuple[int, int, int]:
        """Failed, mixed and stale calls: all of them must be 0."""
        return self.failed, self.mixed, self.stale


class Pointer:
    """What a tag points to, as far as its callers can know: moves that were asked for and moves that were answered."""

    def __init__(self, version: int) -> None:
        self._moves = [version]
        self.answered = 0
        self._last_end = float("-inf")

    @property
    def asked(self) -> int:
        return len(self._moves) - 1

    @property
    def recent(self) -> bool:
        """A move is under way, or was just answered."""
        return self.asked > self.answered or time.monotonic() - self._last_end < SWITCH_SECONDS

    @asynccontextmanager
    async def moving_to(self, version: int) -> AsyncIterator[None]:
        """Around the call that moves the tag."""
        self._moves.append(version)
        yield
        self.answered = self.asked
        self._last_end = time.monotonic()

    def may_answer(self, answered_before: int) -> set[int]:
        """The versions that may answer a call that began when `answered_before` moves were answered, and ends now."""
        return set(self._moves[answered_before:])


class Traffic:
    """Callers of one tag, each with one request in flight."""

    def __init__(self, golden: Golden, pointer: Pointer, *, tag: str = "live") -> None:
        self.tally = Tally()
        self.answered_by: set[int] = set()
        self.pointer = pointer
        self.golden = golden
        self._tag = tag
        self._stopping = False
        self._shaken = 0

    @contextmanager
    def shaken(self) -> Iterator[None]:
        """Around what slows calls down for reasons of its own, such as the death of a worker."""
        self._shaken += 1
        try:
            yield
        finally:
            self._shaken -= 1

    @asynccontextmanager
    async def running(self, clients: Sequence[pinfold.AsyncClient], callers: int) -> AsyncIterator[None]:
        """Calls as long as the block lasts; `callers` share the clients evenly."""
        async with asyncio.TaskGroup() as group:
            for number in range(callers):
                dataset = clients[number % len(clients)].dataset(self.golden.dataset)
                group.create_task(self._call_again_and_again(dataset, number))
            try:
                yield
            finally:
                self._stopping = True

    async def answers(self, count: int, *, within: float = 300.0) -> None:
        """Returns after `count` more calls. Raises TimeoutError."""
        wanted = self.tally.calls + count
        async with asyncio.timeout(within):
            while self.tally.calls < wanted:
                await asyncio.sleep(0.005)

    async def _call_again_and_again(self, dataset: pinfold.AsyncDataset, number: int) -> None:
        texts = self.golden.texts
        while not self._stopping:
            first = number % len(texts)
            await self._call(dataset, texts[first : first + 1 + number % 3])
            number += 1

    async def _call(self, dataset: pinfold.AsyncDataset, texts: Sequence[str]) -> None:
        tally, pointer = self.tally, self.pointer
        before, switching, shaken, began = pointer.answered, pointer.recent, self._shaken, time.perf_counter()
        try:
            predictions = await dataset.predict(texts, version=self._tag, all_scores=True)
        except pinfold.PinfoldError as error:
            tally.failed += 1
            tally.fault(f"failed: {error!r}")
            return
        seconds = time.perf_counter() - began
        tally.calls += 1
        during = tally.switching if switching or pointer.recent else tally.at_rest
        (tally.shaken if shaken or self._shaken else during).append(seconds)
        self._check(texts, predictions, pointer.may_answer(before))

    def _check(self, texts: Sequence[str], predictions: Sequence[pinfold.Prediction], current: set[int]) -> None:
        version = predictions[0].version
        self.answered_by.add(version)
        expected = [(version, self.golden.answers.get((version, text))) for text in texts]
        if expected != [(one.version, tuple(one.labels)) for one in predictions]:
            self.tally.mixed += 1
            self.tally.fault(f"not what version {version} answers: {predictions}")
        if version not in current:
            self.tally.stale += 1
            self.tally.fault(f"version {version} answered, but the tag pointed to {sorted(current)}")


@asynccontextmanager
async def connected(
    target: str, count: int, *, predict_timeout: float = 10.0
) -> AsyncIterator[list[pinfold.AsyncClient]]:
    """Clients with a connection of their own each, and the retry policy that every client has by default; a call gets
    `predict_timeout` seconds.
    """
    clients = [pinfold.AsyncClient(target, predict_timeout=predict_timeout) for _ in range(count)]
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(client) for client in clients]


def percentile(seconds: Sequence[float], part: float) -> float:
    """The value that `part` (0 to 1) of the given ones do not exceed; 0 for none."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
