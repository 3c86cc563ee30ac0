"""The services that every gRPC server is expected to have: health, reflection, and channelz on request."""

from typing import Any

import grpc
from google.protobuf import descriptor_pool, text_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2, reflection_pb2_grpc

REFLECTION_V1 = "grpc.reflection.v1.ServerReflection"

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Health:
    """Says NOT_SERVING from the first moment: the stock servicer would say SERVING before anything is loaded."""

    def __init__(self, services: list[str]) -> None:
        self._services = ["", *services]
        self._servicer = health.aio.HealthServicer()

    async def add_to(self, server: Any) -> None:
        await self._set(NOT_SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(self._servicer, server)

    async def serving(self) -> None:
        await self._set(SERVING)

    async def draining(self) -> None:
        """For good: later changes are ignored."""
        await self._servicer.enter_graceful_shutdown()

    async def _set(self, status: Any) -> None:
        for service in self._services:
            await self._servicer.set(service, status)


def add_channelz(server: Any) -> None:
    """Registers grpc.channelz.v1, about this process alone: its sockets, their calls and their flow control."""
    from grpc_channelz.v1 import channelz  # an extra

    channelz.add_channelz_servicer(server)


def add_reflection(server: Any, services: list[str]) -> None:
    """Registers reflection under both of its names; the messages of v1 and v1alpha are the same on the wire."""
    _describe_reflection_v1()
    names = [*services, health.SERVICE_NAME, reflection.SERVICE_NAME, REFLECTION_V1]
    servicer = reflection.aio.ReflectionServicer(names)
    reflection_pb2_grpc.add_ServerReflectionServicer_to_server(servicer, server)  # type: ignore[no-untyped-call]
    handler = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
        response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    methods = {"ServerReflectionInfo": handler}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(REFLECTION_V1, methods),))


def _describe_reflection_v1() -> None:
    """Makes the descriptor of v1, which the Python package lacks, out of that of v1alpha."""
    alpha = FileDescriptorProto()
    reflection_pb2.DESCRIPTOR.CopyToProto(alpha)
    text = text_format.MessageToString(alpha).replace("v1alpha", "v1")
    descriptor_pool.Default().AddSerializedFile(text_format.Parse(text, FileDescriptorProto()).SerializeToString())
