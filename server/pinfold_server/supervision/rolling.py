"""A rolling restart: every worker is replaced by a new one that serves already, one after the other; then the trainers.

The callers of the old worker are told to go elsewhere while both of them listen, so that no call is lost.
"""

import logging
import time
from collections import deque
from collections.abc import Sequence

from pinfold_server.supervision.child import Child
from pinfold_server.supervision.place import Place

log = logging.getLogger(__name__)

READY_SECONDS = 60.0  # a new worker that needs longer is not coming


class RollingRestart:
    """Call `step` whenever something may have happened, before the places are tended."""

    def __init__(self, places: Sequence[Place], drain_seconds: float) -> None:
        """`drain_seconds` is what an old worker gets before it is killed."""
        self._waiting = deque(place for place in places if place.order.role == "worker")
        self._trainers = [place for place in places if place.order.role == "trainer"]
        self._drain_seconds = drain_seconds
        self._place: Place | None = None
        self._old: Child | None = None
        self._kill_at = float("inf")

    @property
    def old(self) -> Child | None:
        """The worker that is replaced now: it fills no place, but still runs."""
        return self._old

    def step(self) -> bool:
        """False when all is done, or was given up."""
        if self._place is not None and not self._go_on(self._place):
            return False
        if self._place is None:
            return self._next()
        return True

    def _next(self) -> bool:
        if not self._waiting:
            for trainer in self._trainers:
                if trainer.child is not None:
                    trainer.child.terminate()  # its run is given back, and its place is filled again as after a death
            log.info("rolling restart: all workers are new")
            return False
        self._place = self._waiting.popleft()
        self._old, self._place.child = self._place.child, None
        self._kill_at = float("inf")
        # An empty place is filled anyway.
        if self._old is not None:
            self._place.child = self._place.new_child()
        return True

    def _go_on(self, place: Place) -> bool:
        """False when the new worker does not come; the old one then stays where it was."""
        if self._old is not None and self._old.status is not None:
            self._old.close()
            self._old = None
        if self._old is not None:
            # Once the old worker drains there is no way back, whatever becomes of the new one.
            if self._kill_at == float("inf") and not place.ready:
                return self._await_new(place, self._old)
            self._end_old(place, self._old)
        elif place.ready:
            self._place = None
        return True

    def _await_new(self, place: Place, old: Child) -> bool:
        new = place.child
        if new is not None and new.status is None and time.monotonic() - new.started < READY_SECONDS:
            return True
        log.error("rolling restart: the new %s does not serve; the old ones go on", place.name)
        if new is not None:
            new.kill()
            new.close()
        place.child, self._old = old, None
        return False

    def _end_old(self, place: Place, old: Child) -> None:
        if self._kill_at == float("inf"):
            log.info("rolling restart: %s is now pid %d", place.name, place.child.pid if place.child else 0)
            old.terminate()
            self._kill_at = time.monotonic() + self._drain_seconds
        elif time.monotonic() > self._kill_at:
            log.warning("rolling restart: the old %s (pid %d) did not end: killed", place.name, old.pid)
            old.kill()
