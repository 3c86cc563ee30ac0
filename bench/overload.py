"""What a worker does with ten times the requests that it can answer.

    python bench/overload.py --seconds 30

A server of its own with one worker on the first core, trained on made-up tickets; load from h2load (Debian:
`nghttp2-client`) on the last core, and beside it one caller of each kind from a process of their own. For requests of
1, 64 and 2,048 texts: the peak with some callers, then overload in two ways, then how soon all is as at rest.

waiting   ten times as many callers, who want to send ten times as much, each with one request under way
flooding  ten times as much over few connections, as many requests under way as HTTP/2 lets through

The deadline of a request begins when it is sent, and nothing is retried. Goodput is what the
server counted as answered (OK); where other work shares the machine, look at what it is for each second of processor
time of the worker (`a_core`). The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import grpc

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench import load
from bench.beside import cores, variables
from bench.counters import counted, free_port, settled
from bench.load import Demand, Offered, Shape
from bench.processes import cpu_seconds, resident_over_time, workers_of
from bench.tickets import rows, texts
from bench.traffic import percentile
from bench.watching import Asked, Seen, watched
from pinfold.cli.local_server import LocalServer
from pinfold.v1.prediction_service_pb2 import PredictRequest

DATASET = "tickets"
CALM_CALLS = 100
#: As quick as at rest: so many calls in a row, each no slower than the slowest of the rest but for a twentieth.
CALM_PART, CALM_IN_A_ROW = 0.95, 5
RECOVERY_SECONDS_MAX = 60.0


@dataclass(frozen=True, slots=True)
class Kind:
    """Requests of `texts` texts each; `peak` is the callers that use a worker up."""

    texts: int
    peak: Shape

    def waiting(self, times: float) -> Shape:
        """`times` as many callers, over so many times as many connections."""
        return Shape(round(self.peak.clients * times), self.peak.streams)

    @property
    def flooding(self) -> Shape:
        """No bound of their own: HTTP/2's counts."""
        return Shape(self.peak.clients, 1_000)


KINDS = (Kind(1, Shape(8, 8)), Kind(64, Shape(4, 2)), Kind(2_048, Shape(4, 1)))


@dataclass(frozen=True, slots=True)
class Figures:
    """One kind of requests in one way of overload. Rates are requests a second; `goodput_of_peak` of the time on the
    clock, `a_core_of_peak` of the processor time that the worker got.

    `offered` is what the callers wanted to send, `sent` what they could. Of these, by the second: `refused` were
    answered RESOURCE_EXHAUSTED, `turned_away` by gRPC's core before Python saw them, `late` ended by their deadline.
    `admitted_p99_ms` and `missed` (part of the calls that had no answer in time) are those of a caller beside the load.
    """

    texts: int
    way: str
    peak: float
    goodput: float
    goodput_of_peak: float
    a_core_of_peak: float
    offered: float
    sent: float
    refused: float
    turned_away: float
    late: float
    failed: float
    admitted_p99_ms: float
    missed: float
    health_max_ms: float
    admin_max_ms: float
    rss_grown_mib: float
    recovery_s: float


@dataclass(frozen=True, slots=True)
class Target:
    """The server under load. `metrics` is the port of its page for Prometheus, `worker` a process id."""

    address: str
    metrics: int
    worker: int


@dataclass(frozen=True, slots=True)
class _Run:
    """What callers and worker made of a load. `codes` are calls by status, `cpu` seconds of the worker, `ended` a
    reading of `time.perf_counter`.
    """

    offered: Offered
    codes: dict[str, int]
    cpu: float
    ended: float

    def rate(self, count: float) -> float:
        return count / self.offered.seconds

    @property
    def answered(self) -> int:
        return self.codes.get("OK", 0)

    @property
    def refused(self) -> int:
        return self.codes.get("RESOURCE_EXHAUSTED", 0)

    @property
    def failed(self) -> int:
        """Calls that reached Python and ended neither with an answer nor by a refusal or their deadline."""
        return sum(self.codes.values()) - self.answered - self.refused - self.codes.get("CANCELLED", 0)

    @property
    def late(self) -> int:
        return max(0, self.offered.ended - self.answered - self.refused - self.failed)


@dataclass(frozen=True, slots=True)
class _Hard:
    """An overload: what was offered, in requests a second, and what became of everything. Memory in MiB."""

    way: str
    offered: float
    run: _Run
    seen: Seen
    rss_grown: float
    recovery: float


