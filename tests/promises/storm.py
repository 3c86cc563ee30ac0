"""Ten times the requests that a worker answers, at a steady pace, from callers in this process.

How well a server bears it is measured by `bench/overload.py`, whose callers are not written in Python; here it is only
looked at what was refused, what failed, and what became of everything else.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

import grpc

from bench.processes import resident_mib
from bench.tickets import texts
from bench.watching import watched
from pinfold.v1.prediction_service_pb2 import PredictRequest

#: Large requests, so that offering too many of them takes the callers little of the machine.
TEXTS_A_REQUEST = 2_048
TIMES = 10
CALLERS_AT_PEAK = 4
CHANNELS = 4
DEADLINE_SECONDS = 2.0
TICK_SECONDS = 0.005
#: gRPC's core turned the call away before it was read: the connection had too many calls. UNAVAILABLE to the caller,
#: safe to send again.
REFUSED_STREAM = "RST_STREAM with error code 7"

OK, REFUSED, LATE = grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DEADLINE_EXCEEDED


@dataclass(frozen=True, slots=True)
class Outcome:
    """Calls by what became of them; `failed` is anything but an answer, a refusal or a deadline that passed."""

    answered: int
    refused: int
    late: int
    failed: int
    rss_grown_mib: float


class _Callers:
    """Send one request again and again over a few connections, as bytes: nothing is built or parsed."""

    def __init__(self, channels: list[grpc.aio.Channel], request: bytes) -> None:
        self._calls = [channel.unary_unary("/pinfold.v1.PredictionService/Predict") for channel in channels]
        self._request = request
        self._sent = 0
        self.codes: Counter[grpc.StatusCode] = Counter()

    async def send(self) -> None:
        self._sent += 1
        try:
            await self._calls[self._sent % len(self._calls)](self._request, timeout=DEADLINE_SECONDS)
        except grpc.aio.AioRpcError as error:
            self.codes[REFUSED if REFUSED_STREAM in (error.details() or "") else error.code()] += 1
        else:
            self.codes[OK] += 1

    async def one_after_the_other(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            await self.send()

    async def at_pace(self, rate: float, seconds: float) -> None:
        """`rate` requests a second."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            sent = 0
            while (now := time.perf_counter() - began) < seconds:
                for _ in range(int(rate * now) - sent):
                    group.create_task(self.send())
                sent = max(sent, int(rate * now))
                await asyncio.sleep(TICK_SECONDS)


async def storm(target: str, dataset: str, worker: int, seconds: float) -> Outcome:
    """Raises what a health check or an administrative call raised meanwhile."""
    # An argument of its own keeps a channel from sharing its connection with the others.
    channels = [grpc.aio.insecure_channel(target, options=[("pinfold.number", n)]) for n in range(CHANNELS)]
    request = PredictRequest(dataset=f"datasets/{dataset}", texts=texts(TEXTS_A_REQUEST)).SerializeToString()
    peak, hard = _Callers(channels, request), _Callers(channels, request)
    await asyncio.gather(*(peak.one_after_the_other(1.0) for _ in range(CALLERS_AT_PEAK)))
    before = resident_mib(worker)
    with watched(target, dataset):
        await hard.at_pace(TIMES * peak.codes[OK], seconds)
    grown = resident_mib(worker) - before
    for channel in channels:
        await channel.close()
    others = hard.codes.total() - sum(hard.codes[code] for code in (OK, REFUSED, LATE))
    return Outcome(hard.codes[OK], hard.codes[REFUSED], hard.codes[LATE], others, grown)
