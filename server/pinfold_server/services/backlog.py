"""Work that nobody waits for: done on the event loop in small steps, in a bounded share of its time."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)

TEXTS_A_STEP = 16
IDLE_SECONDS = 0.05


class Backlog(Generic[T]):
    """Texts with what they belong to. Takes no more than it has room for: the caller never waits."""

    def __init__(self, *, texts_max: int, characters_max: int, time_share: float) -> None:
        """`time_share`: the part of the event loop's time that the work may take, above 0 and at most 1."""
        self._room = texts_max
        self._characters = characters_max
        self._pause = 1 / time_share - 1
        self._waiting: deque[tuple[T, Sequence[str], int]] = deque()

    @property
    def is_open(self) -> bool:
        """False while nothing would be taken, so that the caller need not put anything together."""
        return self._room > 0 and self._characters > 0

    def offer(self, owner: T, texts: Sequence[str]) -> bool:
        """False when there is no room: the texts are not taken."""
        if len(texts) > self._room or self._characters <= 0:
            return False
        characters = sum(map(len, texts))
        self._room -= len(texts)
        self._characters -= characters
        self._waiting.append((owner, texts, characters))
        return True

    async def work(self, look: Callable[[T, Sequence[str]], Awaitable[None]]) -> None:
        """Calls `look` with at most TEXTS_A_STEP texts at a time, until cancelled."""
        while True:
            while not self._waiting:
                await asyncio.sleep(IDLE_SECONDS)
            owner, texts, characters = self._waiting.popleft()
            for start in range(0, len(texts), TEXTS_A_STEP):
                began = time.perf_counter()
                try:
                    await look(owner, texts[start : start + TEXTS_A_STEP])
                except Exception:
                    log.exception("some texts could not be looked at")
                await asyncio.sleep((time.perf_counter() - began) * self._pause)
            self._room += len(texts)
            self._characters += characters
