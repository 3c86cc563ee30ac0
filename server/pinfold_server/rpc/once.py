"""Exactly once: what makes the retry of a request recognisable."""

import hashlib
from typing import TypeVar

from google.protobuf.message import Message

from pinfold_server.domain.names import has_control
from pinfold_server.errors import invalid
from pinfold_server.services.common.changes import RequestKey

M = TypeVar("M", bound=Message)

REQUEST_ID_CHARS_MAX = 128


def request_key(method: str, request: Message) -> RequestKey | None:
    """None when the request carries no request id. Raises AppError INVALID for one out of rule."""
    request_id: str = request.request_id  # type: ignore[attr-defined]
    if not request_id:
        return None
    if len(request_id) > REQUEST_ID_CHARS_MAX or has_control(request_id):
        raise invalid("request_id", f"must have at most {REQUEST_ID_CHARS_MAX} characters and no control characters")
    payload = _copy(request)
    payload.ClearField("request_id")
    return RequestKey(method, request_id, hashlib.sha256(payload.SerializeToString(deterministic=True)).digest())


def _copy(message: M) -> M:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy
