"""What a training tells of itself while it runs, and how it learns that it shall end."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from pinfold_server.domain.runs.runs import seconds_left
from pinfold_server.services.runs import claims
from pinfold_server.services.runs.claims import Claim, Progress
from pinfold_server.store.env import Store
from pinfold_server.training.contract import Phase

REPORT_SECONDS = 0.2
LOOK_SECONDS = 0.2


class Watch:
    """Reports progress and looks for a cancellation, neither more often than a person could notice.

    Reports are written by a thread of their own: a training does not wait for the disk. All of them are there when the
    block is left. What a report failed with is raised by the next one, or on leaving.
    """

    def __init__(self, store: Store, held: Claim, stopping: Callable[[], bool]) -> None:
        self._store = store
        self._held = held
        self._stopping = stopping
        self._began = time.monotonic()
        self._reported = 0.0
        self._looked = 0.0
        self._phase: Phase | None = None
        self._cancelled = False
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress")
        self._written: Future[None] | None = None

    def __enter__(self) -> "Watch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.shutdown()
        if error is None and self._written is not None:
            self._written.result()

    def report(self, phase: Phase, fraction: float) -> None:
        """`fraction` of the whole training, 0 to 1. Raises ClaimLost."""
        now = time.monotonic()
        if phase is self._phase and now - self._reported < REPORT_SECONDS:
            return
        self._phase, self._reported = phase, now
        if self._written is not None and self._written.done():
            self._written.result()
        progress = Progress(phase.value, fraction, seconds_left(now - self._began, fraction))
        self._written = self._writer.submit(self._write, progress)

    def should_stop(self) -> bool:
        """True once the run was cancelled, taken away, or the trainer told to stop."""
        if self._stopping():
            return True
        now = time.monotonic()
        if not self._cancelled and now - self._looked >= LOOK_SECONDS:
            self._looked = now
            with self._store.read() as txn:
                self._cancelled = claims.is_cancelled(txn, self._held)
        return self._cancelled

    def _write(self, progress: Progress) -> None:
        with self._store.write() as txn:
            claims.report(txn, self._held, progress)
