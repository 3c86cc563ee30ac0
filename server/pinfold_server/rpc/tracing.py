"""OpenTelemetry spans of calls. Imported only where traces are asked for, so that nothing is paid elsewhere.

Which spans are taken, what they are called and where they go is told by the standard variables: OTEL_SERVICE_NAME,
OTEL_TRACES_SAMPLER, OTEL_PROPAGATORS, OTEL_EXPORTER_OTLP_ENDPOINT and the rest of them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from opentelemetry import context, propagate
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context

Handler = Callable[[Any, Any], Any]  # request or requests, and the grpc.aio.ServicerContext

#: What of a server's answers is its own failure, by the semantic conventions for gRPC.
_SERVER_FAULTS = frozenset(
    {
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
    }
)


def exporter_named(name: str) -> SpanExporter:
    """`otlp` sends to a collector by gRPC, `console` writes to standard output."""
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


class Tracing:
    """The spans of one process."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._provider = TracerProvider()
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("pinfold_server")

    def close(self) -> None:
        """Sends what has not been sent; may take some seconds."""
        self._provider.shutdown()

    def span(self, name: str, texts: int) -> AbstractContextManager[object]:
        """A part of a call, below the span of the call."""
        return self._tracer.start_as_current_span(name, attributes={"pinfold.texts": texts})

    def traced(self, method: MethodDescriptor, handler: Handler) -> Handler:
        """The handler inside a span that goes on with the trace of the caller."""
        name = f"{method.containing_service.full_name}/{method.name}"
        attributes = {
            "rpc.system": "grpc",
            "rpc.service": method.containing_service.full_name,
            "rpc.method": method.name,
        }
        if method.server_streaming:
            return self._traced_stream(name, attributes, handler)
        return self._traced_unary(name, attributes, handler)

    def _traced_unary(
        self, name: str, attributes: dict[str, str], handler: Callable[[Any, Any], Awaitable[bytes]]
    ) -> Handler:
        async def call(request: Any, servicer: Any) -> bytes:
            with self._call(name, attributes, servicer) as span:
                token = context.attach(set_span_in_context(span))
                try:
                    return await handler(request, servicer)
                finally:
                    context.detach(token)

        return call

    def _traced_stream(
        self, name: str, attributes: dict[str, str], handler: Callable[[Any, Any], AsyncIterator[bytes]]
    ) -> Handler:
        # The span is not made the current one: a generator may be closed in another context than it began in.
        async def call(request: Any, servicer: Any) -> AsyncIterator[bytes]:
            with self._call(name, attributes, servicer):
                async for response in handler(request, servicer):
                    yield response

        return call

    @contextmanager
    def _call(self, name: str, attributes: dict[str, str], servicer: Any) -> Iterator[Span]:
        carrier = {key: value for key, value in servicer.invocation_metadata() or () if isinstance(value, str)}
        parent = propagate.extract(carrier)
        span = self._tracer.start_span(name, parent, SpanKind.SERVER, attributes)
        code = grpc.StatusCode.OK
        try:
            yield span
        except Exception:
            code = servicer.code() or grpc.StatusCode.UNKNOWN
            raise
        except BaseException:  # the caller went away, or its deadline passed
            code = grpc.StatusCode.CANCELLED
            raise
        finally:
            span.set_attribute("rpc.grpc.status_code", code.value[0])
            if code in _SERVER_FAULTS:
                span.set_attribute("error.type", code.name)
                span.set_status(Status(StatusCode.ERROR))
            span.end()
