"""Counts of all features of the training texts, taken once and shared by every fit of a training."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine import features, text
from pinfold_server.engine.features import Occurrences, Words
from pinfold_server.engine.text import Foldings
from pinfold_server.training.cache import Cache, Part, digest_of, digest_of_texts
from pinfold_server.training.fit.parallel import Tick
from pinfold_server.training.fit.reading import foldings, stop_keys

_BLOCK_CHARACTERS = 1 << 20
LONGEST_WORD = 48
"""Characters of the longest word that is a feature itself; longer ones are read through their n-grams only.

A word's row holds its character n-grams: one word of thousands of letters would otherwise spoil the grid of the model.
"""

Ints = NDArray[np.int64]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Features of one kind: `keys` [f] ascending, `counts` CSR float64 [texts, f]."""

    keys: Ints
    counts: sp.csr_matrix


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """All features of some texts.

    `words` distinct words, `eligible` bool [words] those that may be features themselves; `stops` keys of the stop
    words, which are in nothing but `words`; `joined` word n-grams by n; `grams` character n-grams; `spelling` CSR
    [words, grams]: how often each n-gram occurs in each word, nothing when they lie across words. `digest`: of what all
    of it was counted from; `cache` keeps what is computed from it.
    """

    words: Block
    eligible: NDArray[np.bool_]
    stops: Ints
    joined: dict[int, Block]
    grams: Block
    spelling: sp.csr_matrix
    digest: bytes
    cache: Cache

    def derived(self, what: str, parts: Sequence[Part], make: Callable[[], T]) -> T:
        """What `make` computes from this and the parts; `what` names the computation. Its arrays are read-only."""
        return self.cache.get(digest_of(self.digest, what, *parts), make)

    @property
    def texts(self) -> int:
        """Number of texts."""
        return int(self.words.counts.shape[0])


def count_features(texts: Sequence[str], config: RunConfig, tick: Tick, cache: Cache | None = None) -> Corpus:
    """Counts every n-gram that the configuration asks for, before any selection; all arrays are read-only."""
    cache = Cache(0) if cache is None else cache
    words, characters = (config.word_ngram_min, config.word_ngram_max), (config.char_ngram_min, config.char_ngram_max)
    options = repr((words, characters, config.reads_across, foldings(config)))
    digest = digest_of(digest_of_texts(texts), options, stop_keys(config))

    def count() -> Corpus:
        tally = _Tally(config, stop_keys(config))
        for first, codes in blocks(texts, foldings(config)):
            tick(first / len(texts))
            tally.add(codes, first)
        return tally.corpus(len(texts), digest, cache)

    return cache.get(digest, count)


class _Tally:
    """Occurrences found so far, block by block."""

    def __init__(self, config: RunConfig, stops: Ints) -> None:
        self._config = config
        self._stops = stops
        self._singles: list[Occurrences] = []
        sizes = range(max(config.word_ngram_min, 2), config.word_ngram_max + 1)
        self._joined: dict[int, list[Occurrences]] = {size: [] for size in sizes}
        self._spelled: list[Occurrences] = []
        self._spanning: list[Occurrences] = []
        self._seen = stops
        self._long = np.zeros(0, np.int64)

    def add(self, codes: NDArray[np.int32], first: int) -> None:
        """Counts encoded texts, the first of which has the index `first`."""
        words = features.find_words(codes, text.word_characters())
        self._singles.append(Occurrences(words.keys, words.texts + first))
        usable = ~np.isin(words.keys, self._stops) if len(self._stops) else None
        for size, found in self._joined.items():
            together = features.word_ngrams(words, size, usable)
            found.append(Occurrences(together.keys, together.owners + first))
        fresh = _first_of_each(words, self._seen)
        self._seen = np.union1d(self._seen, fresh.keys)
        self._long = np.union1d(self._long, fresh.keys[fresh.ends - fresh.starts > LONGEST_WORD])
        sizes = self._config.char_ngram_min, self._config.char_ngram_max
        if self._config.reads_across:
            grams = features.spanning_ngrams(codes, words, *sizes)
            self._spanning.append(Occurrences(grams.keys, grams.owners + first))
        elif self._config.char_ngram_max:
            grams = features.char_ngrams(codes, fresh, *sizes)
            self._spelled.append(Occurrences(grams.keys, fresh.keys[grams.owners]))

    def corpus(self, texts: int, digest: bytes, cache: Cache) -> Corpus:
        """Everything counted, of so many texts."""
        words = _count(self._singles, texts)
        keys, owners = _joined(self._spelled)
        spelling = _count([Occurrences(keys, np.searchsorted(words.keys, owners))], len(words.keys))
        grams = Block(spelling.keys, sp.csr_matrix(words.counts @ spelling.counts))
        if self._config.reads_across:
            grams = _count(self._spanning, texts)
            spelling = Block(grams.keys, sp.csr_matrix((len(words.keys), len(grams.keys))))
        return Corpus(
            words=words,
            eligible=~np.isin(words.keys, np.union1d(self._long, self._stops)),
            stops=self._stops,
            joined={size: _count(found, texts) for size, found in self._joined.items()},
            grams=grams,
            spelling=spelling.counts,
            digest=digest,
            cache=cache,
        )


def blocks(texts: Sequence[str], steps: Foldings) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Encoded texts, about a million characters at a time, with the index of the first; the texts keep their order."""
    begin, pending, size = 0, [], 0
    for index, each in enumerate(texts):
        pending += text.read_texts([each], steps).texts
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
