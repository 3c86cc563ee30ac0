"""The peers, and how one is run: in a session of its own on the first core, ended with what it started there."""

import os
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.beside import MARK, cores
from bench.comparison import wires
from bench.comparison.environments import CannotRun, Environment
from bench.comparison.wires import NotAnswered, Wire
from bench.peer_servers import scoring
from bench.processes import marked

ROOT = Path(__file__).resolve().parent.parent.parent
WAYS = ("onnx", "sklearn")
START_SECONDS = 120.0
_STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that a user would otherwise pick.

    `distribution` is the one whose release is told, `program` the module that is run in the peer's own environment.
    """

    name: str
    distribution: str
    wire: Wire
    program: str


PEERS = (
    Peer("fastapi", "fastapi", wires.json_over_http("/predict"), "bench.peer_servers.fastapi_app"),
    Peer("kserve", "kserve", wires.open_inference(), "bench.peer_servers.kserve_app"),
    Peer("mlserver", "mlserver", wires.open_inference(), "bench.peer_servers.mlserver_app"),
    Peer("triton", "nvidia-pytriton", wires.open_inference(), "bench.peer_servers.triton_app"),
    Peer("litserve", "litserve", wires.json_over_http("/predict"), "bench.peer_servers.litserve_app"),
    Peer("mosec", "mosec", wires.json_over_http("/inference"), "bench.peer_servers.mosec_app"),
    Peer("ray", "ray", wires.pinfold("texts"), "bench.peer_servers.ray_app"),
)


@dataclass(frozen=True, slots=True)
class Entrant:
    """A peer that is installed, and the way in which it serves, one of WAYS."""

    peer: Peer
    way: str
    environment: Environment

    @property
    def name(self) -> str:
        """As in the result and for `--only`."""
        return f"{self.peer.name}/{self.way}"

    @property
    def version(self) -> str:
        return self.environment.version_of(self.peer.distribution)

    @property
    def mark(self) -> str:
        """What tells its processes from others, those of another run of the bench included."""
        return f"{os.getpid()}/{self.name}"

    @contextmanager
    def running(self, model: Path, folder: Path) -> Iterator[str]:
        """Starts the peer and waits until it answers; its address. Raises `CannotRun`.

        `model` is the folder of the shared model; what the peer writes goes to `folder`.
        """
        folder.mkdir(parents=True, exist_ok=True)
        port, log = scoring.free_port(), folder / "log"
        asked = {
            scoring.MODEL_VARIABLE: str(model),
            scoring.WAY_VARIABLE: self.way,
            scoring.PORT_VARIABLE: str(port),
            MARK: self.mark,
        }
        command = [str(self.environment.python), "-m", self.peer.program]
        variables = _variables(folder) | asked
        with log.open("wb") as output, cores(first=True):
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=variables,
                cwd=folder,
                start_new_session=True,
            )
        try:
            address = f"{scoring.HOST}:{port}"
            _wait_for_answer(process, self.peer.wire, address, log)
            yield address
        finally:
            _stop(process, self.mark)


def _variables(folder: Path) -> dict[str, str]:
    """The caller's own, without what would lead a peer's Python elsewhere; files of a peer stay in its folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    # Triton's Python backend loads libpython.
    libraries = [sysconfig.get_config_var("LIBDIR"), kept.get("LD_LIBRARY_PATH")]
    return kept | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "client")]),  # the programs; Ray serves Pinfold's protocol
        "TMPDIR": str(folder),
        "HOME": str(folder),
        "LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries)),
        "OMP_NUM_THREADS": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_AUTH_MODE": "disabled",
    }


def _wait_for_answer(process: subprocess.Popen[bytes], wire: Wire, address: str, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    said = "nothing"
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise CannotRun(f"ended with status {process.returncode}: {_end_of(log)}")
        try:
            wire.ask(address, ["Is anybody there?"])
            return
        except NotAnswered as refused:
            said = str(refused)
        time.sleep(0.2)
    raise CannotRun(f"did not answer within {START_SECONDS:.0f} s, last: {said}: {_end_of(log)}")


def _end_of(log: Path) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it said nothing"


def _stop(process: subprocess.Popen[bytes], mark: str) -> None:
    """Ends the process, then what is left of those that it started: the children of some servers outlive them."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    # Some make a session of their own. They are gone before anything else is measured.
    give_up = time.monotonic() + _STOP_SECONDS
    while (left := marked(MARK, mark)) and time.monotonic() < give_up:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