class Bench:
    """Measures one kind of requests on one server."""

    def __init__(self, target: Target, kind: Kind, deadline: float) -> None:
        """`deadline` of every request in seconds, from when it is sent."""
        self._target = target
        self._kind = kind
        self._asked = Asked(
            PredictRequest(dataset=f"datasets/{DATASET}", texts=texts(kind.texts)).SerializeToString(), deadline
        )

    def figures(self, seconds: int, times: float) -> Iterator[Figures]:
        """Of both ways, each after a peak of its own: what else runs on a machine changes in minutes."""
        calm = percentile(self._one_by_one(CALM_CALLS), CALM_PART)
        for way, shape in (("waiting", self._kind.waiting(times)), ("flooding", self._kind.flooding)):
            peak = self._run(self._kind.peak, max(2, seconds // 3))
            offered = peak.rate(peak.answered) * times
            with (
                cores(first=False),
                watched(self._target.address, DATASET, self._asked) as seen,
                resident_over_time(self._target.worker) as memory,
            ):
                run = self._run(shape, seconds, offered)
            recovery = self._recovery(calm, run.ended)
            yield _figures(self._kind, peak, _Hard(way, offered, run, seen, max(memory) - memory[0], recovery))

    def _run(self, shape: Shape, seconds: int, rate: float | None = None) -> _Run:
        before, cpu = settled(self._target.metrics), cpu_seconds(self._target.worker)
        with cores(first=False):
            demand = Demand(seconds, self._asked.deadline, rate)
            offered = load.offer(self._target.address, self._asked.request, shape, demand)
        ended, spent = time.perf_counter(), cpu_seconds(self._target.worker) - cpu
        # At once, or what the worker does afterwards would count.
        return _Run(offered, dict(counted(self._target.metrics).since(before).codes), spent, ended)

    def _one_by_one(self, calls: int) -> list[float]:
        """Times of calls with nothing beside them, in seconds."""
        with grpc.insecure_channel(self._target.address) as channel:
            call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(load.METHOD)
            found = []
            for _ in range(calls):
                began = time.perf_counter()
                call(self._asked.request, timeout=30)
                found.append(time.perf_counter() - began)
        return found

    def _recovery(self, calm: float, began: float) -> float:
        """Seconds from the end of the overload, `began`, to the first of some calls in a row that were as quick as at
        rest.
        """
        first, row = began, 0
        with grpc.insecure_channel(self._target.address) as channel:
            call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(load.METHOD)
            while (now := time.perf_counter()) - began < RECOVERY_SECONDS_MAX:
                with contextlib.suppress(grpc.RpcError):
                    call(self._asked.request, timeout=self._asked.deadline)
                row = row + 1 if time.perf_counter() - now <= calm else 0
                first = now if row == 1 else first
                if row == CALM_IN_A_ROW:
                    return first - began
        return RECOVERY_SECONDS_MAX


def _figures(kind: Kind, peak: _Run, hard: _Hard) -> Figures:
    run, seen = hard.run, hard.seen
    answered = run.answered - len(seen.predict_ms)  # the caller beside the load is no part of it
    peak_rate, goodput = peak.rate(peak.answered), run.rate(answered)
    asked = len(seen.predict_ms) + seen.predict_missed
    return Figures(
        texts=kind.texts,
        way=hard.way,
        peak=round(peak_rate, 1),
        goodput=round(goodput, 1),
        goodput_of_peak=round(goodput / peak_rate, 3),
        a_core_of_peak=round(answered / run.cpu / (peak.answered / peak.cpu), 3),
        offered=round(hard.offered, 1),
        sent=round(run.rate(run.offered.ended + run.offered.turned_away), 1),
        refused=round(run.rate(run.refused), 1),
        turned_away=round(run.rate(run.offered.turned_away), 1),
        late=round(run.rate(run.late), 1),
        failed=round(run.rate(run.failed), 1),
        admitted_p99_ms=round(percentile(seen.predict_ms, 0.99), 1),
        missed=round(seen.predict_missed / asked, 3) if asked else 0.0,
        health_max_ms=round(seen.health_max_ms, 1),
        admin_max_ms=round(seen.admin_max_ms, 1),
        rss_grown_mib=round(hard.rss_grown, 1),
        recovery_s=round(hard.recovery, 2),
    )


def main() -> int:
    """Prints the figures."""
    options = _arguments()
    if shutil.which("h2load") is None:
        print("needs h2load (Debian: nghttp2-client): callers in Python cannot offer so much", file=sys.stderr)
        return 2
    os.environ.setdefault("PINFOLD_SERVER_ENGINE", "compiled")
    metrics, found = free_port(), []
    with (
        tempfile.TemporaryDirectory(prefix="pinfold-overload-") as folder,
        variables(PINFOLD_SERVER_METRICS_PORT=str(metrics)),
        contextlib.ExitStack() as running,
    ):
        with cores(first=True):
            server = running.enter_context(LocalServer(Path(folder)))
        with pinfold.Client(server.target) as client:
            dataset = client.create_dataset(DATASET)
            dataset.upload(rows())
            dataset.set_tag("live", dataset.train().wait(timeout=300).pin())
        (worker,) = workers_of(server.pid)
        target = Target(server.target, metrics, worker)
        for kind in KINDS:
            if kind.texts in options.texts:
                for figures in Bench(target, kind, options.deadline).figures(options.seconds, options.times):
                    found.append(asdict(figures))
                    if not options.json:
                        print("\n".join(f"{name:16} {value!s:>12}" for name, value in found[-1].items()), "\n")
    print(json.dumps({"overload": found}))
    return 0


def _arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = [kind.texts for kind in KINDS]
    parser.add_argument("--seconds", type=int, default=30, help="length of each overload (default: 30)")
    parser.add_argument("--times", type=float, default=10.0, help="offered load, in peaks (default: 10)")
    parser.add_argument("--deadline", type=float, default=1.0, help="of each request, in seconds (default: 1)")
    parser.add_argument("--texts", type=int, nargs="+", choices=sizes, default=sizes, help="texts a request")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
