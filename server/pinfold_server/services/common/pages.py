"""Pages of a list: sizes and opaque tokens."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pinfold_server.errors import invalid

T = TypeVar("T")

_MARK_BYTES = 8

SIZE_DEFAULT = 100
SIZE_MAX = 1_000

#: An answer also ends before it has more bytes of records than this: with names and framing it stays below 8 MiB.
BYTES_MAX = 7 << 20


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`size` 0 means the default; `token` empty means the first page."""

    size: int = 0
    token: str = ""

    def limit(self, default: int = SIZE_DEFAULT, most: int = SIZE_MAX) -> int:
        """Records on this page. Raises AppError INVALID for a negative size."""
        if self.size < 0:
            raise invalid("page_size", f"must not be negative, got {self.size}")
        return min(self.size or default, most)

    def position(self, scope: bytes) -> bytes:
        """Key after which the page starts, empty for the first page.

        `scope` must be that of the page that gave the token; raises AppError INVALID_PAGE_TOKEN otherwise.
        """
        if not self.token:
            return b""
        try:
            raw = base64.urlsafe_b64decode(self.token.encode("ascii"))
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) <= _MARK_BYTES or raw[:_MARK_BYTES] != _mark(scope, raw[_MARK_BYTES:]):
            raise invalid("page_token", "is not a token of this list; start again without it", "INVALID_PAGE_TOKEN")
        return raw[_MARK_BYTES:]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some records, and the token of the page after them; empty on the last one."""

    records: list[T]
    next_token: str


def take(
    entries: Iterator[tuple[bytes, T]], limit: int, scope: bytes, bytes_of: Callable[[T], int] | None = None
) -> Page[T]:
    """The first `limit` entries, or fewer that fit in BYTES_MAX by `bytes_of`, but at least one.

    One more is read to know whether a page follows.
    """
    records: list[T] = []
    last = b""
    room = BYTES_MAX
    for key, record in entries:
        if bytes_of is not None:
            room -= bytes_of(record)
        if records and (len(records) == limit or room < 0):
            return Page(records, token_after(scope, last))
        records.append(record)
        last = key
    return Page(records, "")


def token_after(scope: bytes, last: bytes) -> str:
    """The token of the page that starts after the key `last`."""
    return base64.urlsafe_b64encode(_mark(scope, last) + last).decode()


def _mark(scope: bytes, last: bytes) -> bytes:
    """Tells a token of another list, or one that was cut or made up, from a good one."""
    return hashlib.sha256(len(scope).to_bytes(4, "big") + scope + last).digest()[:_MARK_BYTES]
