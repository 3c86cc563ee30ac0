"""Where each code point that a model reads comes from in the text that was sent.

Normalisation changes lengths: a ligature becomes two letters, a letter and its accent one, a web address a word.
Texts are cut into the smallest parts that normalise by themselves; all that a part became comes from all of the part.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.spec import MAX_CODE_POINTS
from pinfold_server.engine.text import REPLACEMENTS, Foldings, normalize, pieces

_LONGEST_PART = 32
"""Beyond it a piece is one part: marks heaped up without end would take quadratic time."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """A text as a model reads it: code point `i` of `read` comes from the code points `starts[i]` up to, without,
    `ends[i]` of the original. `truncated`: the model does not see all of the original.
    """

    read: str
    starts: Places
    ends: Places
    truncated: bool


def align(text: str, foldings: Foldings = ()) -> Aligned:
    """`read` is what `text.read_texts` gives."""
    parts = [part for piece in pieces(text[:MAX_CODE_POINTS]) for part in _parts(piece)]
    read = "".join(read for _, read in parts)
    sizes = np.array([size for size, _ in parts], np.int64)
    lengths = np.array([len(read) for _, read in parts], np.int64)
    ends = np.cumsum(sizes)
    truncated = len(text) > MAX_CODE_POINTS or len(read) > MAX_CODE_POINTS
    kept = slice(0, MAX_CODE_POINTS)
    aligned = Aligned(read[kept], np.repeat(ends - sizes, lengths)[kept], np.repeat(ends, lengths)[kept], truncated)
    for step, (pattern, word) in REPLACEMENTS.items():
        if step in foldings:
            aligned = _replaced(aligned, pattern, word)
    return aligned


def _parts(piece: str) -> list[tuple[int, str]]:
    """The length of each part of a piece and what becomes of it."""
    whole = normalize(piece)
    if piece.isascii():
        return [(1, read) for read in whole]
    parts = []
    for part in _grown(piece):
        if len(part) > _LONGEST_PART:
            return [(len(piece), whole)]
        parts.append((len(part), normalize(part)))
    return parts if "".join(read for _, read in parts) == whole else [(len(piece), whole)]


def _grown(piece: str) -> Iterator[str]:
    """A part grows by the next character as long as the two do not normalise apart."""
    part = piece[:1]
    for character in piece[1:]:
        joins = unicodedata.combining(character) != 0
        if not joins and not (part.isascii() and character.isascii()):
            joins = normalize(part + character) != normalize(part) + normalize(character)
        if joins and len(part) <= _LONGEST_PART:
            part += character
        else:
            yield part
            part = character
    yield part


def _replaced(aligned: Aligned, pattern: re.Pattern[str], word: str) -> Aligned:
    """After replacing all that matches by a word, every letter of which comes from all of the match."""
    read, starts, ends, at = list[str](), list[Places](), list[Places](), 0
    for match in pattern.finditer(aligned.read):
        begin, end = match.span()
        read += [aligned.read[at:begin], word]
        starts += [aligned.starts[at:begin], np.full(len(word), aligned.starts[begin])]
        ends += [aligned.ends[at:begin], np.full(len(word), aligned.ends[end - 1])]
        at = end
    return Aligned(
        "".join([*read, aligned.read[at:]]),
        np.concatenate([*starts, aligned.starts[at:]]),
        np.concatenate([*ends, aligned.ends[at:]]),
        aligned.truncated,
    )
