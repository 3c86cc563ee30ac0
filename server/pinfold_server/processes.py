"""What a child process shares with its supervisor: a line that tells readiness one way and death the other way.

Once the child has said that it is ready, the supervisor may ask it for a report: it sends a line with a number, and
gets a line with the same number and the report.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

READY = b"ready\n"

#: Exit status of a child for which another start would end the same way.
HOPELESS = 78


def may_keep_to_core() -> bool:
    """Whether this system lets a process choose where it runs (Linux does)."""
    return hasattr(os, "sched_setaffinity")


def keep_to_core(slot: int) -> None:
    """From now on this process runs on one of the cores that it may use; another one for the next slot, as long as
    there are more.
    """
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[slot % len(cores)]})


class Lifeline:
    """The child's end. When the supervisor dies, however suddenly, the other end closes and the child follows."""

    def __init__(self, fileno: int) -> None:
        self._socket = socket.socket(fileno=fileno)
        self._socket.setblocking(True)

    def ready(self) -> None:
        """Tells the supervisor that this process does its work."""
        try:
            self._socket.sendall(READY)
        except OSError:
            return  # the supervisor is gone: `follow` ends this process

    def follow(self, report: Callable[[], bytes], on_death: Callable[[], None] = lambda: os._exit(3)) -> None:
        """Answers the supervisor with what `report` returns (one line), and calls `on_death` once it is gone.

        Both are called from a thread of its own.
        """

        def listen() -> None:
            try:
                with self._socket.makefile("rb") as asked:
                    for number in asked:
                        self._socket.sendall(number.strip() + b" " + _report_of(report) + b"\n")
            except OSError:
                pass
            on_death()

        threading.Thread(target=listen, name="lifeline", daemon=True).start()


def _report_of(report: Callable[[], bytes]) -> bytes:
    """A report that fails must not be taken for the supervisor's death; a process that ends has closed its store."""
    try:
        return report()
    except Exception as error:
        log.debug("no report: %s", error)
        return b""
