"""What a failed call says, in one value to compare."""

from collections.abc import Callable
from dataclasses import dataclass

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status


@dataclass(frozen=True, slots=True)
class Failure:
    code: grpc.StatusCode
    reason: str
    fields: tuple[str, ...]
    message: str


def failure_of(call: Callable[[], object]) -> Failure:
    """The failure of a call that must fail, with our details; anything else fails the test."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    error = caught.value
    metadata = dict(error.trailing_metadata() or ())
    assert "grpc-status-details-bin" in metadata, error
    status = Status.FromString(metadata["grpc-status-details-bin"])
    info, bad = ErrorInfo(), BadRequest()
    for detail in status.details:
        for known in (info, bad):
            detail.Unpack(known)
    assert info.domain == "pinfold"
    fields = tuple(violation.field for violation in bad.field_violations)
    return Failure(error.code(), info.reason, fields, status.message)
