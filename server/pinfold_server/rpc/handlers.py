"""The one path of every call: bytes to a request, the servicer's method, its answer to bytes, every failure to a
status.

Handlers are made from the service descriptor, so a method without an implementation stops the start. Requests are
parsed here and not by gRPC, because a malformed one is the caller's fault (INVALID_ARGUMENT) and gRPC would say
INTERNAL. A wrapper per call kind costs less than an interceptor, which adds a coroutine and a handler look-up to
every call.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from pinfold_server.errors import AppError, Code
from pinfold_server.rpc.calls import Calls, Context, Method

T = TypeVar("T")
M = TypeVar("M", bound=Message)


Wrapper = Callable[[MethodDescriptor, Any], Any]


def generic_handler(
    service: ServiceDescriptor, servicer: object, calls: Calls, wrapper: Wrapper | None = None
) -> grpc.GenericRpcHandler:
    """Handlers for all methods of a service, each inside what `wrapper` makes of it. Raises AttributeError for a
    missing method.
    """
    methods = {
        method.name: _handler(method, getattr(servicer, method.name), Method(method, calls), wrapper)
        for method in service.methods
    }
    return grpc.method_handlers_generic_handler(service.full_name, methods)


def takes_bytes(behaviour: T) -> T:
    """Marks a method that parses its request and serialises its answer itself: it is called with the bytes of the
    message, or an iterator of those of each, and the context of the call, and returns bytes, or an iterator of them.
    """
    behaviour.takes_bytes = True  # type: ignore[attr-defined]  # a function has room for it
    return behaviour


def _handler(method: MethodDescriptor, behaviour: Any, calls: Method, wrapper: Wrapper | None) -> Any:
    kind = method.client_streaming, method.server_streaming
    if getattr(behaviour, "takes_bytes", False):
        call = _RAW_MAKERS[kind](behaviour, calls)
    else:
        call = _MAKERS[kind](behaviour, parser(GetMessageClass(method.input_type)), calls)
    if wrapper is not None:
        call = wrapper(method, call)
    return _REGISTRATIONS[kind](call)


def _raw_unary(
    behaviour: Callable[[bytes, Context], Awaitable[bytes]], calls: Method
) -> Callable[[bytes, Context], Awaitable[bytes]]:
    async def call(raw: bytes, context: Context) -> bytes:
        with calls.call() as running:
            try:
                return await behaviour(raw, context)
            except Exception as error:
                await running.abort(context, error)

    return call


def _raw_stream(
    behaviour: Callable[[AsyncIterator[bytes], Context], AsyncIterator[bytes]], calls: Method
) -> Callable[[AsyncIterator[bytes], Context], AsyncIterator[bytes]]:
    async def call(stream: AsyncIterator[bytes], context: Context) -> AsyncIterator[bytes]:
        with calls.call() as running:
            try:
                async for response in behaviour(stream, context):
                    yield response
            except Exception as error:
                await running.abort(context, error)

    return call


def _unary_unary(
    behaviour: Callable[[Message], Awaitable[Message]], parse: Callable[[bytes], Message], calls: Method
) -> Callable[[bytes, Context], Awaitable[bytes]]:
    async def call(raw: bytes, context: Context) -> bytes:
        with calls.call() as running:
            try:
                return (await behaviour(parse(raw))).SerializeToString()
            except Exception as error:
                await running.abort(context, error)

    return call


def _unary_stream(
    behaviour: Callable[[Message], AsyncIterator[Message]], parse: Callable[[bytes], Message], calls: Method
) -> Callable[[bytes, Context], AsyncIterator[bytes]]:
    async def call(raw: bytes, context: Context) -> AsyncIterator[bytes]:
        with calls.call() as running:
            try:
                async for response in behaviour(parse(raw)):
                    yield response.SerializeToString()
            except Exception as error:
                await running.abort(context, error)

    return call


def _stream_unary(
    behaviour: Callable[[AsyncIterator[Message]], Awaitable[Message]],
    parse: Callable[[bytes], Message],
    calls: Method,
) -> Callable[[AsyncIterator[bytes], Context], Awaitable[bytes]]:
    async def call(stream: AsyncIterator[bytes], context: Context) -> bytes:
        with calls.call() as running:
            try:
                return (await behaviour(_parsed(stream, parse))).SerializeToString()
            except Exception as error:
                await running.abort(context, error)

    return call


def _stream_stream(
    behaviour: Callable[[AsyncIterator[Message]], AsyncIterator[Message]],
    parse: Callable[[bytes], Message],
    calls: Method,
) -> Callable[[AsyncIterator[bytes], Context], AsyncIterator[bytes]]:
    async def call(stream: AsyncIterator[bytes], context: Context) -> AsyncIterator[bytes]:
        with calls.call() as running:
            try:
                async for response in behaviour(_parsed(stream, parse)):
                    yield response.SerializeToString()
            except Exception as error:
                await running.abort(context, error)

    return call


#: By whether the client and whether the server streams; of those that take bytes, the kinds that there are.
_RAW_MAKERS: Mapping[tuple[bool, bool], Callable[[Any, Method], Any]] = {
    (False, False): _raw_unary,
    (True, True): _raw_stream,
}
_MAKERS: Mapping[tuple[bool, bool], Callable[[Any, Any, Method], Any]] = {
    (False, False): _unary_unary,
    (False, True): _unary_stream,
    (True, False): _stream_unary,
    (True, True): _stream_stream,
}
_REGISTRATIONS: Mapping[tuple[bool, bool], Callable[[Any], Any]] = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


async def _parsed(stream: AsyncIterator[bytes], parse: Callable[[bytes], Message]) -> AsyncIterator[Message]:
    async for raw in stream:
        yield parse(raw)


def parser(request_type: type[M]) -> Callable[[bytes], M]:
    """Parses requests of a type. Raises AppError MALFORMED_REQUEST."""
    from_string = request_type.FromString

    def parse(raw: bytes) -> M:
        try:
            return from_string(raw)
        except DecodeError:
            raise AppError(
                Code.INVALID,
                "MALFORMED_REQUEST",
                f"the request is not a valid {request_type.DESCRIPTOR.full_name}: wrong wire format or invalid UTF-8",
            ) from None

    return parse
