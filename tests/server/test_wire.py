"""What callers see on the wire, whatever language their stubs are in."""

import asyncio

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

from pinfold.v1 import dataset_service_pb2, model_service_pb2, prediction_service_pb2
from pinfold.v1.annotation_pb2 import LabelSet
from pinfold.v1.dataset_service_pb2_grpc import DatasetServiceStub
from pinfold.v1.document_pb2 import Document
from pinfold.v1.model_service_pb2_grpc import ModelServiceStub
from tests.serving import HANG_SECONDS

OURS = ("pinfold.v1.DatasetService", "pinfold.v1.ModelService", "pinfold.v1.PredictionService")


def detail(error: grpc.aio.AioRpcError, kind: type):
    """The one detail of a kind that an error carries; None when it carries none."""
    (raw,) = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    status = Status.FromString(raw)
    assert status.code == error.code().value[0]
    for packed in status.details:
        found = kind()
        if packed.Unpack(found):
            return found
    return None


async def raw_call(channel: grpc.aio.Channel, method: str, payload: bytes) -> bytes:
    return await channel.unary_unary(method)(payload, timeout=HANG_SECONDS)


@pytest.mark.parametrize(
    "payload",
    [
        b"\xff\xff\xff\xff",  # no protobuf at all
        b"\x0a\x05abc",  # ends inside a field
        b"\x0a\x02\xc3\x28",  # a string that is not UTF-8
        b"\x0a\x03\xed\xa0\x80",  # a lone surrogate
        b"\x0a\xff\xff\xff\xff\x7f",  # a length beyond everything
    ],
)
async def test_a_request_that_does_not_parse_is_the_caller_s_fault(channel, payload):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await raw_call(channel, "/pinfold.v1.DatasetService/GetDataset", payload)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert detail(caught.value, ErrorInfo).reason == "MALFORMED_REQUEST"


async def test_a_malformed_message_in_a_stream_is_the_caller_s_fault_too(channel):
    call = channel.stream_unary("/pinfold.v1.DatasetService/UploadDocuments")

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(iter([b"\x0a\x02\xc3\x28"]), timeout=HANG_SECONDS)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_an_error_names_its_reason_its_domain_and_the_field(channel):
    stub = DatasetServiceStub(channel)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CreateDataset(dataset_service_pb2.CreateDatasetRequest(dataset_id="No Good"), timeout=HANG_SECONDS)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    info = detail(caught.value, ErrorInfo)
    assert (info.reason, info.domain) == ("INVALID_ID", "pinfold")
    assert [violation.field for violation in detail(caught.value, BadRequest).field_violations] == ["dataset_id"]


async def test_a_message_over_the_limit_is_refused_and_the_next_call_works(channel):
    stub = DatasetServiceStub(channel)
    request = dataset_service_pb2.CreateDatasetRequest(dataset_id="a" * (17 << 20))
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.CreateDataset(request, timeout=HANG_SECONDS)

    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    await stub.ListDatasets(dataset_service_pb2.ListDatasetsRequest(), timeout=HANG_SECONDS)


async def test_an_expired_deadline_ends_the_call_and_leaves_the_server_well(channel):
    run = await queue_a_run(channel)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        async for _ in ModelServiceStub(channel).WatchRun(model_service_pb2.WatchRunRequest(name=run), timeout=0.3):
            pass

    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    await DatasetServiceStub(channel).ListDatasets(dataset_service_pb2.ListDatasetsRequest(), timeout=HANG_SECONDS)


async def queue_a_run(channel: grpc.aio.Channel) -> str:
    """A run that waits for ever: this worker has no trainer."""
    datasets, models = DatasetServiceStub(channel), ModelServiceStub(channel)
    await datasets.CreateDataset(dataset_service_pb2.CreateDatasetRequest(dataset_id="waits"), timeout=HANG_SECONDS)
    item = dataset_service_pb2.DocumentUpload(
        document=Document(id="1", text="some text"), labels=LabelSet(labels=["A"])
    )
    upload = dataset_service_pb2.UploadDocumentsRequest(
        source="sources/waits", dataset="datasets/waits", create_labels=True, documents=[item]
    )
    answer = await datasets.UploadDocuments(iter([upload]), timeout=HANG_SECONDS)
    assert answer.annotated_count == 1
    run = await models.Train(model_service_pb2.TrainRequest(dataset="datasets/waits"), timeout=HANG_SECONDS)
    return run.name


async def test_an_unknown_method_is_unimplemented(channel):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await raw_call(channel, "/pinfold.v1.DatasetService/Nothing", b"")

    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_every_service_is_healthy_by_name(channel):
    stub = health_pb2_grpc.HealthStub(channel)
    for service in ("", *OURS):
        answer = await stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=HANG_SECONDS)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    with pytest.raises(grpc.aio.AioRpcError, match=r"NOT_FOUND|not found"):
        await stub.Check(health_pb2.HealthCheckRequest(service="no.such"), timeout=HANG_SECONDS)


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
async def test_a_reflection_client_can_list_and_describe_everything(channel, version):
    services = await reflect(channel, version, reflection_pb2.ServerReflectionRequest(list_services="*"))
    names = [service.name for service in services.list_services_response.service]
    assert set(OURS) <= set(names)

    for name in names:
        request = reflection_pb2.ServerReflectionRequest(file_containing_symbol=name)
        answer = await reflect(channel, version, request)
        files = [FileDescriptorProto.FromString(raw) for raw in answer.file_descriptor_response.file_descriptor_proto]
        described = {f"{file.package}.{service.name}" for file in files for service in file.service}
        assert name in described, answer.error_response


async def reflect(channel: grpc.aio.Channel, version: str, request):
    call = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    async for answer in call(iter([request]), timeout=HANG_SECONDS):
        return answer


@pytest.mark.parametrize("module", [dataset_service_pb2, model_service_pb2, prediction_service_pb2])
async def test_every_method_answers_an_empty_request_without_an_internal_error(channel, module):
    for service in module.DESCRIPTOR.services_by_name.values():
        for method in service.methods:
            path = f"/{service.full_name}/{method.name}"
            error = await failure_of_empty(channel, path, method)
            if error is not None:
                assert error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND), path
                assert detail(error, ErrorInfo).domain == "pinfold"


async def failure_of_empty(channel: grpc.aio.Channel, path: str, method) -> grpc.aio.AioRpcError | None:
    try:
        await asyncio.wait_for(call_empty(channel, path, method), HANG_SECONDS)
    except grpc.aio.AioRpcError as error:
        return error
    return None


async def call_empty(channel: grpc.aio.Channel, path: str, method) -> None:
    if method.client_streaming and method.server_streaming:
        async for _ in channel.stream_stream(path)(iter([b""])):
            pass
    elif method.client_streaming:
        await channel.stream_unary(path)(iter([b""]))
    elif method.server_streaming:
        async for _ in channel.unary_stream(path)(b""):
            pass
    else:
        await channel.unary_unary(path)(b"")
