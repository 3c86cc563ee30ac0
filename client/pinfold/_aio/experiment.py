"""An experiment that an async client holds."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Self

from pinfold import _experiments as calls
from pinfold._aio.connection import Connection
from pinfold._aio.run import AsyncRun
from pinfold._aio.version import AsyncVersion
from pinfold._calls import check_timeout
from pinfold._experiments import ExperimentInfo, RunMetric
from pinfold._model_calls import get_version
from pinfold._progress import experiment_reporter
from pinfold._views import ExperimentView

LOOK_SECONDS = 0.5


class AsyncExperiment(ExperimentView):
    """Runs that belong together. What it tells is as last seen: `refresh()` and `wait()` bring news.

    Example:
        >>> sweep = await support.create_sweep("strength", grid={"regularization": [0.3, 0.7, 1.5]})
        >>> (await sweep.wait(progress=True)).best_version
        4

    """

    def __init__(self, connection: Connection, dataset_id: str, info: ExperimentInfo) -> None:
        super().__init__(dataset_id, info)
        self._connection = connection

    async def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads the experiment anew."""
        self._info = await self._connection.run(calls.get_experiment(self._dataset_id, self.id), timeout)
        return self

    async def cancel(self, *, timeout: float | None = None) -> Self:
        """Asks every run that has not ended to stop; `wait()` tells when they have."""
        self._info = await self._connection.run(calls.cancel_experiment(self._dataset_id, self.id), timeout)
        return self

    async def wait(
        self, timeout: float | None = None, progress: bool | Callable[[ExperimentInfo], object] = False
    ) -> ExperimentInfo:
        """The experiment once no run of it waits or works; runs that fail or are cancelled are counted.

        `progress`: True shows one bar for all runs on standard error where that is a terminal; a callable gets every
        `ExperimentInfo`. Raises DeadlineExceeded after `timeout` seconds (the runs go on).
        """
        report = experiment_reporter(progress)
        end = None if timeout is None else time.monotonic() + check_timeout(timeout, "timeout")
        while not (await self.refresh()).done:
            report(self._info)
            if end is not None and time.monotonic() >= end:
                raise calls.not_ended(self.id)
            await asyncio.sleep(LOOK_SECONDS)
        report(self._info)
        return self._info

    async def runs(
        self, order_by: RunMetric | str | None = None, *, starred_only: bool = False, timeout: float | None = None
    ) -> AsyncIterator[AsyncRun]:
        """Its runs, newest first, or the best first by a figure."""
        listed = calls.list_experiment_runs(self._dataset_id, self.id, order_by, starred_only)
        async for info in self._connection.list(listed, timeout):
            yield AsyncRun(self._connection, self._dataset_id, info)

    async def best_version(self, *, timeout: float | None = None) -> AsyncVersion | None:
        """The version that the best run made; None while there is none."""
        number = self._info.best_version
        if number is None:
            return None
        call = get_version(self._dataset_id, number)
        return AsyncVersion(self._connection, self._dataset_id, await self._connection.run(call, timeout))
