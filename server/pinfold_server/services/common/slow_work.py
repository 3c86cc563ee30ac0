"""Questions that take milliseconds to seconds to compute: off the event loop, in order, and never too many."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from pinfold_server.errors import AppError, Code
from pinfold_server.services.predictions.budget import TextBudget

T = TypeVar("T")

WAITING_MAX = 32


class SlowWork:
    """Belongs to the event loop; `executor` has one thread, so that predictions keep theirs."""

    def __init__(self, executor: Executor, waiting_max: int = WAITING_MAX) -> None:
        self._executor = executor
        self._waiting = TextBudget(waiting_max)

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns. Raises AppError OVERLOADED at once when too much waits already."""
        if not self._waiting.try_take(1):
            raise AppError(
                Code.EXHAUSTED,
                "OVERLOADED",
                f"{self._waiting.taken} questions of quality wait in this worker: send this again a little later",
                retry_after=0.5,
            )
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._waiting.give_back(1)
