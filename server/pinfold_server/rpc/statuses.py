"""The only table from our errors to gRPC statuses, and their details as google.rpc messages."""

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, RetryInfo
from google.rpc.status_pb2 import Status

from pinfold_server.errors import AppError, Code

DOMAIN = "pinfold"
DETAILS_KEY = "grpc-status-details-bin"
PUSHBACK_KEY = "grpc-retry-pushback-ms"
REQUEST_ID_KEY = "x-request-id"

STATUS_OF = {
    Code.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Code.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Code.EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    Code.PRECONDITION: grpc.StatusCode.FAILED_PRECONDITION,
    Code.CONFLICT: grpc.StatusCode.ABORTED,
    Code.EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Code.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    Code.DATA_LOSS: grpc.StatusCode.DATA_LOSS,
}

Metadata = tuple[tuple[str, str | bytes], ...]


def status_number(code: Code) -> int:
    """The google.rpc.Code of an error, for items of a batch."""
    return int(STATUS_OF[code].value[0])


def trailers(error: AppError) -> Metadata:
    """Trailing metadata that carries the error's details."""
    status = Status(code=status_number(error.code), message=error.message, details=map(_packed, _details(error)))
    found: Metadata = ((DETAILS_KEY, status.SerializeToString()),)
    if error.retry_after is not None:
        found += ((PUSHBACK_KEY, str(int(error.retry_after * 1000))),)
    return found


def internal_trailers(message: str, error_id: str) -> Metadata:
    """Trailing metadata of an unexpected failure: nothing but an id to look for in the log."""
    info = ErrorInfo(reason="INTERNAL", domain=DOMAIN, metadata={"error_id": error_id})
    status = Status(code=grpc.StatusCode.INTERNAL.value[0], message=message, details=[_packed(info)])
    return ((DETAILS_KEY, status.SerializeToString()),)


def _details(error: AppError) -> list[Message]:
    details: list[Message] = [ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata)]
    if error.violations:
        details.append(
            BadRequest(
                field_violations=[
                    BadRequest.FieldViolation(field=violation.field, description=violation.description)
                    for violation in error.violations
                ]
            )
        )
    if error.code is Code.PRECONDITION:
        unmet = [(each.field, each.description) for each in error.preconditions]
        details.append(
            PreconditionFailure(
                violations=[
                    PreconditionFailure.Violation(type=error.reason, subject=subject, description=description)
                    for subject, description in unmet or [(error.metadata.get("name", ""), error.message)]
                ]
            )
        )
    if error.retry_after is not None:
        delay = Duration()
        delay.FromNanoseconds(int(error.retry_after * 1e9))
        details.append(RetryInfo(retry_delay=delay))
    return details


def _packed(message: Message) -> Any:
    packed = Any()
    packed.Pack(message)
    return packed
