"""Places in the order of uploads, and the sequence ids that tell them to consumers."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from typing import NamedTuple

from pinfold_server.errors import invalid, precondition

SECRET_BYTES = 16
_MARK_BYTES = 8
_BODY = struct.Struct(">IQI")

#: Past every document of an arrival.
LAST_NUMBER = (1 << 32) - 1


class Position(NamedTuple):
    """A document's place: number of its arrival, and its own number within that. Places compare as tuples do."""

    arrival: int
    number: int


@dataclass(frozen=True, slots=True)
class SequenceIds:
    """Writes and reads the sequence ids of one stream.

    An id is 32 characters: the stream's epoch, which rises with every reset, the place, and a keyed digest of both, so
    that one of another stream, or one that was made up, is not taken for its own. The digest guards against mistakes;
    it is no secret that protects anything.
    """

    secret: bytes
    epoch: int

    def encode(self, position: Position) -> str:
        body = _BODY.pack(self.epoch, *position)
        return base64.urlsafe_b64encode(body + self._mark(body)).decode()

    def decode(self, text: str, field: str) -> Position:
        """Raises AppError INVALID_SEQUENCE_ID for one that the stream did not give, SEQUENCE_ID_EXPIRED."""
        try:
            raw = base64.b64decode(text.encode("ascii"), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        body = raw[: _BODY.size]
        if len(raw) != _BODY.size + _MARK_BYTES or raw[_BODY.size :] != self._mark(body):
            raise invalid(field, "is not a sequence id that this stream gave", "INVALID_SEQUENCE_ID")
        epoch, arrival, number = _BODY.unpack(body)
        if epoch != self.epoch:
            raise precondition(
                "SEQUENCE_ID_EXPIRED", f"{field}: was given before the stream was reset: fetch again from where it is"
            )
        return Position(arrival, number)

    def _mark(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, key=self.secret, digest_size=_MARK_BYTES).digest()
