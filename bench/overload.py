"""What a server does with ten times the requests that it can answer.

    python bench/overload.py --seconds 30

Starts a server of its own with one worker, trains on made-up tickets, measures its peak with a few callers, then offers
ten times as much at a steady pace whatever the answers, then looks how soon it is as before. Requests carry a deadline
and are not retried. Callers and server share the machine: what the callers take, the server lacks. The last line is
one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import grpc

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.processes import cpu_seconds, resident_mib, workers_of
from bench.tickets import rows, texts
from bench.traffic import percentile
from pinfold.cli.local_server import LocalServer
from pinfold.v1 import prediction_service_pb2 as pb

#: Large requests, so that offering too many of them takes the callers little of the machine.
TEXTS_A_REQUEST = 2_048
CALLERS_AT_PEAK = 4
CHANNELS = 4
TICK_SECONDS = 0.005
#: gRPC's core turned the call away before it was read: the connection had too many calls. UNAVAILABLE to the caller,
#: safe to send again.
REFUSED_STREAM = "RST_STREAM with error code 7"
OK, REFUSED = grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED


@dataclass(frozen=True, slots=True)
class Load:
    """How hard and how long. `times` is the offered load as a multiple of the peak."""

    seconds: float = 30.0
    times: float = 10.0
    deadline: float = 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output; rates in requests a second.

    `peak_a_core` and `goodput_a_core` are for each second of processor time that the worker got, which says more on a
    machine that it shares with its callers. `refused` were answered RESOURCE_EXHAUSTED or were turned away
    by gRPC's core, `late` DEADLINE_EXCEEDED,
    `failed` anything else that is not OK.
    `recovery_s` is the time from the end of the overload to an answer as quick as before it.
    """

    peak: float
    offered: float
    goodput: float
    peak_a_core: float
    goodput_a_core: float
    refused: int
    late: int
    failed: int
    calm_p50_ms: float
    admitted_p99_ms: float
    health_max_ms: float
    admin_max_ms: float
    rss_grown_mib: float
    recovery_s: float


@dataclass(slots=True)
class _Outcome:
    codes: Counter[grpc.StatusCode] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)  # of the calls that were answered


class _Caller:
    """Sends one request again and again over a few connections, as bytes: nothing is built or parsed."""

    def __init__(self, channels: list[grpc.aio.Channel], request: pb.PredictRequest, deadline: float) -> None:
        self._calls: list[Any] = [channel.unary_unary("/pinfold.v1.PredictionService/Predict") for channel in channels]
        self._request = request.SerializeToString()
        self._deadline = deadline
        self._sent = 0

    async def send(self, outcome: _Outcome) -> None:
        self._sent += 1
        call = self._calls[self._sent % len(self._calls)]
        began = time.perf_counter()
        try:
            await call(self._request, timeout=self._deadline)
        except grpc.aio.AioRpcError as error:
            outcome.codes[REFUSED if REFUSED_STREAM in (error.details() or "") else error.code()] += 1
        else:
            outcome.codes[OK] += 1
            outcome.seconds.append(time.perf_counter() - began)

    async def closed_loop(self, callers: int, seconds: float) -> _Outcome:
        """Each caller sends when it was answered."""
        outcome = _Outcome()
        end = time.perf_counter() + seconds

        async def call() -> None:
            while time.perf_counter() < end:
                await self.send(outcome)

        await asyncio.gather(*(call() for _ in range(callers)))
        return outcome

    async def open_loop(self, rate: float, seconds: float) -> _Outcome:
        """`rate` requests a second, whatever becomes of them."""
        outcome = _Outcome()
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            sent = 0
            while (now := time.perf_counter() - began) < seconds:
                for _ in range(int(rate * now) - sent):
                    group.create_task(self.send(outcome))
                sent = max(sent, int(rate * now))
                await asyncio.sleep(TICK_SECONDS)
        return outcome


