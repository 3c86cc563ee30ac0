import copy

import grpc
import pytest
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, RetryInfo
from google.rpc.status_pb2 import Status
from hypothesis import given
from hypothesis import strategies as st

import pinfold
from pinfold._status import exception_for

KEY = "grpc-status-details-bin"


def trailers(*details: Message) -> list[tuple[str, str | bytes]]:
    status = Status(code=3, message="wrong")
    for detail in details:
        packed = Any()
        packed.Pack(detail)
        status.details.append(packed)
    return [("other", "value"), (KEY, status.SerializeToString())]


def test_every_detail_of_the_wire_reaches_the_caller() -> None:
    error = exception_for(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        "too many requests wait",
        trailers(
            ErrorInfo(reason="OVERLOADED", domain="pinfold", metadata={"waiting": "512"}),
            BadRequest(field_violations=[BadRequest.FieldViolation(field="texts", description="send fewer")]),
            RetryInfo(retry_delay=Duration(seconds=1, nanos=250_000_000)),
            PreconditionFailure(),
        ),
    )
    assert type(error) is pinfold.ResourceExhausted
    assert error.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert error.message == "too many requests wait"
    assert error.reason == "OVERLOADED"
    assert error.metadata == {"waiting": "512"}
    assert error.retry_delay == 1.25
    assert error.field_violations == (pinfold.FieldViolation("texts", "send fewer"),)
    assert str(error) == "too many requests wait; texts: send fewer [OVERLOADED]"


def test_a_field_that_the_message_names_is_not_told_twice() -> None:
    violation = BadRequest.FieldViolation(field="top_k", description="must not be negative")
    error = exception_for(
        grpc.StatusCode.INVALID_ARGUMENT,
        "top_k: must not be negative",
        trailers(BadRequest(field_violations=[violation])),
    )
    assert str(error) == "top_k: must not be negative [INVALID_ARGUMENT]"


def test_an_unexpected_failure_tells_its_id() -> None:
    info = ErrorInfo(reason="INTERNAL", domain="pinfold", metadata={"error_id": "7f3a"})
    error = exception_for(grpc.StatusCode.INTERNAL, "internal error 7f3a", trailers(info))
    assert type(error) is pinfold.ServerError
    assert error.error_id == "7f3a"


def test_details_of_another_domain_are_not_ours() -> None:
    error = exception_for(grpc.StatusCode.UNAVAILABLE, "", trailers(ErrorInfo(reason="X", domain="proxy.example")))
    assert (error.reason, error.message) == ("", "UNAVAILABLE")


@given(st.binary(max_size=64))
def test_details_that_cannot_be_read_do_not_hide_the_error(junk: bytes) -> None:
    assert type(exception_for(grpc.StatusCode.NOT_FOUND, "gone", [(KEY, junk)])) is pinfold.NotFound


@given(st.binary(min_size=1, max_size=16))
def test_a_damaged_detail_does_not_hide_the_error(junk: bytes) -> None:
    status = Status(details=[Any(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=junk)])
    error = exception_for(grpc.StatusCode.NOT_FOUND, "gone", [(KEY, status.SerializeToString())])
    assert type(error) is pinfold.NotFound


@pytest.mark.parametrize("code", list(grpc.StatusCode), ids=lambda code: code.name)
def test_every_status_becomes_a_pinfold_error_with_its_code(code: grpc.StatusCode) -> None:
    error = exception_for(code, "m")
    assert isinstance(error, pinfold.PinfoldError)
    assert error.code is code


def test_an_error_survives_the_way_between_processes() -> None:
    details = pinfold.ErrorDetails("R", {"a": "b"}, (pinfold.FieldViolation("f", "d"),), 2.0)
    error = pinfold.Conflict("changed", grpc.StatusCode.ABORTED, details)
    # Copying takes the same way as pickling.
    same = copy.copy(error)
    assert type(same) is pinfold.Conflict
    assert (str(same), same.reason, same.retry_delay, same.code) == (str(error), "R", 2.0, grpc.StatusCode.ABORTED)
