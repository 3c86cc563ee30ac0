"""Small calls to a server while something else goes on, from a process of their own: callers that are busy themselves
would only measure themselves.

`python bench/watching.py HOST:PORT DATASET [FILE SECONDS]` calls until its standard input ends, then prints as JSON the
longest times of a health check and of an administrative call. With FILE, the bytes of a PredictRequest, it also sends
this with a deadline of SECONDS and without retries, and tells how long the answered ones took and how many were not.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import grpc

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.load import METHOD

PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A Predict that is asked for meanwhile: the bytes of its request, and its deadline in seconds."""

    request: bytes
    deadline: float


@dataclass(slots=True)
class Seen:
    """What the calls found, once they have ended. `predict_missed` are those that were not answered in time."""

    health_max_ms: float = 0.0
    admin_max_ms: float = 0.0
    predict_ms: list[float] = field(default_factory=list)
    predict_missed: int = 0


@contextlib.contextmanager
def watched(target: str, dataset: str, asked: Asked | None = None) -> Iterator[Seen]:
    """Small calls as long as the block lasts. Raises RuntimeError when health or administration failed."""
    seen = Seen()
    with tempfile.NamedTemporaryFile(prefix="pinfold-request-") as file:
        command = [sys.executable, __file__, target, dataset]
        if asked is not None:
            file.write(asked.request)
            file.flush()
            command += [file.name, str(asked.deadline)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                yield seen
            finally:
                told, failed = process.communicate("")
    if process.returncode:
        raise RuntimeError(f"a call failed meanwhile: {failed.strip().splitlines()[-1]}")
    for name, value in json.loads(told).items():
        setattr(seen, name, value)


class _Watch(threading.Thread):
    """Times of the calls that were answered, in seconds; `failure` is what a call raised, unless it is `borne`."""

    def __init__(
        self, call: Callable[[], object], ended: threading.Event, borne: tuple[type[Exception], ...] = ()
    ) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self.missed = 0
        self.failure: Exception | None = None
        self._call = call
        self._ended = ended
        self._borne = borne

    def run(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            began = time.perf_counter()
            try:
                self._call()
            except self._borne:
                self.missed += 1
                continue
            except Exception as error:
                self.failure = error
                return
            self.seconds.append(time.perf_counter() - began)

    @property
    def longest_ms(self) -> float:
        return max(self.seconds, default=0.0) * 1e3


def main() -> int:
    target, dataset, *asked = sys.argv[1:]
    ended = threading.Event()
    with pinfold.Client(target) as client, grpc.insecure_channel(target) as channel:
        client.wait_until_ready()
        health = _Watch(client.wait_until_ready, ended)
        admin = _Watch(client.dataset(dataset).refresh, ended)
        watches = [health, admin]
        if asked:
            predict: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(METHOD)
            request, deadline = Path(asked[0]).read_bytes(), float(asked[1])
            watches.append(_Watch(lambda: predict(request, timeout=deadline), ended, (grpc.RpcError,)))
        for watch in watches:
            watch.start()
        print("watching", flush=True)
        sys.stdin.read()
        ended.set()
        for watch in watches:
            watch.join()
            if watch.failure is not None:
                raise watch.failure
    seen = Seen(health.longest_ms, admin.longest_ms)
    for watch in watches[2:]:
        seen.predict_ms, seen.predict_missed = [seconds * 1e3 for seconds in watch.seconds], watch.missed
    print(json.dumps(asdict(seen)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
