"""Where character n-grams lie: the places of those that `features.char_ngrams` and `spanning_ngrams` give keys of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.features import Words

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The first place and the size of n-grams; two int64 arrays."""

    firsts: Ints
    sizes: Ints


class Letters:
    """The words of a text, or of several laid end to end, with one space around each: " word word … word ".

    `begins` and `ends` int64: where each place begins and ends in the text; a space begins where the word after it
    does, and ends where the word before it does, so that n-grams span letters only.
    """

    def __init__(self, read: str, words: Words) -> None:
        spelled = (read[start:end] for start, end in zip(words.starts.tolist(), words.ends.tolist(), strict=True))
        self.text = "".join([" ", *(f"{word} " for word in spelled)])
        self._words = words
        self._lengths = words.ends - words.starts
        self._spaces = np.concatenate(([0], np.cumsum(self._lengths + 1)))
        self.begins = np.zeros(len(self.text), np.int64)
        owners, inner = _walk(self._lengths)
        places = self._spaces[owners] + 1 + inner
        self.begins[places] = words.starts[owners] + inner
        self.ends = self.begins + 1
        self.begins[self._spaces[:-1]] = words.starts
        self.ends[self._spaces[1:]] = words.ends

    def within(self, smallest: int, largest: int) -> Windows:
        """N-grams of " word " for each word, in the order of `char_ngrams`."""
        owners, inner = _walk(self._lengths)
        left = self._lengths[owners] - inner
        return _windows(self._spaces[owners] + inner, left, np.arange(smallest, largest + 1) - 2, smallest)

    def across(self, smallest: int, largest: int) -> Windows:
        """N-grams of all words of each text, in the order of `spanning_ngrams`."""
        texts = np.repeat(self._words.texts, self._lengths + 1)
        firsts = np.arange(len(texts))
        left = np.searchsorted(texts, texts, side="right") - firsts  # places to the end of the text
        return _windows(firsts, left, np.arange(smallest, largest + 1) - 1, smallest)


def _windows(firsts: Ints, left: Ints, needed: Ints, smallest: int) -> Windows:
    complete = needed <= left[:, None]
    shape = complete.shape
    sizes = np.broadcast_to(np.arange(smallest, smallest + len(needed)), shape)
    return Windows(np.broadcast_to(firsts[:, None], shape)[complete], sizes[complete])


def _walk(lengths: Ints) -> tuple[Ints, Ints]:
    owners = np.repeat(np.arange(len(lengths)), lengths)
    return owners, np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
