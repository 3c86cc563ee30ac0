"""Which features a model keeps, how much each counts, and the matrix that weights are fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.configs import FeatureSelection, RunConfig, effective_min_df
from pinfold_server.domain.metrics import Bools
from pinfold_server.training.corpus import Block, Corpus
from pinfold_server.training.selection import chi_square

CHARACTER_SHARE = 0.6
"""Character n-grams count this much of a word n-gram of the same rarity.

Measured with C = 1: banking77 91.0 % at 1.0, 91.4 % at 0.6, 91.2 % at 0.5; clinc150 92.3, 92.6 and 92.5 %.
"""
_CACHED_WORDS = 50_000
_MODEL_NUMBERS = 400_000_000
"""Most weights of a model: a serialised file must stay below the 2 GiB of a protobuf message."""

Ints = NDArray[np.int64]
Rows = NDArray[np.int64] | None
Merit = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """Kept features of one block: `columns` of it by falling document frequency, with the `idf` of each."""

    columns: Ints
    idf: NDArray[np.float64]
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
    def size(self) -> int:
        """Number of features."""
        return sum(len(block.columns) for block in self.blocks)


def select(corpus: Corpus, rows: Rows, config: RunConfig, assigned: Bools) -> Vocabulary:
    """Keeps `max_features` at most of the features of the texts `rows` (None: all), as the configuration says.

    `assigned` bool [rows, labels]: what those texts are labelled with.

    idf = ln((1 + n) / (1 + document frequency)) + 1, the smoothed form of scikit-learn's TfidfTransformer.
    """
    texts = corpus.texts if rows is None else len(rows)
    fewest = effective_min_df(config, texts)
    frequencies = [_document_frequency(block, rows) for block in _blocks(corpus)]
    if config.word_ngram_min != 1:
        frequencies[0][:] = 0
    frequencies[0][~corpus.eligible] = 0
    largest = min(config.max_features, _MODEL_NUMBERS // (assigned.shape[1] + 1))
    merits: Sequence[Merit] = frequencies
    if config.feature_selection is FeatureSelection.CHI_SQUARE:
        counts = [block.counts if rows is None else block.counts[rows] for block in _blocks(corpus)]
        merits = [chi_square(block, assigned) for block in counts]
    kept = _best(merits, [frequency >= fewest for frequency in frequencies], largest)
    selected = []
    for index, (frequency, keep) in enumerate(zip(frequencies, kept, strict=True)):
        columns = np.flatnonzero(keep)
        columns = columns[np.argsort(-frequency[columns], kind="stable")]
        share = CHARACTER_SHARE if index == len(frequencies) - 1 else 1.0
        idf = (np.log((1 + texts) / (1 + frequency[columns])) + 1) * share
        selected.append(Selected(columns, idf, frequency[columns]))
    return Vocabulary(selected[0], dict(zip(corpus.joined, selected[1:-1], strict=True)), selected[-1])


def matrix(corpus: Corpus, vocabulary: Vocabulary, rows: Rows) -> sp.csr_matrix:
    """Features of the texts `rows` (None: all), CSR float64 [texts, features]."""
    return weigh(count_matrix(corpus, vocabulary, rows), np.concatenate([chosen.idf for chosen in vocabulary.blocks]))


def count_matrix(corpus: Corpus, vocabulary: Vocabulary, rows: Rows) -> sp.csr_matrix:
    """How often each kept feature occurs in each of the texts, CSR float64 [texts, features]."""
    blocks = zip(_blocks(corpus), vocabulary.blocks, strict=True)
    parts = [(block.counts if rows is None else block.counts[rows])[:, chosen.columns] for block, chosen in blocks]
    return sp.csr_matrix(sp.hstack(parts, format="csr"))


def weigh(counts: sp.csr_matrix, idf: NDArray[np.float64]) -> sp.csr_matrix:
    """Count * idf / root of the sum of count * idf**2, in place: an occurrence counts the same whether or not it
    repeats.
    """
    norm = np.sqrt(counts @ idf**2)
    counts.data *= idf[counts.indices] / np.repeat(np.maximum(norm, 1e-12), np.diff(counts.indptr))
    return counts


def _blocks(corpus: Corpus) -> list[Block]:
    return [corpus.words, *corpus.joined.values(), corpus.grams]


def _document_frequency(block: Block, rows: Rows) -> Ints:
    counts = block.counts if rows is None else block.counts[rows]
    return np.bincount(counts.indices, minlength=len(block.keys)).astype(np.int64)


def _best(merits: Sequence[Merit], frequent: list[Bools], largest: int) -> list[Bools]:
    """Marks the features to keep in each block, frequent ones of most merit; of equals the first."""
    together, allowed = np.concatenate(merits), np.concatenate(frequent)
    chosen = np.argsort(-np.where(allowed, together, -1), kind="stable")[:largest]
    marks = np.zeros(len(together), np.bool_)
    marks[chosen] = allowed[chosen]
    return np.split(marks, np.cumsum([len(each) for each in merits])[:-1])


def frequent_words(corpus: Corpus) -> Selected:
    """Words worth a row of their own, for the n-grams they hold, in a model that has no features of single words."""
    frequency = _document_frequency(corpus.words, None) * corpus.eligible
    columns = np.argsort(-frequency, kind="stable")[: int(np.count_nonzero(frequency >= 2))][:_CACHED_WORDS]
    return Selected(columns, np.zeros(len(columns)), frequency[columns])
