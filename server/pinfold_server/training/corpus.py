"""Counts of all features of the training texts, taken once and shared by every fit of a training."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.configs import RunConfig
from pinfold_server.engine import features, text
from pinfold_server.engine.features import Occurrences, Words

_BLOCK_CHARACTERS = 1 << 20
LONGEST_WORD = 48
"""Characters of the longest word that is a feature itself; longer ones are read through their n-grams only.

A word's row holds its character n-grams: one word of thousands of letters would otherwise spoil the grid of the model.
"""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Features of one kind: `keys` [f] ascending, `counts` CSR float64 [texts, f]."""

    keys: Ints
    counts: sp.csr_matrix


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All features of some texts.

    `words` distinct words, `short` bool [words] those that may be features themselves; `joined` word n-grams by n;
    `grams` character n-grams; `spelling` CSR [words, grams]: how often each n-gram occurs in each word.
    """

    words: Block
    short: NDArray[np.bool_]
    joined: dict[int, Block]
    grams: Block
    spelling: sp.csr_matrix

    @property
    def texts(self) -> int:
        """Number of texts."""
        return int(self.words.counts.shape[0])


def count_features(texts: Sequence[str], config: RunConfig, tick: Callable[[float], None]) -> Corpus:
    """Counts every n-gram that the configuration asks for, before any selection; `tick` as in `solver.fit`."""
    sizes = range(max(config.word_ngram_min, 2), config.word_ngram_max + 1)
    singles: list[Occurrences] = []
    joined: dict[int, list[Occurrences]] = {size: [] for size in sizes}
    spelled: list[Occurrences] = []
    seen = long = np.zeros(0, np.int64)
    for first, codes in _blocks(texts):
        tick(first / len(texts))
        words = features.find_words(codes, text.word_characters())
        singles.append(Occurrences(words.keys, words.texts + first))
        for size in sizes:
            pairs = features.word_ngrams(words, size)
            joined[size].append(Occurrences(pairs.keys, pairs.owners + first))
        fresh = _first_of_each(words, seen)
        seen = np.union1d(seen, fresh.keys)
        long = np.union1d(long, fresh.keys[fresh.ends - fresh.starts > LONGEST_WORD])
        if config.char_ngram_max:
            grams = features.char_ngrams(codes, fresh, config.char_ngram_min, config.char_ngram_max)
            spelled.append(Occurrences(grams.keys, fresh.keys[grams.owners]))
    table = _count(singles, len(texts))
    keys, owners = _joined(spelled)
    spelling = _count([Occurrences(keys, np.searchsorted(table.keys, owners))], len(table.keys))
    counted = sp.csr_matrix(table.counts @ spelling.counts)
    blocks = {size: _count(found, len(texts)) for size, found in joined.items()}
    return Corpus(table, ~np.isin(table.keys, long), blocks, Block(spelling.keys, counted), spelling.counts)


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Encoded texts, about a million characters at a time, with the index of the first; the texts keep their order."""
    begin, pending, size = 0, [], 0
    for index, each in enumerate(texts):
        pending += text.read_texts([each]).texts
        size += len(pending[-1])
        if size >= _BLOCK_CHARACTERS or index == len(texts) - 1:
            yield begin, text.code_points(pending)
            begin, pending, size = index + 1, [], 0


def _first_of_each(words: Words, seen: Ints) -> Words:
    """One occurrence of each distinct word that is not among the keys `seen`."""
    keys, first = np.unique(words.keys, return_index=True)
    return features.select(words, first[~np.isin(keys, seen, assume_unique=True)])


def _joined(found: list[Occurrences]) -> tuple[Ints, Ints]:
    none = np.zeros(0, np.int64)
    return (
        np.concatenate([none, *(each.keys for each in found)]),
        np.concatenate([none, *(each.owners for each in found)]),
    )


def _count(found: list[Occurrences], owners: int) -> Block:
    """How often each key occurs with each owner."""
    keys, rows = _joined(found)
    distinct, columns = np.unique(keys, return_inverse=True)
    shape = (owners, len(distinct))
    return Block(distinct, sp.csr_matrix((np.ones(len(columns)), (rows, columns)), shape))
