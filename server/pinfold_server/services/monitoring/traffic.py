"""What is done with texts after they were answered: watching what versions say, and trying shadows on them."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from pinfold_server.errors import AppError
from pinfold_server.metrics import Family
from pinfold_server.services.monitoring.monitoring import Monitor
from pinfold_server.services.monitoring.shadowing import Shadowing
from pinfold_server.services.predictions.resolution import Resolved
from pinfold_server.services.predictions.served import ServedVersion

log = logging.getLogger(__name__)


class Traffic:
    """Looks on, and never holds up an answer."""

    def __init__(self, monitor: Monitor, shadowing: Shadowing, flush_seconds: float) -> None:
        self._monitor = monitor
        self._shadowing = shadowing
        self._flush_seconds = flush_seconds

    def saw(self, found: Resolved, served: ServedVersion, texts: Sequence[str]) -> None:
        """A version answered some texts of a caller."""
        self._monitor.saw(found.key, served, texts)
        if found.shadow is not None:
            self._shadowing.saw(found, found.shadow, served, texts)

    def families(self) -> Iterable[Family]:
        yield from self._monitor.families()
        yield from self._shadowing.families()

    async def follow(self) -> None:
        """Until cancelled; what was counted by then is stored before it ends."""
        tasks = [asyncio.create_task(work()) for work in (self._monitor.work, self._shadowing.work, self._flush_often)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await self._flush()

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(self._flush_seconds)
            await self._flush()

    async def _flush(self) -> None:
        for part in (self._monitor, self._shadowing):
            try:
                await part.flush()
            except AppError as error:
                log.warning("what was seen of the traffic cannot be stored: %s", error.message)
