"""What the bench of overload reads and counts."""

import grpc
import pytest

from bench.counters import counted, free_port, settled
from bench.load import METHOD
from pinfold.v1.prediction_service_pb2 import PredictRequest


def test_calls_between_two_looks_are_counted_by_their_status(start_server):
    port = free_port()
    server = start_server(trainers=0, flags=["--metrics-port", str(port)])
    request = PredictRequest(dataset="datasets/absent", texts=["hello"]).SerializeToString()
    with grpc.insecure_channel(server.target) as channel:
        call = channel.unary_unary(METHOD)

        def fails() -> None:
            with pytest.raises(grpc.RpcError):
                call(request, timeout=120)

        fails()
        before = settled(port)
        for _ in range(3):
            fails()

    between = settled(port).since(before)

    assert (between.started, dict(between.codes)) == (3, {"NOT_FOUND": 3})
    assert counted(port, "GetDataset").started == 0
