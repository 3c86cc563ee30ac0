"""The process tree: starts workers and trainers, starts dead ones again, owns the signals and the drain.

It opens no store and imports no gRPC, so that it does not die of what its children die of.
"""

import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from pinfold_server.settings import Settings
from pinfold_server.supervision.child import Child, Order
from pinfold_server.supervision.claims import hold_port, lock_data, write_port
from pinfold_server.supervision.endpoint import metrics_endpoint
from pinfold_server.supervision.place import Place
from pinfold_server.supervision.rolling import RollingRestart
from pinfold_server.write_mark import WriteMark

log = logging.getLogger(__name__)

KILL_AFTER_SECONDS = 5.0  # on top of the drain
WATCH_SECONDS = 1.0  # while nothing happens: is the write lock held too long?
LOOK_SECONDS = 0.1  # while something ends that may have to be killed


class Supervisor:
    """Runs until SIGTERM or SIGINT, then drains. SIGHUP replaces the processes one after the other meanwhile."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places: list[Place] = []
        self._rolling: RollingRestart | None = None
        self._ends_asked = 0
        self._restart_asked = False
        self._announced = False
        self._mark: WriteMark

    def run(self) -> int:
        """The exit status: 0 after a drain, 1 when children died too often or had to be killed. Raises StartError."""
        with ExitStack() as claimed:
            claimed.callback(os.close, lock_data(self._settings.data))
            self._mark = claimed.enter_context(closing(WriteMark(self._settings.data)))
            holder = claimed.enter_context(hold_port(self._settings.host, self._settings.port))
            port = holder.getsockname()[1]
            roles = {"worker": self._settings.workers, "trainer": self._settings.trainers}
            self._places = [
                Place(Order(role, slot, port, self._settings)) for role, count in roles.items() for slot in range(count)
            ]
            if self._settings.metrics_port:
                claimed.enter_context(metrics_endpoint(self._settings, self._places))
            woken = claimed.enter_context(self._caught_signals())
            claimed.callback(self._kill_all)
            return self._watch(woken, port)

    @contextmanager
    def _caught_signals(self) -> Iterator[socket.socket]:
        """A socket that becomes readable with every signal."""
        wake, woken = socket.socketpair()
        with wake, woken:
            for end in (wake, woken):
                end.setblocking(False)
            signal.set_wakeup_fd(wake.fileno())
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, self._on_signal)
            signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake up
            try:
                yield woken
            finally:
                signal.set_wakeup_fd(-1)

    def _on_signal(self, number: int, _frame: object) -> None:
        if number == signal.SIGHUP:
            self._restart_asked = True
        else:
            self._ends_asked += 1

    def _watch(self, woken: socket.socket, port: int) -> int:
        while self._ends_asked == 0:
            self._roll()
            for place in self._tended():
                place.tend()
                if place.hopeless:
                    log.critical("%s cannot run: giving up; its last words are above", place.name)
                    return 1
            self._announce(port)
            self._end_paused_writer()
            self._wait(woken, LOOK_SECONDS if self._rolling else self._seconds_to_start())
        return self._drain(woken)

    def _end_paused_writer(self) -> None:
        """A paused process that holds the write lock would hold up every other writer for ever."""
        pid, seconds = self._mark.held()
        for child in self._children():
            if child.pid == pid and seconds > self._settings.write_seconds_max:
                log.error("pid %d has held the write lock for %.0f s: ending it", pid, seconds)
                child.kill()

    def _tended(self) -> list[Place]:
        """All places; at the start only the workers, so that trainers do not take the cores from the first answers."""
        return [place for place in self._places if self._announced or place.order.role == "worker"]

    def _roll(self) -> None:
        if self._rolling is None and self._restart_asked and self._announced:
            self._restart_asked = False
            log.info("rolling restart: replacing %d workers", self._settings.workers)
            self._rolling = RollingRestart(self._places, self._settings.drain_seconds + KILL_AFTER_SECONDS)
        if self._rolling is not None and not self._rolling.step():
            self._rolling = None

    def _children(self) -> Iterator[Child]:
        for place in self._places:
            if place.child is not None:
                yield place.child
        if self._rolling is not None and self._rolling.old is not None:
            yield self._rolling.old

    def _wait(self, woken: socket.socket, seconds: float | None) -> None:
        """Returns after a signal (a child's death is one), when a child became ready, or after `seconds`."""
        with selectors.DefaultSelector() as selector:
            selector.register(woken, selectors.EVENT_READ)
            for child in self._children():
                if not child.heard:
                    selector.register(child.line, selectors.EVENT_READ, child)
            for key, _ in selector.select(seconds):
                if key.fileobj is woken:
                    woken.recv(4096)
                else:
                    key.data.hear()

    def _seconds_to_start(self) -> float:
        waits = [place.seconds_to_start() for place in self._tended()]
        return min((seconds for seconds in waits if seconds is not None), default=WATCH_SECONDS)

    def _announce(self, port: int) -> None:
        if self._announced or not all(place.ready for place in self._tended()):
            return
        self._announced = True
        log.info(
            "serving on %s:%d: %d workers, %d trainers, data in %s",
            self._settings.host, port, self._settings.workers, self._settings.trainers, self._settings.data,
        )  # fmt: skip
        if self._settings.port_file is not None:
            write_port(self._settings.port_file, port)

    def _drain(self, woken: socket.socket) -> int:
        log.info("draining: running calls get %g s; a second signal ends them now", self._settings.drain_seconds)
        for child in self._children():
            child.terminate()
        deadline = time.monotonic() + self._settings.drain_seconds + KILL_AFTER_SECONDS
        while any(child.status is None for child in self._children()):
            if self._ends_asked > 1 or time.monotonic() > deadline:
                log.warning("ending the processes that still run")
                return 1
            self._wait(woken, LOOK_SECONDS)
        log.info("stopped")
        return 0

    def _kill_all(self) -> None:
        for child in self._children():
            child.kill()