@contextlib.asynccontextmanager
async def _watching(target: str, dataset: str) -> AsyncIterator[dict[str, float]]:
    """Small calls from another process meanwhile; the longest times are there afterwards. Raises what a call raised."""
    figures: dict[str, float] = {}
    command = [sys.executable, str(Path(__file__).with_name("watching.py")), target, dataset]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield figures
    finally:
        told, failed = await process.communicate(b"")
    if process.returncode:
        raise RuntimeError(f"a call failed meanwhile: {failed.decode().strip().splitlines()[-1]}")
    figures.update(json.loads(told))


async def measure(target: str, dataset: str, worker: int, load: Load) -> Figures:
    """Peak, overload and recovery on a server of one worker with process id `worker`.

    Raises what a health check or an administrative call raised meanwhile.
    """
    # An argument of its own keeps a channel from sharing its connection with the others.
    channels = [grpc.aio.insecure_channel(target, options=[("pinfold.number", n)]) for n in range(CHANNELS)]
    request = pb.PredictRequest(dataset=f"datasets/{dataset}", texts=texts(TEXTS_A_REQUEST))
    caller = _Caller(channels, request, load.deadline)
    calm = await caller.closed_loop(1, 1.0)
    peak_seconds, cpu = max(1.0, load.seconds / 3), cpu_seconds(worker)
    peak = await caller.closed_loop(CALLERS_AT_PEAK, peak_seconds)
    peak_rate, peak_cpu = peak.codes[OK] / peak_seconds, cpu_seconds(worker) - cpu
    before = resident_mib(worker)
    async with _watching(target, dataset) as watched:
        began, cpu = time.perf_counter(), cpu_seconds(worker)
        hard = await caller.open_loop(peak_rate * load.times, load.seconds)
        lasted, hard_cpu = time.perf_counter() - began, cpu_seconds(worker) - cpu
    calm_p50 = percentile(calm.seconds, 0.5)
    recovery = await _recovery(caller, calm_p50)
    for channel in channels:
        await channel.close()
    codes = hard.codes
    late = codes[grpc.StatusCode.DEADLINE_EXCEEDED]
    return Figures(
        peak=round(peak_rate, 1),
        offered=round(sum(codes.values()) / lasted, 1),
        goodput=round(codes[OK] / lasted, 1),
        peak_a_core=round(peak.codes[OK] / peak_cpu, 1),
        goodput_a_core=round(codes[OK] / hard_cpu, 1),
        refused=codes[REFUSED],
        late=late,
        failed=sum(codes.values()) - codes[OK] - codes[REFUSED] - late,
        calm_p50_ms=round(calm_p50 * 1e3, 2),
        admitted_p99_ms=round(percentile(hard.seconds, 0.99) * 1e3, 2),
        health_max_ms=round(watched["health_max_ms"], 2),
        admin_max_ms=round(watched["admin_max_ms"], 2),
        rss_grown_mib=round(resident_mib(worker) - before, 1),
        recovery_s=round(recovery, 3),
    )


async def _recovery(caller: _Caller, calm_p50: float) -> float:
    """Seconds until a call takes at most twice its usual time; 60 when none does."""
    began = time.perf_counter()
    while time.perf_counter() - began < 60:
        outcome = _Outcome()
        await caller.send(outcome)
        if outcome.seconds and outcome.seconds[0] <= 2 * calm_p50:
            break
    return time.perf_counter() - began


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0, help="length of the overload (default: 30)")
    parser.add_argument("--times", type=float, default=10.0, help="offered load, in peaks (default: 10)")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    arguments = parser.parse_args()
    os.environ.setdefault("PINFOLD_SERVER_ENGINE", "compiled")
    with tempfile.TemporaryDirectory(prefix="pinfold-overload-") as folder, LocalServer(Path(folder)) as server:
        with pinfold.Client(server.target) as client:
            dataset = client.create_dataset("tickets")
            dataset.upload(rows())
            dataset.set_tag("live", dataset.train().wait(timeout=300).pin())
        (worker,) = workers_of(server.pid)
        load = Load(arguments.seconds, arguments.times)
        figures = asyncio.run(measure(server.target, "tickets", worker, load))
    if not arguments.json:
        for name, value in asdict(figures).items():
            print(f"{name:16} {value:12,}")
    print(json.dumps(asdict(figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
