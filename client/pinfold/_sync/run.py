"""A training that a sync client holds."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Self

from pinfold import _model_calls as calls
from pinfold._calls import WatchBudget, stream_ended
from pinfold._errors import PinfoldError
from pinfold._experiments import RunDeletion, RunNotes, delete_run, update_run
from pinfold._model_types import RunInfo
from pinfold._progress import run_reporter
from pinfold._runs import made_version
from pinfold._sync.connection import Connection
from pinfold._sync.version import Version
from pinfold._views import RunView


class Run(RunView):
    """One training. What it tells is as last seen: `refresh()`, `watch()` and `wait()` bring news.

    Example:
        >>> run = support.train()
        >>> version = run.wait(progress=True)

    """

    def __init__(self, connection: Connection, dataset_id: str, info: RunInfo) -> None:
        super().__init__(dataset_id, info)
        self._connection = connection

    def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads the run anew; one that has ended cannot change, so no call is made."""
        if not self.done:
            self._info = self._connection.run(calls.get_run(self._dataset_id, self.number), timeout)
        return self

    def cancel(self, *, timeout: float | None = None) -> Self:
        """Asks the run to stop; `wait()` tells when it has. One that has ended stays as it is."""
        self._info = self._connection.run(calls.cancel_run(self._dataset_id, self.number), timeout)
        return self

    def update(
        self,
        *,
        title: str | None = None,
        notes: str | None = None,
        metadata: Mapping[str, str] | None = None,
        starred: bool | None = None,
        timeout: float | None = None,
    ) -> Self:
        """Changes what people say of the run; what is None stays, an empty one clears. `metadata` as a whole."""
        said = RunNotes(title, notes, metadata, starred)
        self._info = self._connection.run(update_run(self._dataset_id, self.number, said), timeout)
        return self

    def delete(self, token: str | None = None, *, timeout: float | None = None) -> RunDeletion:
        """Deletes the run with its version, once and for all; without a token it only tells what would be lost.

        Raises FailedPrecondition while the run has not ended or its version is in use, Conflict when the run has
        changed since the token was given.

        Example:
            >>> run.delete(run.delete().token).deleted
            True

        """
        return self._connection.run(delete_run(self._dataset_id, self.number, token), timeout)

    def watch(self, *, timeout: float | None = None) -> Iterator[RunInfo]:
        """The run now and after every change, until it has ended; a broken connection is opened again.

        `timeout` (seconds) bounds the whole watch, None does not. Raises DeadlineExceeded when it is over.
        """
        if self.done:
            yield self._info
            return
        budget = WatchBudget(timeout, self._connection.settings.retry, f"run {self.number}")
        stream = calls.watch_run(self._dataset_id, self.number)
        shown: RunInfo | None = None
        while True:
            failure: PinfoldError = stream_ended()
            try:
                for info in self._connection.stream(stream, budget.opening()):
                    budget.progressed()
                    self._info = info
                    if info != shown:
                        shown = info
                        yield info
                    if info.done:
                        return
            except PinfoldError as error:
                failure = error
            time.sleep(budget.pause_after(failure))

    def wait(self, timeout: float | None = None, progress: bool | Callable[[RunInfo], object] = False) -> Version:
        """The version that the run makes, once it is there.

        `progress`: True shows phase, bar and seconds left on standard error where that is a terminal; a callable
        gets every `RunInfo`. Raises TrainingFailed, TrainingCancelled, and DeadlineExceeded after `timeout` seconds
        (the run goes on).
        """
        report = run_reporter(progress)
        for info in self.watch(timeout=timeout):
            report(info)
        made = made_version(self._info)
        return Version(
            self._connection, self._dataset_id, self._connection.run(calls.get_version(self._dataset_id, made))
        )
