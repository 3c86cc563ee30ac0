"""What earlier trainings of this process computed from texts: kept by a digest of all that it was computed from.

Nothing but pure functions is kept, so that a result is the same bits whether it is found, was dropped, or never was
there. Kept arrays cannot be written to: who changed one would change the next training.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Part: TypeAlias = "bytes | str | int | NDArray[Any] | None"

_TEXTS_A_STEP = 8_192

T = TypeVar("T")


@dataclass(slots=True)
class _Entry:
    value: Any
    size: int
    used: float


class Cache:
    """Values made of arrays, at most so many bytes of them; the one that was used longest ago goes first.

    For one thread. `clock` gives seconds.
    """

    def __init__(self, bytes_max: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._bytes_max = bytes_max
        self._clock = clock
        self._entries: dict[bytes, _Entry] = {}
        self.size = 0
        """Bytes of all arrays that are kept."""

    def get(self, key: bytes, make: Callable[[], T]) -> T:
        """The value under the key, or what `make` gives, which is kept where it has room. Its arrays are read-only."""
        entry = self._entries.pop(key, None)
        if entry is None:
            value = make()
            entry = _Entry(value, sum(_frozen(array) for array in _arrays(value)), 0.0)
            if entry.size > self._bytes_max:
                return value
            self.size += entry.size
        entry.used = self._clock()
        self._entries[key] = entry  # behind all others: they lie in the order of their last use
        while self.size > self._bytes_max:
            self._drop(next(iter(self._entries)))
        found: T = entry.value
        return found

    def drop_unused(self, seconds: float) -> None:
        """Drops what was not asked for in so many seconds."""
        before = self._clock() - seconds
        for key in [key for key, entry in self._entries.items() if entry.used < before]:
            self._drop(key)

    def _drop(self, key: bytes) -> None:
        self.size -= self._entries.pop(key).size


def digest_of(*parts: Part) -> bytes:
    """SHA-256 of a list of values; other values, or the same in another order, give another."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype} {part.shape}\0".encode())
            digest.update(np.ascontiguousarray(part).data)
        else:
            digest.update(f"{part!r}\0".encode())
    return digest.digest()


def digest_of_texts(texts: Sequence[str]) -> bytes:
    """SHA-256 of texts in their order."""
    digest = hashlib.sha256()
    for begin in range(0, len(texts), _TEXTS_A_STEP):
        some = texts[begin : begin + _TEXTS_A_STEP]
        digest.update(np.fromiter(map(len, some), np.int64, len(some)).data)
        digest.update("".join(some).encode("utf-8", "surrogatepass"))
    return digest.digest()


def _arrays(value: object) -> Iterator[NDArray[Any]]:
    """All arrays that a value is made of."""
    match value:
        case np.ndarray():
            yield value
        case sp.csr_matrix():
            yield from (value.data, value.indices, value.indptr)
        case dict():
            for each in value.values():
                yield from _arrays(each)
        case tuple():
            for each in value:
                yield from _arrays(each)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from _arrays(getattr(value, field.name))


def _frozen(array: NDArray[Any]) -> int:
    """Bytes of the array, which is read-only from now on."""
    array.flags.writeable = False
    return array.nbytes
