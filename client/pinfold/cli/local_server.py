"""A real server for the length of a block: free port, one folder, its log beside the data."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

INSTALL_SERVER = "pinfold-server is not installed here: pip install 'pinfold[server]'"
_TERMINATED = 128 + signal.SIGTERM
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_LOG_LINES_SHOWN = 15

_Handler = Callable[[int, FrameType | None], Any] | int | None


class LocalServerError(Exception):
    """The server could not be started; the message ends with the last lines of its log."""


def server_is_installed() -> bool:
    """Whether this Python has pinfold-server; nothing of it is imported."""
    return importlib.util.find_spec("pinfold_server") is not None


class LocalServer:
    """Context manager for the main thread: `python -m pinfold_server` on a free port of loopback, ended with it."""

    def __init__(self, folder: Path, *, workers: int = 1) -> None:
        self.folder = folder
        self.target = ""
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None
        self._handler: _Handler = signal.SIG_DFL

    @property
    def data(self) -> Path:
        """The server's data folder, to start it again by hand."""
        return self.folder / "data"

    @property
    def pid(self) -> int:
        """Process id of the supervisor: for signals, and to find its children."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def log(self) -> Path:
        """Everything that the server wrote."""
        return self.folder / "server.log"

    def __enter__(self) -> LocalServer:
        if not server_is_installed():
            raise LocalServerError(INSTALL_SERVER)
        self.folder.mkdir(parents=True, exist_ok=True)
        port_file = self.folder / "port"
        port_file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pinfold_server", "--data", str(self.data), "--port", "0"]
        command += ["--port-file", str(port_file), "--workers", str(self._workers)]
        # Ended by SIGTERM, Python would leave its child behind.
        self._handler = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.target = f"127.0.0.1:{self._wait_for(port_file)}"
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _wait_for(self, port_file: Path) -> int:
        assert self._process is not None
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up:
            # Written in one step, and only once the server answers.
            if port_file.exists():
                return int(port_file.read_text())
            if self._process.poll() is not None:
                raise LocalServerError(f"the server ended with code {self._process.returncode}\n{self._log_end()}")
            time.sleep(0.02)
        raise LocalServerError(f"the server did not answer within {_START_SECONDS:.0f} s\n{self._log_end()}")

    def _stop(self) -> None:
        signal.signal(signal.SIGTERM, self._handler)
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _log_end(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-_LOG_LINES_SHOWN:])
