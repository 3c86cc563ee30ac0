"""Normalisation of texts and their code points: steps 1 to 3 of the feature specification."""

import enum
import functools
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.ascii_texts import AsciiTexts
from pinfold_server.engine.spec import CLASS_SIZE, MAX_CODE_POINTS
from pinfold_server.engine.unicode14 import DIGITS, fold

_PIECE = 1024
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


_URL = re.compile("(?<![0-9a-z_])(?:https?://|www\\.)[!-~]+")
URL_WORD = "_url_"
NUMBER_WORD = "0"


class Folding(enum.StrEnum):
    """A step of the normalisation that a model asks for; steps follow each other in this order.

    URLS: a web address becomes the word `_url_`: `http://`, `https://` or `www.`, not right after an ASCII letter,
    digit or `_`, and all printable ASCII that follows, one character at least. NUMBERS: a run of decimal digits
    (category Nd) becomes `0`. Neither makes a text longer.
    """

    URLS = "fold_urls"
    NUMBERS = "fold_numbers"


Foldings = Collection[Folding]

REPLACEMENTS: Mapping[Folding, tuple[re.Pattern[str], str]] = {
    Folding.URLS: (_URL, URL_WORD),
    Folding.NUMBERS: (DIGITS, NUMBER_WORD),
}
"""What each step replaces by what, in the order of the steps."""


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """Texts as a model reads them, and the indices of those that it does not see all of."""

    texts: list[str]
    truncated: list[int]


def read_texts(texts: Iterable[str], foldings: Foldings = ()) -> ReadTexts:
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
    for step, (pattern, word) in REPLACEMENTS.items():
        if step in foldings:
            read = [pattern.sub(word, text) for text in read]
    return ReadTexts(read, truncated)


def code_points(texts: Sequence[str]) -> NDArray[np.int32]:
    """Code points of texts that were read, each text ended by 0; int32 [characters + texts]."""
    if not texts:
        return np.zeros(0, np.int32)
    return np.frombuffer(("\0".join(texts) + "\0").encode("utf-32-le"), np.int32)


@dataclass(slots=True)  # not frozen: one is made for every request, and that would take four times as long
class ReadCodes:
    """Texts as a kernel reads them, and the indices of those that it does not see all of.

    `codes`: each text ended by 0; bytes where all texts are ASCII, else int32 code points. Bytes may hold capital
    letters and control characters.
    """

    codes: NDArray[np.uint8] | NDArray[np.int32]
    truncated: list[int]


def read_codes(texts: Sequence[str], foldings: Foldings = ()) -> ReadCodes:
    """`read_texts` and `code_points` in one; of at least one text.

    ASCII texts are only joined: NFKC leaves them alone, and the kernel sees to capitals and control characters.
    """
    if isinstance(texts, AsciiTexts):
        if not foldings:
            return ReadCodes(np.frombuffer(texts.codes, np.uint8), [])
        texts = texts.strings()
    joined = "\0".join(texts)
    plain = joined.isascii() and not foldings and joined.count("\0") == len(texts) - 1
    if plain and (len(joined) <= MAX_CODE_POINTS or max(map(len, texts)) <= MAX_CODE_POINTS):
        return ReadCodes(np.frombuffer((joined + "\0").encode(), np.uint8), [])
    read = read_texts(texts, foldings)
    return ReadCodes(code_points(read.texts), read.truncated)


def encode(texts: Iterable[str], foldings: Foldings = ()) -> NDArray[np.int32]:
    """The input of a model for any strings: normalised code points, each text ended by 0; int32 [C]."""
    return code_points(read_texts(texts, foldings).texts)


def _fold(text: str) -> str:
    return "".join(map(normalize, pieces(text)))


def pieces(text: str) -> Iterator[str]:
    """A text in the parts that are normalised together."""
    return (text[begin : begin + _PIECE] for begin in range(0, len(text), _PIECE))


def normalize(piece: str) -> str:
    """One piece of a text, without the steps that only some models ask for."""
    folded = fold(piece)
    if folded.isprintable():  # then it holds neither control characters nor surrogates
        return folded
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
