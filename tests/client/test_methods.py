from google.protobuf.descriptor import MethodDescriptor

from pinfold import _methods
from pinfold.v1 import (
    dataset_service_pb2,
    model_service_pb2,
    monitoring_service_pb2,
    prediction_service_pb2,
    stream_service_pb2,
)
from tests.client.scripted import METHODS

RPCS: dict[str, MethodDescriptor] = {
    f"/{service.full_name}/{method.name}": method
    for module in (
        dataset_service_pb2,
        model_service_pb2,
        monitoring_service_pb2,
        prediction_service_pb2,
        stream_service_pb2,
    )
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
HEALTH = "/grpc.health.v1.Health/Check"


def test_the_table_holds_every_rpc_of_the_protocol() -> None:
    assert METHODS.keys() - {HEALTH} == RPCS.keys()


def test_the_types_of_the_table_are_those_of_the_protocol() -> None:
    for path, rpc in RPCS.items():
        assert METHODS[path].request.DESCRIPTOR is rpc.input_type, path
        assert METHODS[path].response.DESCRIPTOR is rpc.output_type, path


def test_every_rpc_is_safe_to_repeat() -> None:
    assert [method.path for method in METHODS.values() if not method.repeatable] == []


def test_only_reads_upserts_and_cancels_are_idempotent_without_a_request_id() -> None:
    others = {
        "UploadDocuments",
        "CancelRun",
        "DownloadModel",
        "ExportDataset",
        "Explain",
        "Check",
        "CompareVersions",
        "CancelExperiment",
        "EvaluateSlice",
        "CheckGate",
        "Fetch",
        "Advance",
        "Consume",
    }
    for method in METHODS.values():
        name = method.path.rpartition("/")[2]
        reads = name.startswith(("Get", "List", "Watch", "Predict", "Sample", "Find")) or name in others
        assert method.idempotent is reads, name
        assert method.takes_request_id is not reads, name


def test_health_messages_are_those_of_the_health_protocol() -> None:
    method = _methods.HEALTH_CHECK
    assert method.request().SerializeToString() == b""
    assert method.response.FromString(b"\x08\x01").value == 1
