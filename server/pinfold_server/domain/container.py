r"""The frame of an archive file: bytes to payloads and back, checked on the way. Pure; docs/archive.md describes it.

16 bytes  `PINFOLD-ARCHIVE\n`
 4 bytes  number of the format, big-endian
   ...    a zlib stream of payloads, each after its length (4 bytes, big-endian)
32 bytes  SHA-256 of everything before
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator

from pinfold_server.errors import AppError, invalid

MAGIC = b"PINFOLD-ARCHIVE\n"
FORMAT = 1
#: Bytes of the longest payload that is read; a writer stays far below.
PAYLOAD_BYTES_MAX = 64 << 20

_LENGTH = struct.Struct(">I")
_HEAD_BYTES = len(MAGIC) + _LENGTH.size
_DIGEST_BYTES = 32
_PIECE_BYTES = 1 << 20
_LEVEL = 6  # fixed: the same content must give the same bytes


class Packer:
    """Payloads to bytes: `begin`, `add` for each payload, `end`; what they return, in order, is the file."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._zlib = zlib.compressobj(_LEVEL)

    def begin(self) -> bytes:
        return self._hashed(MAGIC + _LENGTH.pack(FORMAT))

    def add(self, payload: bytes) -> bytes:
        """What can be written by now: often nothing."""
        return self._hashed(self._zlib.compress(_LENGTH.pack(len(payload)) + payload))

    def end(self) -> bytes:
        return self._hashed(self._zlib.flush()) + self._digest.digest()

    def _hashed(self, data: bytes) -> bytes:
        self._digest.update(data)
        return data


class Unpacker:
    """Bytes of a file, in pieces of any size, to payloads.

    Payloads are given before the digest at the end of the file is known: nothing that is made of them may be kept for
    good before `finish`. Each method raises AppError INVALID with the reason ARCHIVE_FOREIGN, ARCHIVE_NEWER,
    ARCHIVE_TRUNCATED or ARCHIVE_DAMAGED.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._zlib = zlib.decompressobj()
        self._head = b""
        self._tail = b""  # the last bytes so far: perhaps the digest
        self._plain = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The payloads that are complete now. To be read to its end before the next call."""
        data = self._without_head(data)
        held = self._tail + data
        body, self._tail = held[:-_DIGEST_BYTES], held[-_DIGEST_BYTES:]
        self._digest.update(body)
        if self._zlib.eof and body:
            raise _damaged("bytes follow its end")
        more = bool(body)
        while more:
            try:
                plain = self._zlib.decompress(body, _PIECE_BYTES)
            except zlib.error as error:
                raise _damaged("its compressed part cannot be read") from error
            if self._zlib.unused_data:
                raise _damaged("bytes follow its end")
            self._plain += plain
            yield from self._payloads()
            body = self._zlib.unconsumed_tail
            # A full piece may have left more behind, even when all input was taken.
            more = bool(body) or len(plain) == _PIECE_BYTES

    def finish(self) -> bytes:
        """After the last piece: checks that the file was whole; the digest at its end."""
        if len(self._head) < _HEAD_BYTES:
            self._check_head()
            raise _truncated()
        if not self._zlib.eof or self._plain or len(self._tail) < _DIGEST_BYTES:
            raise _truncated()
        if self._tail != self._digest.digest():
            raise _damaged("its SHA-256 does not match")
        return self._tail

    def _without_head(self, data: bytes) -> bytes:
        missing = _HEAD_BYTES - len(self._head)
        if missing == 0:
            return data
        self._head += data[:missing]
        self._digest.update(data[:missing])
        if self._head:
            self._check_head()
        return data[missing:]

    def _check_head(self) -> None:
        magic = self._head[: len(MAGIC)]
        if magic != MAGIC[: len(magic)] or not magic:
            raise invalid("data", "is not a Pinfold archive", "ARCHIVE_FOREIGN")
        if len(self._head) == _HEAD_BYTES:
            found = _LENGTH.unpack(self._head[len(MAGIC) :])[0]
            if found > FORMAT:
                description = f"is an archive of format {found}; this Pinfold reads up to {FORMAT}: use a newer one"
                raise invalid("data", description, "ARCHIVE_NEWER")

    def _payloads(self) -> Iterator[bytes]:
        start, plain = 0, self._plain
        while len(plain) - start >= _LENGTH.size:
            length = _LENGTH.unpack_from(plain, start)[0]
            if length > PAYLOAD_BYTES_MAX:
                raise _damaged(f"it holds a part of {length:,} bytes")
            end = start + _LENGTH.size + length
            if len(plain) < end:
                break
            yield bytes(plain[start + _LENGTH.size : end])
            start = end
        del plain[:start]


def _damaged(why: str) -> AppError:
    return invalid("data", f"is a damaged archive: {why}; export it again", "ARCHIVE_DAMAGED")


def _truncated() -> AppError:
    return invalid("data", "is an archive without its end; copy or export it again", "ARCHIVE_TRUNCATED")
