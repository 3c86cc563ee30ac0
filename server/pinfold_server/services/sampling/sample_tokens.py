"""Page tokens of samples: where an order goes on, and which order that is."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass

from pinfold_server.errors import invalid

_MARK_BYTES = 8
_POSITION = struct.Struct(">QdQ")


@dataclass(frozen=True, slots=True)
class Position:
    """The last document of a page: its key and tie in an order, which has a number."""

    order: int
    key: float
    tie: int


def encode(position: Position, scope: bytes) -> str:
    raw = _POSITION.pack(position.order, position.key, position.tie)
    return base64.urlsafe_b64encode(_mark(scope, raw) + raw).decode()


def decode(token: str, scope: bytes) -> Position | None:
    """None for an empty token. Raises AppError INVALID_PAGE_TOKEN for one that was not made for `scope`."""
    if not token:
        return None
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii"))
    except (binascii.Error, ValueError):
        raw = b""
    body = raw[_MARK_BYTES:]
    if len(body) != _POSITION.size or raw[:_MARK_BYTES] != _mark(scope, body):
        description = "is not a token of this sample; send it with the options of its first page, or start again"
        raise invalid("page_token", description, "INVALID_PAGE_TOKEN")
    return Position(*_POSITION.unpack(body))


def _mark(scope: bytes, body: bytes) -> bytes:
    return hashlib.sha256(len(scope).to_bytes(4, "big") + scope + body).digest()[:_MARK_BYTES]
