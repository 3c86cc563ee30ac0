"""Closed-loop load on one method with one message: h2load where it is installed, else callers of this process.

h2load (Debian: nghttp2-client) is a C program that takes a tenth of what a Python server takes; callers in Python take
more than the server does, so that figures with them are lower for every server and closer to each other.
"""

import asyncio
import re
import shutil
import statistics
import struct
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc.aio

METHOD = "/pinfold.v1.PredictionService/Predict"
GRPC_HEADERS = ("content-type: application/grpc", "te: trailers")
STREAM = "/pinfold.v1.PredictionService/PredictStream"


class WrongAnswers(Exception):
    """The server did not answer every request, or not with what was expected; nothing was measured."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`clients` connections with `streams` calls under way on each."""

    clients: int
    streams: int = 1


@dataclass(frozen=True, slots=True)
class Work:
    """One request message and its answer, by whose size the answers are checked."""

    request: bytes
    answer: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """`rps` requests a second; `p50_us` median time of a call in microseconds."""

    rps: float
    p50_us: float


@dataclass(frozen=True, slots=True)
class Post:
    """A request over HTTP/2 or 1.1, for h2load; the body of a right answer has about `answer_bytes`."""

    url: str
    headers: tuple[str, ...]
    body: bytes
    answer_bytes: int
    http1: bool = False


def tool() -> str:
    """Name of what makes the load."""
    return "h2load" if shutil.which("h2load") else "asyncio"


def run(target: str, work: Work, shape: Shape, seconds: int, method: str = METHOD) -> Load:
    """Loads a unary gRPC method. Raises `WrongAnswers`."""
    if tool() == "asyncio":
        return asyncio.run(_calls(target, work, shape, seconds, method))
    return _h2load(target, work, shape, seconds, method)


def _h2load(target: str, work: Work, shape: Shape, seconds: int, method: str) -> Load:
    body, answer = _frame(work.request), _frame(work.answer)
    return h2load(Post(f"http://{target}{method}", GRPC_HEADERS, body, len(answer)), shape, seconds)


def _frame(message: bytes) -> bytes:
    """A message as gRPC sends it."""
    return b"\0" + struct.pack(">I", len(message)) + message


def h2load(post: Post, shape: Shape, seconds: int) -> Load:
    """Sends one request again and again. Raises `WrongAnswers`."""
    with tempfile.TemporaryDirectory(prefix="pinfold-load-") as folder:
        file, log = Path(folder, "body"), Path(folder, "log")
        file.write_bytes(post.body)
        command = ["h2load", "-D", str(seconds), "-c", str(shape.clients), "-m", str(shape.streams)]
        command += ["--h1"] * post.http1 + [word for header in post.headers for word in ("-H", header)]
        command += ["-d", str(file), f"--log-file={log}", post.url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        micros = [int(line.rsplit("\t", 1)[1]) for line in log.read_text().splitlines()]
    done = re.search(r"(\d+) done, .* (\d+) failed, (\d+) errored", output)
    data = re.search(r"\((\d+)\) data", output)
    if done is None or data is None or not micros:
        raise WrongAnswers(f"h2load said nothing of its requests:\n{output}")
    # A refusal is an answer to HTTP but has no message: what came back must be as long as so many right answers.
    expected = int(done[1]) * post.answer_bytes
    if done[2] != "0" or done[3] != "0" or abs(int(data[1]) - expected) > expected * 0.02 + 5_000:
        raise WrongAnswers(f"{data[1]} bytes came back, expected {expected}:\n{output}")
    return Load(int(done[1]) / seconds, statistics.median(micros))


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of the requests of callers who ask for more than they get.

    `ended` with whatever status, `turned_away` with none (RST_STREAM: gRPC's core had too many calls of a connection).
    """

    ended: int
    turned_away: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Demand:
    """What callers want for some seconds: `rate` requests a second from all connections together (None: as fast as they
    are answered), each to be ended by the server `deadline` seconds after it was sent.
    """

    seconds: int
    deadline: float
    rate: float | None = None


def offer(target: str, request: bytes, shape: Shape, demand: Demand) -> Offered:
    """Calls Predict whatever the answers. What is due while all streams are taken is sent as soon as one is free."""
    with tempfile.NamedTemporaryFile(prefix="pinfold-load-") as body:
        body.write(_frame(request))
        body.flush()
        command = ["h2load", "-D", str(demand.seconds), "-c", str(shape.clients), "-m", str(shape.streams)]
        command += ["-d", body.name, f"http://{target}{METHOD}"]
        if demand.rate is not None:
            command.append(f"--rps={max(1.0, demand.rate / shape.clients):.2f}")
        for header in (*GRPC_HEADERS, f"grpc-timeout: {int(demand.deadline * 1000)}m"):
            command += ["-H", header]
        began = time.perf_counter()
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lasted = time.perf_counter() - began
    done = re.search(r"(\d+) succeeded, (\d+) failed", output)
    if done is None:
        raise WrongAnswers(f"h2load said nothing of its requests:\n{output}")
    return Offered(int(done[1]), int(done[2]), lasted)


async def _calls(target: str, work: Work, shape: Shape, seconds: int, method: str) -> Load:
    channels = [grpc.aio.insecure_channel(target, [("bench.channel", place)]) for place in range(shape.clients)]
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def caller(channel: grpc.aio.Channel) -> None:
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(method)
        while (began := time.perf_counter()) < end:
            answer = await call(work.request)
            if len(answer) != len(work.answer):
                raise WrongAnswers(f"an answer has {len(answer)} bytes, expected {len(work.answer)}")
            times.append(time.perf_counter() - began)

    try:
        await asyncio.gather(*(caller(channel) for channel in channels for _ in range(shape.streams)))
    except grpc.aio.AioRpcError as error:
        raise WrongAnswers(f"{error.code().name}: {error.details()}") from None
    finally:
        for channel in channels:
            await channel.close()
    return Load(len(times) / seconds, statistics.median(times) * 1e6)


async def stream(target: str, options: bytes, batch: bytes, seconds: float) -> float:
    """Answers a second on one PredictStream whose caller, in this process, sends as fast as it may."""
    end = time.perf_counter() + seconds

    async def batches() -> AsyncIterator[bytes]:
        yield options
        while time.perf_counter() < end:
            yield batch

    count = 0
    async with grpc.aio.insecure_channel(target) as channel:
        call: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(STREAM)
        began = time.perf_counter()
        async for answer in call(batches()):
            count += bool(answer)
        return count / (time.perf_counter() - began)
