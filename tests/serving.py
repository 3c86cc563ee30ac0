"""Real servers for tests: a process on a free port of the loopback, its data in a folder of the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pinfold

#: For whatever must come to an end: so long that only what would never end exceeds it, on any machine under any load.
HANG_SECONDS = 300.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `log` is what its processes wrote."""

    target: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        return int(self.target.rpartition(":")[2])

    def stop(self) -> int:
        """Drains the server as an operator would; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(HANG_SECONDS)


@contextmanager
def serving(
    folder: Path,
    *,
    workers: int = 1,
    trainers: int = 1,
    flags: Sequence[str] = (),
    data: Path | None = None,
    port: int = 0,
) -> Iterator[Server]:
    """A server that has said SERVING; drained at the end, which must go well. A trainer takes seconds of processor time
    to start: tests that train nothing and score nothing do without.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = data or folder / "data"
    port_file, log = folder / "port", folder / "server.log"
    port_file.unlink(missing_ok=True)
    processes = ["--workers", str(workers), "--trainers", str(trainers)]
    command = [sys.executable, "-m", "pinfold_server", "--data", str(data), *processes, *flags]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--port-file", str(port_file)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONFAULTHANDLER": "1"},
        )
    try:
        server = Server(f"127.0.0.1:{_await_port(process, port_file, log)}", data, log, process)
        yield server
        if process.poll() is None:
            assert server.stop() == 0, log.read_text(errors="replace")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(holds: Callable[[], bool], say: Callable[[], object] = lambda: "it never came true") -> None:
    """Returns as soon as something holds. Raises AssertionError with `say()` when it never does."""
    deadline = time.monotonic() + HANG_SECONDS
    while not holds():
        assert time.monotonic() < deadline, say()
        time.sleep(LOOK_SECONDS)


def _await_port(process: subprocess.Popen[bytes], port_file: Path, log: Path) -> int:
    deadline = time.monotonic() + HANG_SECONDS
    while time.monotonic() < deadline:
        if port_file.exists():
            return int(port_file.read_text())
        if process.poll() is not None:
            break
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"the server did not start (exit status {process.poll()}):\n{log.read_text(errors='replace')}")


@dataclass(frozen=True, slots=True)
class Trained:
    """A dataset with two pinned versions; `live` points to the first one, `staging` to the second."""

    server: Server
    dataset: str
    first: int
    second: int
    labels: frozenset[str]


TOPICS = {
    "Billing > Refund": ("refund", "money back", "reimburse", "returned payment"),
    "Billing > Invoice": ("invoice", "receipt", "billing statement", "vat number"),
    "Login": ("password", "sign in", "two factor code", "locked account"),
    "Delivery": ("parcel", "courier", "tracking number", "shipment"),
}
PHRASES = (
    "where is my {}",
    "please help me with the {}",
    "I have a problem with my {} again",
    "the {} is wrong since yesterday",
    "how long does the {} take",
    "can somebody check the {} today",
    "nobody answers me about the {}",
    "thank you for the {} last week",
)


def ticket_rows() -> list[dict[str, object]]:
    """A small hierarchical data set: 4 leaf labels, 32 texts each."""
    return [
        {"id": f"{label}-{word}-{place}", "text": phrase.format(word), "labels": [label]}
        for label, words in TOPICS.items()
        for word in words
        for place, phrase in enumerate(PHRASES)
    ]


def train_tickets(server: Server, dataset_id: str = "tickets") -> Trained:
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.create_dataset(dataset_id)
        report = dataset.upload(ticket_rows())
        assert report.new == len(ticket_rows()), report.failures
        first = dataset.train().wait(timeout=HANG_SECONDS).pin()
        dataset.set_tag("live", first)
        second = dataset.train(algorithm="logistic_regression").wait(timeout=HANG_SECONDS).pin()
        dataset.set_tag("staging", second)
        names = frozenset(label.name for label in first.labels)
    return Trained(server, dataset_id, first.number, second.number, names)
