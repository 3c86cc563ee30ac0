"""gRPC's thread that carries events from its core to the event loop, and when it gives way to the loop.

Linux lets a thread that wakes up take the core from the one that runs there. With many calls under way the poller
therefore interrupts the event loop at each event (a call has come, its message was received, its answer was sent), and
the loop, woken by what the poller writes to a socket, interrupts the poller: ten changes of thread a call. As a batch
thread it interrupts nobody, finds all events together when the loop has nothing left to do, and there are two.

A call that comes alone finds nobody to be put off by, except other processes on the same core: there a batch thread
would wait for the end of their time slices, some milliseconds. So the poller is one only while calls come in company,
where it gains even then, and only where this process keeps to one core: on another core than the loop's it would wait
for strangers and gain nothing (figures: docs/decisions.md).
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pinfold_server.domain.predictions.company import Company

log = logging.getLogger(__name__)


class Poller:
    """Belongs to the event loop."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._company = Company()
        self._threads: tuple[int, ...] = ()
        self._last: asyncio.Task[Any] | None = None
        self._batch = False

    @contextmanager
    def starting(self) -> Iterator[None]:
        """The poller is the thread that is started meanwhile; where there is none, nothing is ever done."""
        before = set(threading.enumerate())
        yield
        if _on_one_core():
            self._threads = tuple(
                thread.native_id for thread in threading.enumerate() if thread not in before and thread.native_id
            )

    def call_came(self) -> None:
        """To be called in the task of each call that comes."""
        if not self._threads:
            return
        last, self._last = self._last, asyncio.current_task()
        # The task of a call ends when its answer is sent, which is after its handler.
        self.came(meets=last is not None and not last.done())

    def came(self, *, meets: bool) -> None:
        """Work has come; `meets` when other work is still under way."""
        if not self._threads:
            return
        batch = self._company.came(self._clock(), meets=meets)
        if batch is not self._batch:
            self._batch = batch
            self._switch()

    def give_way(self) -> None:
        """Lets the poller bring what has come, in the middle of the loop's work."""
        if self._batch:
            os.sched_yield()

    def _switch(self) -> None:
        policy = os.SCHED_BATCH if self._batch else os.SCHED_OTHER
        try:
            for thread in self._threads:
                os.sched_setscheduler(thread, policy, os.sched_param(0))
        except OSError as error:  # a container that forbids it, or the thread has ended
            log.info("gRPC's poller stays as it is: %s", error)
            self._threads, self._batch = (), False


def _on_one_core() -> bool:
    """Where a process can tell (Linux), and the system knows batch threads."""
    return hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) == 1
