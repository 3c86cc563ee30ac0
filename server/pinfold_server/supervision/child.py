"""One child process and the supervisor's end of its line.

Children are started by exec, never forked, and in sessions of their own, so that Ctrl-C reaches only the supervisor.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from pinfold_server.processes import READY
from pinfold_server.settings import PREFIX, Settings


@dataclass(frozen=True, slots=True)
class Order:
    """What to start: a `worker` or a `trainer`, which of them, and the port that the workers share."""

    role: str
    slot: int
    port: int
    settings: Settings

    def command(self, lifeline: int) -> list[str]:
        command = [sys.executable, "-m", "pinfold_server", self.role, "--slot", str(self.slot)]
        return [*command, "--lifeline", str(lifeline), "--bound-port", str(self.port), *self.settings.to_args()]


class Child:
    """A process from its start until it has been waited for. `line` is readable once it is ready, or dead."""

    def __init__(self, order: Order) -> None:
        self.line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                order.command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env=child_environment(order.role),
            )
        self.started = time.monotonic()
        self.heard = False
        self.ready = False
        self._closing = threading.Lock()
        self._asked = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self._process.poll()

    def hear(self) -> None:
        """Reads what made `line` readable. A death says nothing here and is seen by `status`."""
        self.heard = True
        try:
            self.ready = self.line.recv(len(READY)) == READY
        except OSError:
            return

    def ask(self, seconds: float) -> bytes | None:
        """The report of a child that is ready; None when it gives none in time. One caller at a time."""
        self._asked += 1
        number = b"%d" % self._asked
        try:
            # A descriptor of its own, because another thread may close the line meanwhile.
            with self._closing:
                line = self.line.dup()
            with line:
                line.settimeout(seconds)
                line.sendall(number + b"\n")
                with line.makefile("rb") as answers:
                    # What a child was asked for too long ago may still come in before what it is asked for now.
                    for answer in answers:
                        found, _, report = answer.partition(b" ")
                        if found == number:
                            return report
        except OSError:
            return None
        return None

    def terminate(self) -> None:
        """Asks it to drain."""
        if self.status is None:
            self._process.terminate()

    def kill(self) -> None:
        """Ends it now, and returns when it has gone."""
        if self.status is None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        with self._closing:
            self.line.close()


def child_environment(role: str) -> dict[str, str]:
    """One computing thread in each process: processes are the parallelism, and threads that spin steal from the
    others.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment.pop("LMDB_DEFAULT_LIB_VERSION", None)
    environment["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime would send the names of models; read before its import
    if role == "trainer":
        environment.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    return environment
