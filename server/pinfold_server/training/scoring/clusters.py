"""Groups of documents that use the same words: spherical k-means over hashed words, without labels.

Dhillon and Modha, "Concept decompositions for large sparse text data using clustering", 2001. Each document is the unit
vector of its distinct words, each weighted by how rare it is; a group is the unit vector nearest to its documents.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine import text
from pinfold_server.training.scoring import group_kernels

DIMENSIONS = 1 << group_kernels.HASH_BITS
SAMPLE_MAX = 8_000
KEYWORDS = 8
_ROUNDS = 15
_FEWEST, _MOST = 2, 64
_WORD = re.compile(r"[^\W\d_]{3,}")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """`weights` float32 [DIMENSIONS]; `centres` float32 [DIMENSIONS, groups], columns of length 1."""

    weights: Floats
    centres: Floats

    @property
    def count(self) -> int:
        """Number of groups."""
        return int(self.centres.shape[1])

    def assign(self, texts: Sequence[str]) -> tuple[NDArray[np.uint16], Floats]:
        """The group of each text and the cosine with its centre; a text without words belongs to group 0."""
        return _nearest(_words(texts), self.weights, self.centres)


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Distinct hashed words of texts, one text after the other: `columns` int32, `ends` int64 [texts]."""

    ends: NDArray[np.int64]
    columns: NDArray[np.int32]

    def of(self, place: int) -> NDArray[np.int32]:
        """Those of one text."""
        return self.columns[self.ends[place - 1] if place else 0 : self.ends[place]]


def form_groups(texts: Sequence[str], look: Callable[[], None] = lambda: None, seed: int = 0) -> Grouping:
    """About sqrt(n / 2) groups, 2 to 64, of n texts (n >= 1); the same texts and seed give the same groups.

    `look` is called between the steps, each some hundredths of a second, and may raise to end it.
    """
    words = _words(texts)
    weights = _rarity(words)
    count = int(np.clip(np.sqrt(len(texts) / 2), _FEWEST, _MOST))
    look()
    centres = _first_centres(words, weights, count, np.random.default_rng(seed))
    groups = np.full(len(texts), count)
    for _ in range(_ROUNDS):
        look()
        nearest, _ = _nearest(words, weights, centres)
        if np.array_equal(nearest, groups):
            break
        groups = nearest
        centres = _centres(words, weights, groups, centres)
    return Grouping(weights, centres)


def keywords(texts: Sequence[str], groups: NDArray[np.uint16], count: int) -> list[list[str]]:
    """For each of `count` groups the words that tell it from the others.

    By (share of the group's texts with the word) * ln(that share / share of all texts with it); in at least two texts
    of the group, unless it has only one.
    """
    everywhere: Counter[str] = Counter()
    within: list[Counter[str]] = [Counter() for _ in range(count)]
    for each, group in zip(texts, groups.tolist(), strict=True):
        words = set(_WORD.findall(each[:4_096].casefold()))
        everywhere.update(words)
        within[group].update(words)
    sizes = np.bincount(groups, minlength=count)
    return [_best_words(own, int(size), everywhere, len(texts)) for own, size in zip(within, sizes, strict=True)]


def _best_words(own: Counter[str], size: int, everywhere: Counter[str], total: int) -> list[str]:
    fewest = min(size, 2)
    scored = []
    for word, times in own.items():
        share, usual = times / max(size, 1), everywhere[word] / total
        if times >= fewest and share > usual:
            scored.append((-share * float(np.log(share / usual)), word))
    return [word for _, word in sorted(scored)[:KEYWORDS]]


def _words(texts: Sequence[str]) -> _Words:
    ends = np.zeros(len(texts), np.int64)
    if not texts:
        return _Words(ends, np.zeros(0, np.int32))
    codes = text.read_codes(texts).codes
    columns = np.empty(len(codes) // 2 + 1, np.int32)
    group_kernels.hash_words(codes, text.word_characters(), np.zeros(DIMENSIONS, np.int64), columns, ends)
    return _Words(ends, columns[: ends[-1]])


def _rarity(words: _Words) -> Floats:
    """(ln((1 + n) / (1 + documents with the word)) + 1) squared, for each hashed word.

    Squared, words that every text has count less: the groups of banking77 agree with its labels by a normalised mutual
    information of 0.60, and of 0.54 without the square.
    """
    found = np.bincount(words.columns, minlength=DIMENSIONS)
    weights: Floats = np.square(np.log((1 + len(words.ends)) / (1 + found)) + 1).astype(np.float32)
    return weights


def _nearest(words: _Words, weights: Floats, centres: Floats) -> tuple[NDArray[np.uint16], Floats]:
    groups, affinities = np.empty(len(words.ends), np.uint16), np.empty(len(words.ends), np.float32)
    sums = np.empty(centres.shape[1], np.float32)
    group_kernels.nearest(words.ends, words.columns, weights, centres, sums, groups, affinities)
    return groups, affinities


def _first_centres(words: _Words, weights: Floats, count: int, draws: np.random.Generator) -> Floats:
    """Texts far from each other: k-means++ (Arthur and Vassilvitskii, 2007) with 1 - cosine as squared distance."""
    centres = np.zeros((DIMENSIONS, count), np.float32)
    distances = np.ones(len(words.ends))
    for place in range(count):
        total = distances.sum()
        share = distances / total if total > 1e-9 else np.full(len(distances), 1 / len(distances))
        own = words.of(int(draws.choice(len(share), p=share)))
        centre = np.zeros((DIMENSIONS, 1), np.float32)
        centre[own, 0] = weights[own] / max(float(np.linalg.norm(weights[own])), 1e-12)
        centres[:, place] = centre[:, 0]
        distances = np.minimum(distances, 1 - _nearest(words, weights, centre)[1])
    return centres


def _centres(words: _Words, weights: Floats, groups: NDArray[np.uint16], before: Floats) -> Floats:
    """The middles of the groups."""
    centres, lengths = np.zeros_like(before), np.zeros(before.shape[1], np.float32)
    group_kernels.move_centres(words.ends, words.columns, weights, groups, before, lengths, centres)
    return centres
