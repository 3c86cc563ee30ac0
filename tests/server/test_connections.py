"""Connections end when they are old, so that load spreads again; what runs on them does not (Linux)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import grpc

import pinfold
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictStreamRequest
from pinfold.v1.prediction_service_pb2_grpc import PredictionServiceStub
from tests.serving import HANG_SECONDS, Server, until

AGE = ["--connection-age-seconds", "1"]
ESTABLISHED = "01"


def connections(server: Server) -> set[str]:
    """The callers' ends of the connections to a server."""
    tables = [Path("/proc/net", name).read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table]
    return {local for _, local, remote, state, *_ in lines if state == ESTABLISHED and _port(remote) == server.port}


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def test_calls_move_to_a_new_connection_and_none_of_them_fails(start_trained):
    trained = start_trained(flags=AGE)
    never = pinfold.RetryPolicy(max_attempts=1)
    with pinfold.Client(trained.server.target, channels=1, retry=never) as client:
        dataset = client.dataset(trained.dataset)

        def call() -> set[str]:
            dataset.predict(["where is my refund"])
            return connections(trained.server)

        while not (first := call()):
            pass  # it is just being changed
        until(lambda: bool(call() - first))
        until(lambda: not call() & first)


async def test_a_stream_goes_on_where_it_is_while_new_calls_go_elsewhere(start_trained):
    trained = start_trained(flags=AGE)
    options = PredictRequest(dataset=f"datasets/{trained.dataset}")
    batches: asyncio.Queue[PredictStreamRequest] = asyncio.Queue()

    async def requests() -> AsyncIterator[PredictStreamRequest]:
        yield PredictStreamRequest(options=options)
        while True:
            yield await batches.get()

    async def answered(call: grpc.aio.StreamStreamCall) -> int:
        batches.put_nowait(PredictStreamRequest(texts=["where is my refund"]))
        return len((await call.read()).answer.predictions)

    async with grpc.aio.insecure_channel(trained.server.target) as channel, asyncio.timeout(HANG_SECONDS):
        stub = PredictionServiceStub(channel)
        call = stub.PredictStream(requests(), timeout=HANG_SECONDS)
        assert await answered(call) == 1
        first = connections(trained.server)
        options.texts.append("where is my refund")
        while not connections(trained.server) - first:
            await stub.Predict(options, timeout=HANG_SECONDS)
        assert connections(trained.server) & first
        assert await answered(call) == 1
