"""Work that nobody waits for: done on the event loop in small steps, in a bounded share of its time."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")

IDLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is done at a time and how often: at most `texts` in a step, `pause` seconds at least between two, and no
    more than `share` of the event loop's time, above 0 and at most 1.

    Every step is a turn of the loop, and turns cost those who are answered more than the work in them.
    """

    texts: int
    share: float
    pause: float = 0.0

    def rest(self, spent: float) -> float:
        """Seconds until the next step, after one that took `spent`."""
        return max(self.pause, spent * (1 / self.share - 1))


class Backlog(Generic[T]):
    """Texts with what they belong to. Takes no more than it has room for: the caller never waits."""

    def __init__(self, *, texts_max: int, characters_max: int, pace: Pace) -> None:
        self._room = texts_max
        self._characters = characters_max
        self._pace = pace
        self._waiting: deque[tuple[T, Sequence[str]]] = deque()

    @property
    def is_open(self) -> bool:
        """False while nothing would be taken, so that the caller need not put anything together."""
        return self._room > 0 and self._characters > 0

    def offer(self, owner: T, texts: Sequence[str]) -> bool:
        """False when there is no room: the texts are not taken."""
        if len(texts) > self._room or self._characters <= 0:
            return False
        self._room -= len(texts)
        self._characters -= sum(map(len, texts))
        self._waiting.append((owner, texts))
        return True

    async def work(self, look: Callable[[T, Sequence[str]], Awaitable[None]]) -> None:
        """Calls `look` with some texts of one owner at a time, in the order in which they came, until cancelled."""
        while True:
            if not self._waiting:
                await asyncio.sleep(IDLE_SECONDS)
                continue
            began = time.perf_counter()
            owner, texts = self._take()
            try:
                await look(owner, texts)
            except Exception:
                log.exception("some texts could not be looked at")
            await asyncio.sleep(self._pace.rest(time.perf_counter() - began))

    def _take(self) -> tuple[T, list[str]]:
        """Texts for one step: a part of the first offer, or several offers of the same owner."""
        owner, first = self._waiting.popleft()
        texts = list(first)
        if len(texts) > self._pace.texts:
            self._waiting.appendleft((owner, texts[self._pace.texts :]))
            del texts[self._pace.texts :]
        while self._waiting:
            following, more = self._waiting[0]
            if following != owner or len(texts) + len(more) > self._pace.texts:
                break
            self._waiting.popleft()
            texts.extend(more)
        self._room += len(texts)
        self._characters += sum(map(len, texts))
        return owner, texts
