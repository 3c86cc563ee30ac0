"""Which features a model keeps, how much each counts, and the matrix that weights are fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.runs.configs import FeatureSelection, RunConfig, effective_min_df
from pinfold_server.training.fit.corpus import Block, Corpus
from pinfold_server.training.fit.selection import chi_square
from pinfold_server.training.fit.weighting import CHARACTER_SHARE, factors_of

_CACHED_WORDS = 50_000
_MODEL_NUMBERS = 400_000_000
"""Most weights of a model: a serialised file must stay below the 2 GiB of a protobuf message."""

Ints = NDArray[np.int64]
Rows = NDArray[np.int64] | None
Merit = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """Kept features of one block: `columns` of it by falling document frequency.

    `factors`: how much an occurrence of each counts; `frequency`: texts that have it.
    """

    columns: Ints
    factors: NDArray[np.float64]
    frequency: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The kept features of all blocks; the matrix has words first, then word n-grams by n, then character n-grams."""

    words: Selected
    joined: dict[int, Selected]
    grams: Selected

    @property
    def blocks(self) -> list[Selected]:
        """All blocks in the order of the matrix."""
        return [self.words, *self.joined.values(), self.grams]

    @property
    def factors(self) -> NDArray[np.float64]:
        """How much an occurrence of each feature counts, in the order of the matrix."""
        return np.concatenate([block.factors for block in self.blocks])

    @property
    def size(self) -> int:
        """Number of features."""
        return sum(len(block.columns) for block in self.blocks)


def select(corpus: Corpus, rows: Rows, config: RunConfig, positive: Bools, *, single: bool) -> Vocabulary:
    """Keeps `max_features` at most of the features of the texts `rows` (None: all), as the configuration says.

    `positive` bool [rows, labels]: the labels that those texts are known to have. `single`: leaf labels exclude each
    other, and what features tell of labels does not count.
    """
    kept = _keep(corpus, rows, config, positive)
    texts = corpus.texts if rows is None else len(rows)
    statistics = None if single else chi_square(_counts(corpus, [each.columns for each in kept], rows), positive)
    ends = np.cumsum([len(each.columns) for each in kept]).tolist()
    selected: list[Selected] = []
    for each, end in zip(kept, ends, strict=True):
        telling = None if statistics is None else statistics[end - len(each.columns) : end]
        share = CHARACTER_SHARE if len(selected) == len(kept) - 1 else 1.0
        selected.append(Selected(each.columns, factors_of(each.frequency, texts, telling) * share, each.frequency))
    return Vocabulary(selected[0], dict(zip(corpus.joined, selected[1:-1], strict=True)), selected[-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """As in `Selected`."""

    columns: Ints
    frequency: Ints


def _keep(corpus: Corpus, rows: Rows, config: RunConfig, positive: Bools) -> tuple[_Kept, ...]:
    """Of each block the features that are kept; labels have no say in it where frequency decides."""
    largest = min(config.max_features, _MODEL_NUMBERS // (positive.shape[1] + 1))

    def make() -> tuple[_Kept, ...]:
        counts = [block.counts if rows is None else block.counts[rows] for block in _blocks(corpus)]
        frequencies = [_document_frequency(each) for each in counts]
        if config.word_ngram_min != 1:
            frequencies[0][:] = 0
        frequencies[0][~corpus.eligible] = 0
        fewest = effective_min_df(config, counts[0].shape[0])
        merits: Sequence[Merit] = frequencies
        if config.feature_selection is FeatureSelection.CHI_SQUARE:
            merits = [chi_square(each, positive) for each in counts]
        marks = _best(merits, [frequency >= fewest for frequency in frequencies], largest)
        return tuple(_by_frequency(frequency, keep) for frequency, keep in zip(frequencies, marks, strict=True))

    labels = positive if config.feature_selection is FeatureSelection.CHI_SQUARE else None
    return corpus.derived("kept", (rows, largest, config.min_df, config.word_ngram_min, labels), make)


def _by_frequency(frequency: Ints, keep: Bools) -> _Kept:
    columns = np.flatnonzero(keep)
    columns = columns[np.argsort(-frequency[columns], kind="stable")]
    return _Kept(columns, frequency[columns])


def matrix(corpus: Corpus, vocabulary: Vocabulary, rows: Rows) -> sp.csr_matrix:
    """Features of the texts `rows` (None: all), CSR float64 [texts, features]."""
    return weigh(count_matrix(corpus, vocabulary, rows).copy(), vocabulary.factors)


def count_matrix(corpus: Corpus, vocabulary: Vocabulary, rows: Rows) -> sp.csr_matrix:
    """How often each kept feature occurs in each of the texts, CSR float64 [texts, features], read-only."""
    return _counts(corpus, [block.columns for block in vocabulary.blocks], rows)


def _counts(corpus: Corpus, columns: Sequence[Ints], rows: Rows) -> sp.csr_matrix:
    """`columns`: of each block."""

    def make() -> sp.csr_matrix:
        blocks = zip(_blocks(corpus), columns, strict=True)
        parts = [(block.counts if rows is None else block.counts[rows])[:, chosen] for block, chosen in blocks]
        return sp.csr_matrix(sp.hstack(parts, format="csr"))

    return corpus.derived("counts", (rows, *columns), make)


def weigh(counts: sp.csr_matrix, factors: NDArray[np.float64]) -> sp.csr_matrix:
    """Count * factor / root of the sum of count * factor**2, in place: an occurrence counts the same whether or not it
    repeats.
    """
    norm = np.sqrt(counts @ factors**2)
    counts.data *= factors[counts.indices] / np.repeat(np.maximum(norm, 1e-12), np.diff(counts.indptr))
    return counts


def _blocks(corpus: Corpus) -> list[Block]:
    return [corpus.words, *corpus.joined.values(), corpus.grams]


def _document_frequency(counts: sp.csr_matrix) -> Ints:
    return np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.int64)


def _best(merits: Sequence[Merit], frequent: list[Bools], largest: int) -> list[Bools]:
    """Marks the features to keep in each block, frequent ones of most merit; of equals the first."""
    together, allowed = np.concatenate(merits), np.concatenate(frequent)
    chosen = np.argsort(-np.where(allowed, together, -1), kind="stable")[:largest]
    marks = np.zeros(len(together), np.bool_)
    marks[chosen] = allowed[chosen]
    return np.split(marks, np.cumsum([len(each) for each in merits])[:-1])


def frequent_words(corpus: Corpus) -> Selected:
    """Words worth a row of their own, for the n-grams they hold, in a model that has no features of single words."""
    frequency = _document_frequency(corpus.words.counts) * corpus.eligible
    columns = np.argsort(-frequency, kind="stable")[: int(np.count_nonzero(frequency >= 2))][:_CACHED_WORDS]
    return Selected(columns, np.zeros(len(columns)), frequency[columns])
