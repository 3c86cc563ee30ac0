"""An experiment that a sync client holds."""

import time
from collections.abc import Callable, Iterator
from typing import Self

from pinfold import _experiments as calls
from pinfold._calls import check_timeout
from pinfold._experiments import ExperimentInfo, RunMetric
from pinfold._model_calls import get_version
from pinfold._progress import experiment_reporter
from pinfold._sync.connection import Connection
from pinfold._sync.run import Run
from pinfold._sync.version import Version
from pinfold._views import ExperimentView

LOOK_SECONDS = 0.5


class Experiment(ExperimentView):
    """Runs that belong together. What it tells is as last seen: `refresh()` and `wait()` bring news.

    Example:
        >>> sweep = support.create_sweep("strength", grid={"regularization": [0.3, 0.7, 1.5]})
        >>> sweep.wait(progress=True).best_version
        4

    """

    def __init__(self, connection: Connection, dataset_id: str, info: ExperimentInfo) -> None:
        super().__init__(dataset_id, info)
        self._connection = connection

    def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads the experiment anew."""
        self._info = self._connection.run(calls.get_experiment(self._dataset_id, self.id), timeout)
        return self

    def cancel(self, *, timeout: float | None = None) -> Self:
        """Asks every run that has not ended to stop; `wait()` tells when they have."""
        self._info = self._connection.run(calls.cancel_experiment(self._dataset_id, self.id), timeout)
        return self

    def wait(
        self, timeout: float | None = None, progress: bool | Callable[[ExperimentInfo], object] = False
    ) -> ExperimentInfo:
        """The experiment once no run of it waits or works; runs that fail or are cancelled are counted.

        `progress`: True shows one bar for all runs on standard error where that is a terminal; a callable gets every
        `ExperimentInfo`. Raises DeadlineExceeded after `timeout` seconds (the runs go on).
        """
        report = experiment_reporter(progress)
        end = None if timeout is None else time.monotonic() + check_timeout(timeout, "timeout")
        while not self.refresh().done:
            report(self._info)
            if end is not None and time.monotonic() >= end:
                raise calls.not_ended(self.id)
            time.sleep(LOOK_SECONDS)
        report(self._info)
        return self._info

    def runs(
        self, order_by: RunMetric | str | None = None, *, starred_only: bool = False, timeout: float | None = None
    ) -> Iterator[Run]:
        """Its runs, newest first, or the best first by a figure."""
        listed = calls.list_experiment_runs(self._dataset_id, self.id, order_by, starred_only)
        for info in self._connection.list(listed, timeout):
            yield Run(self._connection, self._dataset_id, info)

    def best_version(self, *, timeout: float | None = None) -> Version | None:
        """The version that the best run made; None while there is none."""
        number = self._info.best_version
        if number is None:
            return None
        call = get_version(self._dataset_id, number)
        return Version(self._connection, self._dataset_id, self._connection.run(call, timeout))
