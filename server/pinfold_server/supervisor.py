"""The process tree: starts workers and trainers, starts dead ones again, owns the signals and the drain.

It opens no store and imports no gRPC, so that it does not die of what its children die of. Children are started by
exec, never forked, and in sessions of their own, so that Ctrl-C reaches only the supervisor.
"""

import fcntl
import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from pinfold_server.processes import HOPELESS, READY
from pinfold_server.settings import PREFIX, Settings

log = logging.getLogger(__name__)

BACK_OFF_SECONDS = (0.0, 0.1, 0.5, 1.0, 2.0, 5.0)
STEADY_SECONDS = 20.0  # a child that lived so long has no failures behind it
FAILURES_MAX = 6  # of one child in a row: then the server gives up
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)
KILL_AFTER_SECONDS = 5.0  # on top of the drain


class StartError(Exception):
    """The server cannot start; the message says why and what to do."""


@dataclass(slots=True)
class Child:
    """One place in the tree and the process that fills it now."""

    role: str
    slot: int
    process: "subprocess.Popen[bytes] | None" = None
    line: socket.socket | None = None
    ready: bool = False
    started: float = 0.0
    failures: int = 0
    start_at: float = field(default=0.0)

    @property
    def name(self) -> str:
        return f"{self.role} {self.slot}"


class Supervisor:
    """Runs until a signal, then drains: workers first, so that what they queued is still trained or given back."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._children = [Child("worker", slot) for slot in range(settings.workers)]
        self._children += [Child("trainer", slot) for slot in range(settings.trainers)]
        self._selector = selectors.DefaultSelector()
        self._signals = 0
        self._announced = False
        self._port = settings.port

    def run(self) -> int:
        """The exit status: 0 after a drain, 1 when children died too often or had to be killed. Raises StartError."""
        lock = lock_data(self._settings.data)
        holder = hold_port(self._settings.host, self._settings.port)
        self._port = holder.getsockname()[1]
        wake, woken = socket.socketpair()
        woken.setblocking(False)
        wake.setblocking(False)
        signal.set_wakeup_fd(wake.fileno())
        self._selector.register(woken, selectors.EVENT_READ)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake up
        try:
            return self._watch(woken)
        finally:
            self._kill_all()
            holder.close()
            os.close(lock)

    def _on_signal(self, number: int, _frame: object) -> None:
        self._signals += 1

    def _watch(self, woken: socket.socket) -> int:
        while self._signals == 0:
            for child in self._children:
                self._tend(child)
                if child.failures > FAILURES_MAX:
                    log.critical("%s cannot run: giving up; its last words are above", child.name)
                    return 1
            self._announce()
            self._wait(woken, self._next_start())
        return self._drain(woken)

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None and child.process.poll() is not None:
            self._bury(child, now)
        if child.process is None and now >= child.start_at:
            self._start(child, now)

    def _bury(self, child: Child, now: float) -> None:
        assert child.process is not None
        status = child.process.returncode
        if now - child.started > STEADY_SECONDS:
            child.failures = 0
        # One that somebody killed has not failed: it comes back at once.
        if status == HOPELESS:
            child.failures = FAILURES_MAX + 1
        elif -status in CRASHES or (not child.ready and -status != signal.SIGKILL):
            child.failures += 1
        pause = BACK_OFF_SECONDS[min(child.failures, len(BACK_OFF_SECONDS) - 1)]
        child.start_at = now + pause
        log.warning(
            "%s (pid %d) ended with status %d; its next start is in %g s", child.name, child.process.pid, status, pause
        )
        self._let_go(child)

    def _let_go(self, child: Child) -> None:
        if child.line is not None:
            if not child.ready:
                self._selector.unregister(child.line)
            child.line.close()
        child.process, child.line, child.ready = None, None, False

    def _start(self, child: Child, now: float) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "pinfold_server", child.role]
        command += ["--slot", str(child.slot), "--lifeline", str(theirs.fileno()), "--bound-port", str(self._port)]
        child.process = subprocess.Popen(
            command + self._settings.to_args(),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            env=child_environment(child.role),
        )
        theirs.close()
        ours.setblocking(False)
        child.line, child.started = ours, now
        self._selector.register(ours, selectors.EVENT_READ, child)
        log.debug("started %s, pid %d", child.name, child.process.pid)

    def _wait(self, woken: socket.socket, seconds: float | None) -> None:
        for key, _ in self._selector.select(seconds):
            if key.fileobj is woken:
                woken.recv(4096)
            else:
                self._hear(key.data)

    def _hear(self, child: Child) -> None:
        assert child.line is not None
        try:
            said = child.line.recv(64)
        except OSError:
            said = b""
        # Ready or dead: either way this end has nothing more to say, and death is seen by SIGCHLD.
        self._selector.unregister(child.line)
        child.ready = True
        if said == READY:
            child_ready_after = time.monotonic() - child.started
            log.debug("%s is ready after %.2f s", child.name, child_ready_after)
        else:
            child.ready = False
            child.line.close()
            child.line = None

    def _next_start(self) -> float | None:
        waiting = [child.start_at for child in self._children if child.process is None]
        return max(0.0, min(waiting) - time.monotonic()) if waiting else None

    def _announce(self) -> None:
        if self._announced or not all(child.ready for child in self._children):
            return
        self._announced = True
        log.info(
            "serving on %s:%d: %d workers, %d trainers, data in %s",
            self._settings.host, self._port, self._settings.workers, self._settings.trainers, self._settings.data,
        )  # fmt: skip
        if self._settings.port_file is not None:
            write_port(self._settings.port_file, self._port)

    def _drain(self, woken: socket.socket) -> int:
        log.info("draining: running calls get %g s; a second signal ends them now", self._settings.drain_seconds)
        for child in self._children:
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + self._settings.drain_seconds + KILL_AFTER_SECONDS
        while any(child.process is not None and child.process.poll() is None for child in self._children):
            if self._signals > 1 or time.monotonic() > deadline:
                log.warning("ending the processes that still run")
                return 1
            self._wait(woken, 0.1)
        log.info("stopped")
        return 0

    def _kill_all(self) -> None:
        for child in self._children:
            if child.process is not None and child.process.poll() is None:
                child.process.kill()
                child.process.wait()


def lock_data(folder: Path) -> int:
    """Claims the data folder for this server until the returned descriptor is closed, or the process dies.

    Raises StartError when another server has it: their trainers would take each other for dead.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartError(f"cannot use the data folder {folder}: {error.strerror}; choose another --data") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StartError(
            f"another server uses the data folder {folder}; choose another --data, or end that one"
        ) from error
    return handle


def hold_port(host: str, port: int) -> socket.socket:
    """A bound socket that never listens: it keeps the port ours while workers come and go.

    Raises StartError when anybody else uses the port; with SO_REUSEPORT alone two servers would silently share it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        if port:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                probe.listen(1)
        holder = socket.socket(family, socket.SOCK_STREAM)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((host, port))
    except OSError as error:
        raise StartError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another --host or --port"
        ) from error
    return holder


def write_port(path: Path, port: int) -> None:
    """Writes the number so that a reader sees all of it or nothing."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(f"{port}\n")
    partial.replace(path)


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
