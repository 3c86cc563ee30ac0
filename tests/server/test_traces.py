"""OpenTelemetry spans of a real worker, as a collector on loopback receives them."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictStreamRequest
from pinfold.v1.prediction_service_pb2_grpc import PredictionServiceStub
from tests.serving import Server, Trained, until

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Collector(TraceServiceServicer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.service = ""

    def Export(self, request, context):  # noqa: N802
        for resource in request.resource_spans:
            told = {one.key: one.value.string_value for one in resource.resource.attributes}
            self.service = told["service.name"]
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        return ExportTraceServiceResponse()

    def named(self, name: str) -> Span:
        until(lambda: name in self.names(), self.names)
        return [span for span in self.spans if span.name == name][-1]

    def names(self) -> list[str]:
        return [span.name for span in self.spans]


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    server, kept = grpc.server(futures.ThreadPoolExecutor(2)), Collector()
    add_TraceServiceServicer_to_server(kept, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "tickets")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
    yield kept
    server.stop(None)


@pytest.fixture
def traced(collector: Collector, start_trained) -> Trained:
    return start_trained(flags=["--traces", "otlp"])


def attributes(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_a_call_goes_on_with_the_trace_of_its_caller(collector: Collector, traced: Trained):
    request = PredictRequest(dataset=f"datasets/{traced.dataset}", texts=["where is my refund", "parcel"])
    with grpc.insecure_channel(traced.server.target) as channel:
        PredictionServiceStub(channel).Predict(request, metadata=[("traceparent", f"00-{TRACE}-{CALLER}-01")])

    scored, call = collector.named("pinfold.score"), collector.named("pinfold.v1.PredictionService/Predict")
    assert (call.trace_id.hex(), call.parent_span_id.hex(), call.kind) == (TRACE, CALLER, Span.SPAN_KIND_SERVER)
    assert attributes(call) == {
        "rpc.system": "grpc",
        "rpc.service": "pinfold.v1.PredictionService",
        "rpc.method": "Predict",
        "rpc.grpc.status_code": 0,
    }
    assert (scored.trace_id, scored.parent_span_id) == (call.trace_id, call.span_id)
    assert attributes(scored) == {"pinfold.texts": 2}
    assert collector.service == "tickets"


def test_failures_and_streams_have_their_spans_too(collector: Collector, traced: Trained):
    with grpc.insecure_channel(traced.server.target) as channel:
        stub = PredictionServiceStub(channel)
        with pytest.raises(grpc.RpcError):
            stub.Predict(PredictRequest(dataset="datasets/nothing", texts=["a"]))
        with pytest.raises(grpc.RpcError):
            list(stub.PredictStream(iter([PredictStreamRequest(texts=["a"])])))

    failed = collector.named("pinfold.v1.PredictionService/Predict")
    stream = collector.named("pinfold.v1.PredictionService/PredictStream")
    assert attributes(failed)["rpc.grpc.status_code"] == grpc.StatusCode.NOT_FOUND.value[0]
    assert attributes(stream)["rpc.grpc.status_code"] == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert failed.status.code != failed.status.STATUS_CODE_ERROR  # the caller's fault, not the server's


def test_spans_that_wait_to_be_sent_are_sent_by_the_drain(collector: Collector, start_server, monkeypatch):
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "600000")
    server: Server = start_server(trainers=0, flags=["--traces", "otlp"])
    with grpc.insecure_channel(server.target) as channel, pytest.raises(grpc.RpcError):
        PredictionServiceStub(channel).Predict(PredictRequest(dataset="datasets/nothing", texts=["a"]))
    assert server.stop() == 0

    assert collector.named("pinfold.v1.PredictionService/Predict")


def test_a_worker_without_traces_imports_nothing_of_it():
    code = "import sys, pinfold_server.app; assert not [m for m in sys.modules if m.startswith('opentelemetry')]"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
