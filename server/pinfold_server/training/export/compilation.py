"""From fitted weights to a model of exact tables and whole grid steps."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.labels.labels import levels
from pinfold_server.engine import sigmoid
from pinfold_server.engine.model import ROW_LIMIT, CompiledModel, FeatureOptions
from pinfold_server.engine.tables import KeyTable
from pinfold_server.engine.text import word_characters
from pinfold_server.training.fit.corpus import Corpus
from pinfold_server.training.fit.solver import LinearWeights
from pinfold_server.training.fit.vocabulary import Selected, Vocabulary, frequent_words
from pinfold_server.training.validate.calibration import Curves

Real = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A fitted model in parts: what the features are, what they weigh, and how scores become probabilities.

    `single`: those of the leaf labels add up to 1.
    """

    corpus: Corpus
    vocabulary: Vocabulary
    weights: LinearWeights
    curves: Curves
    single: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows [features, labels + 1] of each kind, the squared factor of the feature in the last column.

    `spelled` CSR [words, grams]: how often each kept n-gram occurs in each word that has a row.
    """

    words: Real
    joined: Real
    stops: Real
    grams: Real
    spelled: sp.csr_matrix


def compile_model(fitted: Fitted, labels: tuple[str, ...], options: FeatureOptions) -> CompiledModel:
    """The exact form of a fitted model; deterministic in its arguments."""
    cached = fitted.vocabulary.words
    if not len(cached.columns):
        cached = frequent_words(fitted.corpus)
    rows = _real_rows(fitted, cached)
    steps = _snap(rows)
    keys = [fitted.corpus.words.keys[cached.columns]]
    frequency = [cached.frequency]
    for size, chosen in fitted.vocabulary.joined.items():
        keys.append(fitted.corpus.joined[size].keys[chosen.columns])
        frequency.append(chosen.frequency)
    # A stop word is a word with a row of nothing, or its character n-grams would be looked up.
    keys.append(fitted.corpus.stops)
    frequency.append(np.zeros(len(fitted.corpus.stops), np.int64))
    # Frequent features side by side: most look-ups then touch few pages.
    order = np.argsort(-np.concatenate(frequency), kind="stable")
    return CompiledModel(
        labels=labels,
        options=options,
        word_class=word_characters(),
        words=_table(fitted.corpus, np.concatenate(keys)[order]),
        word_rows=_stored((rows.words, rows.joined, rows.stops), order),
        grams=_table(fitted.corpus, fitted.corpus.grams.keys[fitted.vocabulary.grams.columns]),
        gram_rows=_stored((rows.grams,), np.arange(len(rows.grams))),
        steps=steps[:-1] * sigmoid.STEPS / np.sqrt(steps[-1]),
        offsets=sigmoid.place(_biases(fitted)),
        closure=closure(labels),
        single=fitted.single,
    )


def _table(corpus: Corpus, keys: NDArray[np.int64]) -> KeyTable:
    return corpus.derived("table", (keys,), lambda: KeyTable.build(keys))


def _biases(fitted: Fitted) -> NDArray[np.float64]:
    """Log-odds of a text without features; a label that was not fitted has them already, and no curve."""
    intercepts = fitted.weights.intercepts
    return np.where(fitted.weights.fitted, fitted.curves.logits(intercepts), intercepts)


def _stored(parts: tuple[Real, ...], order: NDArray[np.int64]) -> Real:
    """The rows of all parts in the given order, behind the row of zeros; one copy, they can be large."""
    stored = np.zeros((len(order) + 1, parts[0].shape[1]), np.float32)
    place = np.empty_like(order)
    place[order] = np.arange(1, len(order) + 1)
    begin = 0
    for part in parts:
        stored[place[begin : begin + len(part)]] = part
        begin += len(part)
    return stored


def closure(labels: tuple[str, ...]) -> NDArray[np.int64]:
    """Pairs (ancestor, descendant) of label indices, int64 [pairs, 2]; ancestors that are not labels are left out."""
    column_of = {label: column for column, label in enumerate(labels)}
    pairs = [
        (column_of[level], column)
        for label, column in column_of.items()
        for level in levels(label)[:-1]
        if level in column_of
    ]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _real_rows(fitted: Fitted, cached: Selected) -> _Rows:
    vocabulary = fitted.vocabulary
    factors = vocabulary.factors.astype(np.float32)
    rows = np.empty((len(factors), fitted.weights.coefficients.shape[1] + 1), np.float32)
    np.multiply(fitted.weights.coefficients, fitted.curves.slopes.astype(np.float32), out=rows[:, :-1])
    rows[:, :-1] *= factors[:, None]
    rows[:, -1] = factors**2
    own = len(vocabulary.words.columns)
    grams = len(factors) - len(vocabulary.grams.columns)
    words = rows[:own] if own else np.zeros((len(cached.columns), rows.shape[1]), np.float32)
    spelled = fitted.corpus.spelling[cached.columns][:, vocabulary.grams.columns].astype(np.float32)
    stops = np.zeros((len(fitted.corpus.stops), rows.shape[1]), np.float32)
    return _Rows(words, rows[own:grams], stops, rows[grams:], sp.csr_matrix(spelled))


def _snap(rows: _Rows) -> NDArray[np.float64]:
    """Puts all rows on a grid in place, as whole numbers up to ROW_LIMIT; returns the step of each column.

    Steps are powers of two, of four for the squared norm, whose root then is a power of two. After this a word's row
    holds its n-grams. The finest steps are taken for which rounding, half a step for each n-gram, cannot leave the
    limit.
    """
    largest = np.maximum.reduce(
        [
            np.abs(part).max(axis=0, initial=0)
            for part in (rows.words + rows.spelled @ rows.grams, rows.joined, rows.grams)
        ]
    ).astype(np.float64)
    slack = 1 + rows.spelled.sum(axis=1).max() if rows.spelled.shape[0] else 1
    exponents = np.ceil(np.log2(np.where(largest > 0, largest, 1.0) / (ROW_LIMIT - float(slack))))
    exponents[-1] = 2 * np.ceil(exponents[-1] / 2)
    steps = 2.0**exponents
    for part in (rows.words, rows.joined, rows.grams):
        np.rint(part / steps.astype(np.float32), out=part)
    rows.words[:] += rows.spelled @ rows.grams
    return np.asarray(steps, np.float64)
