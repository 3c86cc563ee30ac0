"""Streams on the wire: limits of a batch, and consumers of a server that stops."""

import threading
from collections.abc import Callable

import grpc
import pytest

import pinfold
from pinfold.v1 import stream_service_pb2 as pb
from pinfold.v1.stream_service_pb2_grpc import StreamServiceStub
from tests.serving import HANG_SECONDS, Server, Trained, until

StartTrained = Callable[..., Trained]


def test_a_batch_ends_before_it_has_looked_at_too_many_documents_or_has_too_many_bytes(start_trained: StartTrained):
    own = start_trained()
    with pinfold.Client(own.server.target, timeout=HANG_SECONDS) as client:
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


class Consumer(threading.Thread):
    """Reads a stream until the call ends; what it ended with."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.ended: list[grpc.RpcError] = []
        self.reads = threading.Event()
        self._target_address = server.target

    def run(self) -> None:
        request = pb.ConsumeRequest(name="datasets/tickets/streams/all")
        request.heartbeat.seconds = 1
        with grpc.insecure_channel(self._target_address) as channel:
            try:
                for _ in StreamServiceStub(channel).Consume(request):
                    self.reads.set()
            except grpc.RpcError as error:
                self.ended.append(error)


def test_a_server_that_stops_sends_its_consumers_away_at_once(start_trained: StartTrained):
    # One that waited for its consumers would wait so long that `stop` gives it up.
    own = start_trained(flags=["--drain-seconds", str(10 * HANG_SECONDS)])
    server = own.server
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        client.dataset(own.dataset).create_stream("all", own.first)
    consumer = Consumer(server)
    consumer.start()
    assert consumer.reads.wait(HANG_SECONDS)
    assert server.stop() == 0
    consumer.join(HANG_SECONDS)
    assert [error.code() for error in consumer.ended] == [grpc.StatusCode.UNAVAILABLE]


def test_a_worker_takes_a_bounded_number_of_consumers(start_trained: StartTrained):
    own = start_trained()
    server = own.server
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
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

        def let_in() -> bool:
            try:
                return not next(stub.Consume(request)).HasField("batch")
            except grpc.RpcError:
                return False

        until(let_in, lambda: "the room of a consumer that left is not given back")
