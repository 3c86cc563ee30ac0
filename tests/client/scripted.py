"""A real gRPC server that answers as a test tells it, for what a healthy Pinfold server does too rarely."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message
from google.rpc.status_pb2 import Status

import pinfold
from pinfold import _methods
from pinfold._methods import AnyMethod
from tests.serving import HANG_SECONDS

METHODS: dict[str, AnyMethod] = {
    method.path: method for method in vars(_methods).values() if isinstance(method, _methods.Method)
}


@dataclass(frozen=True)
class Fail:
    """Ends a call with a status; `details` are google.rpc messages, `after` what is streamed before."""

    code: grpc.StatusCode
    message: str = "as told"
    details: tuple[Message, ...] = ()
    after: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Stall:
    """Answers nothing until the caller has given up."""


Step = Message | Iterable[Message] | Fail | Stall | Callable[[Any], Any]


MakeClient = Callable[..., Any]

GONE = Fail(grpc.StatusCode.UNAVAILABLE, "worker gone")
# Three retries without much waiting.
FAST = pinfold.RetryPolicy(max_attempts=4, initial_backoff=0.001, max_backoff=0.004)


@dataclass
class ScriptedServer:
    """Steps are taken in order for each method; the last one is repeated. What was received is kept."""

    port: int = 0
    steps: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    received: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    metadata: list[dict[str, str | bytes]] = field(default_factory=list)
    remaining: list[float] = field(default_factory=list)

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, method: AnyMethod, *steps: Step) -> None:
        self.steps[method.path].extend(steps)

    def calls(self, method: AnyMethod) -> list[Any]:
        """Requests so far; a list of messages for each call whose client streams."""
        return self.received[method.path]

    def _handle(self, method: AnyMethod, request: Any, context: grpc.ServicerContext) -> Step:
        sent = request if isinstance(request, Message) else list(request)
        self.received[method.path].append(sent)
        self.metadata.append(dict(context.invocation_metadata()))
        self.remaining.append(context.time_remaining() or float("inf"))
        steps = self.steps[method.path]
        step = steps.popleft() if len(steps) > 1 else steps[0]
        if isinstance(step, Stall):
            gone = threading.Event()
            context.add_callback(gone.set)
            gone.wait(HANG_SECONDS)
            return Fail(grpc.StatusCode.CANCELLED)
        return step(sent) if callable(step) else step

    def unary(self, method: AnyMethod, request: Any, context: grpc.ServicerContext) -> Any:
        step = self._handle(method, request, context)
        return _abort(step, context) if isinstance(step, Fail) else step

    def stream(self, method: AnyMethod, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        step = self._handle(method, request, context)
        if isinstance(step, Fail):
            yield from step.after
            _abort(step, context)
        yield from step  # type: ignore[misc]  # steps of a stream are iterables


def _abort(step: Fail, context: grpc.ServicerContext) -> None:
    if step.details:
        status = Status(code=step.code.value[0], message=step.message)
        for detail in step.details:
            packed = AnyMessage()
            packed.Pack(detail)
            status.details.append(packed)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(step.code, step.message)


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, server: ScriptedServer) -> None:
        self._server = server

    def service(self, details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any] | None":
        method = METHODS.get(details.method)
        if method is None or method.path not in self._server.steps:
            return None
        decode, encode = method.request.FromString, method.response.SerializeToString
        if method in (_methods.WATCH_RUN, _methods.DOWNLOAD_MODEL):
            return grpc.unary_stream_rpc_method_handler(
                lambda request, context: self._server.stream(method, request, context), decode, encode
            )
        kind = (
            grpc.stream_unary_rpc_method_handler
            if method is _methods.UPLOAD_DOCUMENTS
            else grpc.unary_unary_rpc_method_handler
        )
        return kind(lambda request, context: self._server.unary(method, request, context), decode, encode)


@contextmanager
def scripted_server(port: int = 0) -> Iterator[ScriptedServer]:
    """A server without any step: every call is UNIMPLEMENTED until it is told otherwise."""
    scripted = ScriptedServer()
    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers((_Handlers(scripted),))
    scripted.port = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield scripted
    finally:
        server.stop(None).wait()
