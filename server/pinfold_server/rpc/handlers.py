"""The one path of every call: bytes to a request, the servicer's method, its answer to bytes, every failure to a
status.

Handlers are made from the service descriptor, so a method without an implementation stops the start. Requests are
parsed here and not by gRPC, because a malformed one is the caller's fault (INVALID_ARGUMENT) and gRPC would say
INTERNAL. A wrapper per call kind costs less than an interceptor, which adds a coroutine and a handler look-up to
every call.
"""

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NoReturn

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from pinfold_server.errors import AppError, Code, StoreBroken
from pinfold_server.rpc import statuses

log = logging.getLogger(__name__)

Context = Any  # grpc.aio.ServicerContext, generic over types that are bytes here
OnBroken = Callable[[], None]


class Calls:
    """The calls that run now in this process.

    `on_broken` is called when the store says that this process cannot go on.
    """

    def __init__(self, on_broken: OnBroken) -> None:
        self.running = 0
        self.on_broken = on_broken


def generic_handler(service: ServiceDescriptor, servicer: object, calls: Calls) -> grpc.GenericRpcHandler:
    """Handlers for all methods of a service. Raises AttributeError for a missing method."""
    methods = {
        method.name: _handler(method, getattr(servicer, method.name), _Guard(method.full_name, calls))
        for method in service.methods
    }
    return grpc.method_handlers_generic_handler(service.full_name, methods)


class _Guard:
    """Counts the calls of a method while they run, and turns whatever one raised into its status."""

    def __init__(self, method: str, calls: Calls) -> None:
        self._method = method
        self._calls = calls

    def __enter__(self) -> None:
        self._calls.running += 1

    def __exit__(self, *_: object) -> None:
        self._calls.running -= 1

    async def abort(self, context: Context, error: Exception) -> NoReturn:
        if isinstance(error, StoreBroken):
            log.critical("the store is broken, this process ends: %s", error)
            self._calls.on_broken()
            error = AppError(
                Code.UNAVAILABLE, "STORE_RESTARTING", "the server restarts a worker: try again", retry_after=0.5
            )
        if isinstance(error, AppError):
            await context.abort(statuses.STATUS_OF[error.code], error.message, statuses.trailers(error))
        error_id = secrets.token_hex(8)
        log.error("%s failed unexpectedly, error id %s", self._method, error_id, exc_info=error)
        message = f"internal error {error_id}: the server's log has the details"
        await context.abort(grpc.StatusCode.INTERNAL, message, statuses.internal_trailers(message, error_id))
        raise AssertionError("abort returned: this is a bug")


def _handler(method: MethodDescriptor, behaviour: Any, guard: _Guard) -> Any:
    parse = _parser(GetMessageClass(method.input_type))
    if method.client_streaming and method.server_streaming:
        raise NotImplementedError(f"{method.full_name}: bidirectional streams have no wrapper yet")
    if method.client_streaming:
        return grpc.stream_unary_rpc_method_handler(_stream_unary(behaviour, parse, guard))
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(_unary_stream(behaviour, parse, guard))
    return grpc.unary_unary_rpc_method_handler(_unary_unary(behaviour, parse, guard))


def _unary_unary(
    behaviour: Callable[[Message], Awaitable[Message]], parse: Callable[[bytes], Message], guard: _Guard
) -> Callable[[bytes, Context], Awaitable[bytes]]:
    async def call(raw: bytes, context: Context) -> bytes:
        with guard:
            try:
                return (await behaviour(parse(raw))).SerializeToString()
            except Exception as error:
                await guard.abort(context, error)

    return call


def _unary_stream(
    behaviour: Callable[[Message], AsyncIterator[Message]], parse: Callable[[bytes], Message], guard: _Guard
) -> Callable[[bytes, Context], AsyncIterator[bytes]]:
    async def call(raw: bytes, context: Context) -> AsyncIterator[bytes]:
        with guard:
            try:
                async for response in behaviour(parse(raw)):
                    yield response.SerializeToString()
            except Exception as error:
                await guard.abort(context, error)

    return call


def _stream_unary(
    behaviour: Callable[[AsyncIterator[Message]], Awaitable[Message]],
    parse: Callable[[bytes], Message],
    guard: _Guard,
) -> Callable[[AsyncIterator[bytes], Context], Awaitable[bytes]]:
    async def parsed(stream: AsyncIterator[bytes]) -> AsyncIterator[Message]:
        async for raw in stream:
            yield parse(raw)

    async def call(stream: AsyncIterator[bytes], context: Context) -> bytes:
        with guard:
            try:
                return (await behaviour(parsed(stream))).SerializeToString()
            except Exception as error:
                await guard.abort(context, error)

    return call


def _parser(request_type: type[Message]) -> Callable[[bytes], Message]:
    from_string = request_type.FromString

    def parse(raw: bytes) -> Message:
        try:
            return from_string(raw)
        except DecodeError:
            raise AppError(
                Code.INVALID,
                "MALFORMED_REQUEST",
                f"the request is not a valid {request_type.DESCRIPTOR.full_name}: wrong wire format or invalid UTF-8",
            ) from None

    return parse
