"""How search reads a text: its words, in order, in one spelling.

Words are runs of letters, digits, marks and `_` after NFKC and casefolding. Scripts that are written without spaces
(Han, kana, Thai and its neighbours) give one word a character, so that a phrase finds any part of a run.
"""

import re
import unicodedata
from collections.abc import Sequence

#: Longer words are known by their beginning only; the same cut is made in texts and in queries.
WORD_CHARS_MAX = 64

_PIECE = 1_024  # NFKC takes quadratic time over long runs of combining marks
_ASCII_WORD = re.compile("[0-9a-z_]+")
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3041, 0x30FF),  # kana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


class _Breaks(dict[int, str]):
    """A table for `str.translate` that learns each code point when it is met."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        if any(first <= point <= last for first, last in _UNSPACED):
            shown = f" {character} " if unicodedata.category(character)[0] in "LMN" else " "
        elif character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M":
            shown = character
        else:
            shown = " "
        self[point] = shown
        return shown


_BREAKS = _Breaks()


def words_of(text: str) -> list[str]:
    """The words of a text in order; never fails."""
    if text.isascii():
        words = _ASCII_WORD.findall(text.lower())
        if len(text) <= WORD_CHARS_MAX:
            return words
    else:
        pieces = (text[begin : begin + _PIECE] for begin in range(0, len(text), _PIECE))
        folded = "".join(unicodedata.normalize("NFKC", piece).casefold() for piece in pieces)
        words = folded.translate(_BREAKS).split()
    return [word[:WORD_CHARS_MAX] for word in words]


def holds_phrase(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of `phrase` stand next to each other, in order. An empty phrase is held by every text."""
    if not phrase:
        return True
    first, length = phrase[0], len(phrase)
    if length == 1:
        return first in words
    wanted = list(phrase)
    return any(
        word == first and list(words[place : place + length]) == wanted
        for place, word in enumerate(words[: len(words) - length + 1])
    )
