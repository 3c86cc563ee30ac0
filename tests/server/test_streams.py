"""Streams on the wire: limits of a batch, and consumers of a server that stops."""

import threading
import time
from collections.abc import Callable

import grpc
import pytest

import pinfold
from pinfold.v1 import stream_service_pb2 as pb
from pinfold.v1.stream_service_pb2_grpc import StreamServiceStub
from tests.serving import Server, train_tickets


def test_a_batch_ends_before_it_has_looked_at_too_many_documents_or_has_too_many_bytes(start_server):
    server = start_server()
    own = train_tickets(server)
    with pinfold.Client(server.target, timeout=60) as client:
        dataset = client.dataset(own.dataset)
        stream = dataset.create_stream("narrow", own.first, filter='metadata.queue = "inbox"')
        dataset.upload({"id": f"other-{number}", "text": "a parcel"} for number in range(5_000))
        dataset.upload([{"id": "mine", "text": "a refund", "metadata": {"queue": "inbox"}}])
        first = stream.fetch()
        assert (first.items, first.more) == ((), True)
        assert 4_000 < first.filtered <= 4_096  # the ends of uploads count as well
        stream.advance(first)
        second = stream.fetch()
        assert ([item.document.id for item in second.items], second.more) == (["mine"], False)
        assert second.filtered == 5_000 - first.filtered

        wide = dataset.create_stream("wide", own.first)
        large = "a refund " * (1 << 16)  # 576 KiB
        for number in range(20):
            dataset.upload([{"id": f"large-{number}", "text": f"{large} {number}"}])
        seen: list[str] = []
        batches = 0
        more = True
        while more:
            batch = wide.fetch()
            assert sum(len(item.document.text) for item in batch.items) < 9 << 20
            assert all(item.prediction.truncated for item in batch.items)
            seen += [item.document.id for item in batch.items]
            wide.advance(batch)
            batches, more = batches + 1, batch.more
        assert seen == [f"large-{number}" for number in range(20)]
        assert batches > 1


def consumer(server: Server, ended: list[grpc.RpcError]) -> threading.Thread:
    """Reads a stream until the call ends; what it ended with."""

    def run() -> None:
        with grpc.insecure_channel(server.target) as channel:
            try:
                for _ in StreamServiceStub(channel).Consume(pb.ConsumeRequest(name="datasets/tickets/streams/all")):
                    pass
            except grpc.RpcError as error:
                ended.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_server_that_stops_sends_its_consumers_away_at_once(start_server: Callable[..., Server]):
    server = start_server(flags=["--drain-seconds", "20"])
    own = train_tickets(server)
    with pinfold.Client(server.target, timeout=60) as client:
        client.dataset(own.dataset).create_stream("all", own.first)
    ended: list[grpc.RpcError] = []
    thread = consumer(server, ended)
    time.sleep(0.5)
    assert thread.is_alive()
    began = time.monotonic()
    assert server.stop() == 0
    thread.join(10)
    assert time.monotonic() - began < 10
    assert [error.code() for error in ended] == [grpc.StatusCode.UNAVAILABLE]


def test_a_worker_takes_a_bounded_number_of_consumers(start_server: Callable[..., Server]):
    server = start_server()
    own = train_tickets(server)
    with pinfold.Client(server.target, timeout=60) as client:
        client.dataset(own.dataset).create_stream("all", own.first)
    request = pb.ConsumeRequest(name="datasets/tickets/streams/all")
    request.heartbeat.seconds = 1
    with grpc.insecure_channel(server.target) as channel:
        stub = StreamServiceStub(channel)
        running = [stub.Consume(request) for _ in range(64)]
        for call in running:
            assert not next(call).HasField("batch")  # a sign of life: it is let in
        with pytest.raises(grpc.RpcError) as refused:
            next(stub.Consume(request))
        assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        running.pop().cancel()
        deadline = time.monotonic() + 10
        while True:
            assert time.monotonic() < deadline, "the room of a consumer that left is not given back"
            try:
                assert not next(stub.Consume(request)).HasField("batch")
                return
            except grpc.RpcError:
                time.sleep(0.1)
