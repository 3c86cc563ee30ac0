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
    headers = ("content-type: application/grpc", "te: trailers")
    return h2load(Post(f"http://{target}{method}", headers, body, len(answer)), shape, seconds)


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
