"""The numpy implementation of the feature specification (steps 3 to 6): occurrences of keys in encoded texts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine.spec import (
    CLASS_SIZE,
    GRAM_FACTORS,
    GRAM_KIND,
    JOIN_FACTORS,
    MASK,
    SPACE,
    WORD_FACTORS,
    WORD_POSITIONS,
)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch in reading order; four int64 arrays [W].

    `keys` by the specification, `starts` and `ends` (exclusive) positions in the code points, `texts` index of the
    text.
    """

    keys: Ints
    starts: Ints
    ends: Ints
    texts: Ints


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Keys with the index of the text or word they occur in; two int64 arrays [O]."""

    keys: Ints
    owners: Ints


def find_words(codes: NDArray[np.int32], word_class: NDArray[np.bool_]) -> Words:
    """All words of encoded texts; `word_class` is the table of word characters, bool [CLASS_SIZE]."""
    inside = word_class[np.minimum(codes, CLASS_SIZE - 1)]
    edges = np.flatnonzero(np.diff(inside, prepend=False))
    starts, ends = edges[0::2], edges[1::2]
    _, inner = _walk(ends - starts)
    factors = WORD_FACTORS[np.minimum(inner, WORD_POSITIONS - 1)]
    sums = np.concatenate(([0], np.cumsum(((codes[inside] + np.int64(1)) * factors) & MASK)))
    bounds = np.concatenate(([0], np.cumsum(ends - starts)))
    keys = (sums[bounds[1:]] - sums[bounds[:-1]]) & MASK
    return Words(keys, starts, ends, np.cumsum(codes == 0)[starts])


def select(words: Words, chosen: NDArray[np.bool_] | Ints) -> Words:
    """The chosen words only, by mask or by index."""
    return Words(words.keys[chosen], words.starts[chosen], words.ends[chosen], words.texts[chosen])


def word_ngrams(words: Words, size: int, usable: NDArray[np.bool_] | None = None) -> Occurrences:
    """Neighbouring words of one text, joined `size` at a time (2 or 3), in reading order; owners are texts.

    `usable` bool [W]: only n-grams of usable words; None: all.
    """
    count = max(len(words.keys) - size + 1, 0)
    total = words.keys[:count] * JOIN_FACTORS[0]
    for place in range(1, size):
        total = total + words.keys[place : place + count] * JOIN_FACTORS[place]
    keys = (total & MASK) + (size - 1)
    together = words.texts[:count] == words.texts[size - 1 : size - 1 + count]
    if usable is not None:
        for place in range(size):
            together &= usable[place : place + count]
    return Occurrences(keys[together], words.texts[:count][together])


def char_ngrams(codes: NDArray[np.int32], words: Words, smallest: int, largest: int) -> Occurrences:
    """Character n-grams of the given words, smallest <= n <= largest; owners are indices into `words`.

    Ordered by word, then position, then size.
    """
    lengths = words.ends - words.starts
    owners, inner = _walk(lengths)
    left = (lengths[owners] - inner)[:, None]  # word characters from offset 1 on
    offsets = np.arange(largest)
    at = (words.starts[owners] + inner - 1)[:, None] + offsets
    inside = (at >= words.starts[owners][:, None]) & (offsets <= left)
    letters = codes[np.clip(at, 0, max(len(codes) - 1, 0))] if len(owners) else np.zeros(at.shape, np.int32)
    keys = _gram_keys(np.where(inside, letters, SPACE), smallest)
    complete = np.arange(smallest - 2, largest - 1) <= left
    return Occurrences(keys[complete], np.broadcast_to(owners[:, None], keys.shape)[complete])


def spanning_ngrams(codes: NDArray[np.int32], words: Words, smallest: int, largest: int) -> Occurrences:
    """Character n-grams across the words of each text, smallest <= n <= largest; owners are texts.

    Those of " word word … word ", ordered by position, then size.
    """
    lengths = words.ends - words.starts + 1  # with the space after the word
    owners, inner = _walk(lengths)
    texts = words.texts[owners]
    letters = np.full(len(owners) + largest, SPACE, np.int32)
    is_letter = inner + 1 < lengths[owners]
    letters[1 : len(owners) + 1][is_letter] = codes[(words.starts[owners] + inner)[is_letter]]
    windows = np.lib.stride_tricks.sliding_window_view(letters, largest)[: len(owners)]
    keys = _gram_keys(windows, smallest)
    left = np.searchsorted(texts, texts, side="right") - np.arange(len(texts))  # places to the end of the text
    complete = np.arange(smallest - 1, largest) <= left[:, None]
    return Occurrences(keys[complete], np.broadcast_to(texts[:, None], keys.shape)[complete])


def _gram_keys(letters: NDArray[np.int32], smallest: int) -> Ints:
    """Keys of the n-grams that begin each row of letters [rows, largest], by size from the smallest on."""
    values = ((letters + np.int64(1)) * GRAM_FACTORS[: letters.shape[1]]) & MASK
    return (np.cumsum(values, axis=1)[:, smallest - 1 :] & MASK) + GRAM_KIND


def _walk(lengths: Ints) -> tuple[Ints, Ints]:
    """For runs of the given lengths laid end to end: the run of each element and its position in that run."""
    owners = np.repeat(np.arange(len(lengths)), lengths)
    return owners, np.arange(len(owners)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
