"""A model in the form both implementations compute with: exact tables and rows of whole grid steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine import features, sigmoid, softmax
from pinfold_server.engine.tables import KeyTable

CHUNK = 64
"""Rows summed in float32 at a time; the totals of chunks are summed in float64."""
ROW_LIMIT = 2**24 // CHUNK
"""Largest magnitude of a row's number in grid steps: every float32 partial sum is a whole number of at most 2**24."""
_BLOCK_ROWS = 4096

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FeatureOptions:
    """Which n-grams a model reads; `char_min` and `char_max` are both 0 when it reads no character n-grams.

    `char_across`: these lie across words, and all of them are looked up; else within words, whose rows hold them.
    """

    word_max: int
    char_min: int
    char_max: int
    char_across: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CompiledModel:
    """Everything that the graph of a model holds.

    `word_class` bool [CLASS_SIZE]; `words` finds words and word n-grams, `grams` character n-grams; `word_rows` and
    `gram_rows` float32 [rows + 1, labels + 1]: whole numbers, row 0 all zeros, the last column the share of the squared
    norm; `steps` float64 [labels]: powers of two that turn sum / sqrt(squared norm) into places of the sigmoid table;
    `offsets` float64 [labels]: the place of the bias; `closure` int64 [pairs, 2]: (ancestor, descendant) label indices;
    `single`: the probabilities of the leaf labels add up to 1.
    """

    labels: tuple[str, ...]
    options: FeatureOptions
    word_class: NDArray[np.bool_]
    words: KeyTable
    word_rows: Rows
    grams: KeyTable
    gram_rows: Rows
    steps: NDArray[np.float64]
    offsets: NDArray[np.float64]
    closure: NDArray[np.int64]
    single: bool = False

    def probabilities(self, codes: NDArray[np.int32]) -> NDArray[np.float32]:
        """What the graph answers for encoded texts, computed by numpy: the same bits; float32 [texts, labels]."""
        totals = self.totals(codes)
        norm = np.sqrt(np.maximum(totals[:, -1:], 1.0))
        places = totals[:, :-1] / norm * self.steps + self.offsets
        return probabilities_of(places, self.closure, single=self.single)

    def totals(self, codes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Sums of rows of each text in grid steps; whole numbers, float64 [texts, labels + 1]."""
        totals = np.zeros((int(np.count_nonzero(codes == 0)), self.word_rows.shape[1]))
        words = features.find_words(codes, self.word_class)
        known = self.words.find(words.keys)
        _add_rows(totals, self.word_rows, known, words.texts)
        for size in range(2, self.options.word_max + 1):
            joined = features.word_ngrams(words, size)
            _add_rows(totals, self.word_rows, self.words.find(joined.keys), joined.owners)
        if self.options.char_across:
            grams = features.spanning_ngrams(codes, words, self.options.char_min, self.options.char_max)
            _add_rows(totals, self.gram_rows, self.grams.find(grams.keys), grams.owners)
        elif self.options.char_max:
            unseen = features.select(words, known == 0)
            grams = features.char_ngrams(codes, unseen, self.options.char_min, self.options.char_max)
            _add_rows(totals, self.gram_rows, self.grams.find(grams.keys), unseen.texts[grams.owners])
        return totals


def probabilities_of(places: NDArray[np.float64], closure: NDArray[np.int64], *, single: bool) -> NDArray[np.float32]:
    """Probabilities of places in the sigmoid's table, float32 [texts, labels]; no child's is above its parent's."""
    if single:
        leaves, above = leaves_of(places.shape[1], closure)
        return softmax.probability(places, leaves, above)
    return raise_ancestors(sigmoid.probability(places), closure)


def leaves_of(labels: int, closure: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labels with nothing below them, and the pairs (ancestor, leaf)."""
    leaves = np.setdiff1d(np.arange(labels), closure[:, 0])
    return leaves, closure[np.isin(closure[:, 1], leaves)]


def raise_ancestors(probabilities: NDArray[np.float32], closure: NDArray[np.int64]) -> NDArray[np.float32]:
    """Each label raised to the largest probability below it; `closure` as in `CompiledModel`."""
    raised = probabilities.copy()
    ancestors, descendants = closure.T
    np.maximum.at(raised.T, ancestors, probabilities.T[descendants])
    return raised


def _add_rows(totals: NDArray[np.float64], table: Rows, rows: NDArray[np.int64], owners: NDArray[np.int64]) -> None:
    """Adds the rows found to the totals of their texts, a block at a time to bound memory.

    Whole numbers are added, so that their order changes nothing.
    """
    found = np.flatnonzero(rows)
    found = found[np.argsort(owners[found], kind="stable")]
    for begin in range(0, len(found), _BLOCK_ROWS):
        block = found[begin : begin + _BLOCK_ROWS]
        texts, firsts = np.unique(owners[block], return_index=True)
        totals[texts] += np.add.reduceat(table[rows[block]], firsts, axis=0, dtype=np.float64)
