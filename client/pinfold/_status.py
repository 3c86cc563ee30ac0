"""From the status that gRPC reports to our exceptions (pure). The only reader of error details on the wire."""

from collections.abc import Iterable
from typing import Protocol, cast

import grpc
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2

from pinfold import _errors as errors
from pinfold._errors import ErrorDetails, FieldViolation, PinfoldError

_DETAILS_KEY = "grpc-status-details-bin"
_DOMAIN = "pinfold"

_EXCEPTIONS: dict[grpc.StatusCode, type[PinfoldError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: errors.InvalidArgument,
    grpc.StatusCode.OUT_OF_RANGE: errors.InvalidArgument,
    grpc.StatusCode.NOT_FOUND: errors.NotFound,
    grpc.StatusCode.ALREADY_EXISTS: errors.AlreadyExists,
    grpc.StatusCode.FAILED_PRECONDITION: errors.FailedPrecondition,
    grpc.StatusCode.ABORTED: errors.Conflict,
    grpc.StatusCode.RESOURCE_EXHAUSTED: errors.ResourceExhausted,
    grpc.StatusCode.UNAVAILABLE: errors.Unavailable,
    # We never cancel a call and then read its status: this is a server that ends and drops calls it has not begun.
    grpc.StatusCode.CANCELLED: errors.Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: errors.DeadlineExceeded,
    grpc.StatusCode.DATA_LOSS: errors.DataLoss,
    grpc.StatusCode.INTERNAL: errors.ServerError,
    grpc.StatusCode.UNKNOWN: errors.ServerError,
    grpc.StatusCode.UNIMPLEMENTED: errors.ServerError,
}

Trailers = Iterable[tuple[str, str | bytes]]


class _Outcome(Protocol):
    """What the errors of `grpc` and of `grpc.aio` have in common."""

    def code(self) -> grpc.StatusCode: ...

    def details(self) -> str | None: ...

    def trailing_metadata(self) -> Trailers | None: ...


def translate(error: grpc.RpcError) -> PinfoldError:
    """Our exception for an error of a call, sync or async."""
    outcome = cast(_Outcome, error)
    return exception_for(outcome.code(), outcome.details() or "", outcome.trailing_metadata() or ())


def exception_for(code: grpc.StatusCode, message: str, trailers: Trailers = ()) -> PinfoldError:
    """The exception of a status code. Details that cannot be read are left out: they never hide the error itself."""
    return _EXCEPTIONS.get(code, PinfoldError)(message or code.name, code, _read_details(trailers))


def _read_details(trailers: Trailers) -> ErrorDetails:
    raw = next((value for key, value in trailers if key == _DETAILS_KEY), None)
    if not isinstance(raw, bytes):
        return ErrorDetails()
    info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    unmet = error_details_pb2.PreconditionFailure()
    try:
        _unpack(status_pb2.Status.FromString(raw), (info, bad, retry, unmet))
    except DecodeError:
        return ErrorDetails()
    ours = info.domain == _DOMAIN
    return ErrorDetails(
        reason=info.reason if ours else "",
        metadata=dict(info.metadata) if ours else {},
        field_violations=tuple(FieldViolation(v.field, v.description) for v in bad.field_violations),
        retry_delay=_seconds(retry) if retry.HasField("retry_delay") else None,
        unmet=tuple(violation.description for violation in unmet.violations) if ours else (),
    )


def _unpack(status: status_pb2.Status, targets: tuple[Message, ...]) -> None:
    for detail in status.details:
        for target in targets:
            if detail.Is(target.DESCRIPTOR):
                detail.Unpack(target)


def _seconds(retry: error_details_pb2.RetryInfo) -> float:
    return float(retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9)
