"""How many texts may be under way at a time: the memory and the waiting time of a worker are bounded by it."""

import asyncio
from collections import deque


class TextBudget:
    """Belongs to the event loop. Whoever comes while nothing is under way is let in, however much it brings."""

    def __init__(self, texts_max: int) -> None:
        self._texts_max = texts_max
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self.taken = 0

    def try_take(self, texts: int) -> bool:
        """Takes at once or not at all; never before somebody who waits."""
        if self._waiting or not self._fits(texts):
            return False
        self.taken += texts
        return True

    async def take(self, texts: int) -> None:
        """Waits until there is room; in order of arrival."""
        if self.try_take(texts):
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((texts, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(texts)
            raise

    def give_back(self, texts: int) -> None:
        """To be called once for everything that was taken."""
        self.taken -= texts
        while self._waiting and (self._waiting[0][1].done() or self._fits(self._waiting[0][0])):
            texts, turn = self._waiting.popleft()
            if not turn.done():
                self.taken += texts
                turn.set_result(None)

    def _fits(self, texts: int) -> bool:
        return self.taken == 0 or self.taken + texts <= self._texts_max
