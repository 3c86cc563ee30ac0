"""Hashed words and their nearest groups, compiled by numba: a microsecond a text instead of five.

Constants of other modules are compiled in, and numba takes code from the disk for as long as this file is the same:
whoever changes one of them changes the text of this file as well.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from pinfold_server.engine.spec import MASK, WORD_FACTORS, WORD_POSITIONS

HASH_BITS = 14
_MIXER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - HASH_BITS)
_CAPITAL_A, _CAPITAL_Z, _TO_SMALL = ord("A"), ord("Z"), ord("a") - ord("A")
_ZERO, _ONE, _TINY = np.float32(0), np.float32(1), np.float32(1e-24)

Codes = NDArray[np.uint8] | NDArray[np.int32]
Singles = NDArray[np.float32]
Longs = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., object])

_ROWS = "int64[::1], int32[::1], float32[::1]"


def _compiled(*signatures: str) -> Callable[[Function], Function]:
    """Machine code, made once and kept in a file; it runs without the interpreter's lock."""
    return cast("Callable[[Function], Function]", njit(list(signatures), cache=True, nogil=True, error_model="numpy"))


@_compiled(
    *(f"void(Array({codes}, 1, 'C', readonly=True), Array(bool_, 1, 'C', readonly=True), int64[::1], int32[::1],"
      f" int64[::1])" for codes in ("uint8", "int32"))
)  # fmt: skip
def hash_words(
    codes: Codes, word_class: NDArray[np.bool_], seen: Longs, columns: NDArray[np.int32], ends: Longs
) -> None:
    """The distinct hashed words of each text, in the order in which they come.

    codes: normalised code points, each text ended by 0; capital ASCII letters are read as small ones. word_class tells
    word characters, as in `CompiledModel`. seen: int64 [2 ** HASH_BITS], zeros. Fills `columns`, which has room for all
    words, and `ends` int64 [texts]: where in it each text ends.
    """
    last = len(word_class) - 1
    position, count = 0, 0
    for text in range(len(ends)):
        while codes[position] != 0:
            key, place = 0, 0
            point = np.int64(codes[position])
            while word_class[point if point < last else last]:
                if _CAPITAL_A <= point <= _CAPITAL_Z:
                    point += _TO_SMALL
                key += ((point + 1) * WORD_FACTORS[min(place, WORD_POSITIONS - 1)]) & MASK
                place += 1
                point = np.int64(codes[position + place])
            if place == 0:
                position += 1
                continue
            position += place
            column = np.int64((np.uint64(key & MASK) * _MIXER) >> _SHIFT)
            if seen[column] != text + 1:
                seen[column] = text + 1
                columns[count] = column
                count += 1
        position += 1
        ends[text] = count


@_compiled(f"void({_ROWS}, float32[:,::1], float32[::1], uint16[::1], float32[::1])")
def nearest(
    ends: Longs,
    columns: NDArray[np.int32],
    weights: Singles,
    centres: Singles,
    sums: Singles,
    groups: NDArray[np.uint16],
    affinities: Singles,
) -> None:
    """The nearest of the `centres` float32 [2 ** HASH_BITS, groups], of equals the first, and the cosine with it.

    Sums go in the order of the text's words: they depend on nothing but the text. `sums` float32 [groups]: scratch.
    """
    begin = 0
    for text in range(len(ends)):
        sums[:] = _ZERO
        square = _ZERO
        for place in range(begin, ends[text]):
            column = columns[place]
            weight = weights[column]
            square += weight * weight
            for group in range(len(sums)):
                sums[group] += weight * centres[column, group]
        begin = ends[text]
        best = 0
        for group in range(1, len(sums)):
            if sums[group] > sums[best]:
                best = group
        groups[text] = best
        affinities[text] = min(max(sums[best] / np.sqrt(max(square, _TINY)), _ZERO), _ONE)


@_compiled(f"void({_ROWS}, uint16[::1], float32[:,::1], float32[::1], float32[:,::1])")
def move_centres(
    ends: Longs,
    columns: NDArray[np.int32],
    weights: Singles,
    groups: NDArray[np.uint16],
    before: Singles,
    lengths: Singles,
    centres: Singles,
) -> None:
    """The unit sums of the groups' unit vectors; a group without texts stays where it was before.

    before: float32 [2 ** HASH_BITS, groups]. lengths: float32 [groups], zeros. Fills `centres`, zeros like `before`.
    """
    begin = 0
    for text in range(len(ends)):
        square = _ZERO
        for place in range(begin, ends[text]):
            square += weights[columns[place]] * weights[columns[place]]
        length = np.sqrt(max(square, _TINY))
        for place in range(begin, ends[text]):
            centres[columns[place], groups[text]] += weights[columns[place]] / length
        begin = ends[text]
    for column in range(len(centres)):
        for group in range(len(lengths)):
            lengths[group] += centres[column, group] * centres[column, group]
    for group in range(len(lengths)):
        lengths[group] = np.sqrt(lengths[group])
    for column in range(len(centres)):
        for group in range(len(lengths)):
            length = lengths[group]
            centres[column, group] = centres[column, group] / length if length > 0 else before[column, group]
