"""Lists of rising document numbers in few bytes: the postings of a word.

A piece begins with a number that its key holds; its bytes are one that says how many bytes a difference takes (1, 2 or
4), and then the differences from each number to the next, little-endian. A piece of one number has no bytes at all.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.uint32]

#: Pieces stay below half a page of the store.
PIECE_BYTES_MAX = 1_536

_WIDTHS = {1: "<u1", 2: "<u2", 4: "<u4"}
NONE: Numbers = np.zeros(0, np.uint32)


def decode(first: int, piece: bytes) -> Numbers:
    """Raises ValueError for bytes that are no piece."""
    if not piece:
        return np.array([first], np.uint32)
    kind = _WIDTHS.get(piece[0])
    if kind is None or (len(piece) - 1) % piece[0]:
        raise ValueError(f"{len(piece)} bytes with differences of {piece[0]} bytes are no postings")
    numbers = np.empty(1 + (len(piece) - 1) // piece[0], np.uint64)
    numbers[0] = first
    numbers[1:] = np.frombuffer(piece, kind, offset=1)
    return np.cumsum(numbers).astype(np.uint32)


def encode(numbers: Sequence[int]) -> list[tuple[int, bytes]]:
    """Pieces of rising numbers: the first number of each, and its bytes."""
    if len(numbers) == 1:  # most words of a batch are in one document of it
        return [(numbers[0], b"")]
    values = np.asarray(numbers, np.int64)
    steps = np.diff(values)
    width = 1 if steps.max() < 1 << 8 else 2 if steps.max() < 1 << 16 else 4
    each = (PIECE_BYTES_MAX - 1) // width + 1  # numbers of a piece
    packed = steps.astype(_WIDTHS[width])
    return [
        (
            int(values[begin]),
            bytes([width]) + packed[begin : begin + each - 1].tobytes() if begin + 1 < len(values) else b"",
        )
        for begin in range(0, len(values), each)
    ]


def common(lists: Sequence[Numbers]) -> Numbers:
    """Numbers that are in every list; the lists rise."""
    shortest, *others = sorted(lists, key=len)
    for other in others:
        if not len(other):
            return NONE
        places = np.searchsorted(other, shortest)
        places[places == len(other)] = 0
        shortest = shortest[other[places] == shortest]
    return shortest


def joined(pieces: Sequence[Numbers]) -> Numbers:
    """The numbers of all pieces, which follow each other."""
    return np.concatenate(pieces) if pieces else NONE


def without_later(numbers: Numbers, last: int) -> Numbers:
    """The numbers up to `last`."""
    return numbers[: int(np.searchsorted(numbers, last, "right"))]


def followed_by(numbers: Numbers, first: int, last: int) -> Numbers:
    """The numbers, and behind them all from `first` to `last`."""
    return np.concatenate([numbers, np.arange(first, last + 1, dtype=np.uint32)])


def numbers(values: Sequence[int]) -> Numbers:
    """Rising numbers as the functions here take them."""
    return np.asarray(values, np.uint32)
