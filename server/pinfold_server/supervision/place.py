"""One place in the process tree: who fills it, and when it is filled again after a death."""

import logging
import signal
import time

from pinfold_server.processes import HOPELESS
from pinfold_server.supervision.child import Child, Order

log = logging.getLogger(__name__)

BACK_OFF_SECONDS = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 20.0  # a child that lived so long has no failures behind it
FAILURES_MAX = 6  # of one child in a row: then the server gives up
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)


class Place:
    """Filled by one child at a time; a dead one is replaced after a pause that grows with its failures in a row."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.child: Child | None = None
        self.starts = 0
        self._failures = 0
        self._start_at = 0.0

    @property
    def name(self) -> str:
        return f"{self.order.role} {self.order.slot}"

    @property
    def hopeless(self) -> bool:
        """True when another start would fail as the last ones did."""
        return self._failures > FAILURES_MAX

    @property
    def ready(self) -> bool:
        return self.child is not None and self.child.ready

    def new_child(self) -> Child:
        """Starts a child for this place, which does not fill it yet."""
        child = Child(self.order)
        self.starts += 1
        log.debug("started %s, pid %d", self.name, child.pid)
        return child

    def tend(self) -> None:
        """Buries a dead child, and starts another one when it is time."""
        if self.child is not None and self.child.status is not None:
            self._bury(self.child, self.child.status)
        if self.child is None and time.monotonic() >= self._start_at:
            self.child = self.new_child()

    def seconds_to_start(self) -> float | None:
        """How long the place stays empty; None when it is filled."""
        return None if self.child is not None else max(0.0, self._start_at - time.monotonic())

    def _bury(self, child: Child, status: int) -> None:
        now = time.monotonic()
        if now - child.started > STEADY_SECONDS:
            self._failures = 0
        # One that somebody killed has not failed: it comes back at once.
        if status == HOPELESS:
            self._failures = FAILURES_MAX + 1
        elif -status in CRASHES or (not child.ready and -status != signal.SIGKILL):
            self._failures += 1
        pause = BACK_OFF_SECONDS[min(self._failures, len(BACK_OFF_SECONDS) - 1)]
        self._start_at = now + pause
        log.warning("%s (pid %d) ended with status %d; its next start is in %g s", self.name, child.pid, status, pause)
        child.close()
        self.child = None
