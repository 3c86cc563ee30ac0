"""Normalisation of texts and their code points: steps 1 to 3 of the feature specification."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.spec import CLASS_SIZE, MAX_CODE_POINTS

_PIECE = 1024
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """Texts as a model reads them, and the indices of those that it does not see all of."""

    texts: list[str]
    truncated: list[int]


def read_texts(texts: Iterable[str]) -> ReadTexts:
    """Normalises texts; never fails, whatever the strings hold."""
    read: list[str] = []
    truncated: list[int] = []
    for index, text in enumerate(texts):
        if text.isascii() and text.isprintable() and len(text) <= MAX_CODE_POINTS:
            read.append(text.lower())
            continue
        folded = _fold(text[:MAX_CODE_POINTS])
        if len(text) > MAX_CODE_POINTS or len(folded) > MAX_CODE_POINTS:
            truncated.append(index)
        read.append(folded[:MAX_CODE_POINTS])
    return ReadTexts(read, truncated)


def code_points(texts: Sequence[str]) -> NDArray[np.int32]:
    """Code points of texts that were read, each text ended by 0; int32 [characters + texts]."""
    if not texts:
        return np.zeros(0, np.int32)
    return np.frombuffer(("\0".join(texts) + "\0").encode("utf-32-le"), np.int32)


def encode(texts: Iterable[str]) -> NDArray[np.int32]:
    """The input of a model for any strings: normalised code points, each text ended by 0; int32 [C]."""
    return code_points(read_texts(texts).texts)


def _fold(text: str) -> str:
    pieces = (text[begin : begin + _PIECE] for begin in range(0, len(text), _PIECE))
    folded = "".join(unicodedata.normalize("NFKC", piece).casefold() for piece in pieces)
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", folded))


@functools.cache
def word_characters() -> NDArray[np.bool_]:
    """Which code points are word characters; bool [CLASS_SIZE], by the Unicode version of this interpreter."""
    table = np.zeros(CLASS_SIZE, np.bool_)
    for point in range(CLASS_SIZE):
        character = chr(point)
        table[point] = character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
    table.flags.writeable = False
    return table
