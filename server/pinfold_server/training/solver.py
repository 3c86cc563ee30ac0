"""Weights of all labels, one against the rest, label by label: a Newton method of our own for the SVM, liblinear for
much data and for logistic regression.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from pinfold_server.domain.configs import Algorithm, ClassWeight, RunConfig
from pinfold_server.domain.metrics import Bools
from pinfold_server.training import newton
from pinfold_server.training.starts import Starts

_TOLERANCE = 0.1  # 0.01 takes longer and changes no figure of the accuracy bench by more than 0.0003
_ITERATIONS = 200
_USUAL_POSITIVES = 100
_NEWTON_NUMBERS = 3_000_000
"""Most stored feature counts with which the Newton method fits a label.

Measured, seconds of processor for all labels, Newton from nothing, Newton from the version before (200 of the
annotations changed), liblinear: clinc150 (1.3 million counts) 6.7, 4.3, 10.0. Where most rows are within the margin an
exact minimum costs more than it gives: GoEmotions (5.8 million) about 50, from 6 of its 28 labels, against 15.
"""
_LOGISTIC_SCALE = 30.0


Counts = TypeVar("Counts", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True, eq=False)
class LinearWeights:
    """`coefficients` float32 [features, labels] and `intercepts` float64 [labels]: score = features @ coefficients + b.

    `fitted` bool [labels]: False for labels without both a positive and a negative; their coefficients are 0 and the
    intercept is the smoothed log-odds of what was seen.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float64]
    fitted: Bools

    def scores(self, features: sp.csr_matrix) -> NDArray[np.float64]:
        """Decision values, float64 [rows, labels]."""
        scores: NDArray[np.float64] = features @ self.coefficients + self.intercepts
        return scores


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Rows of features with what is assigned and known of them; `weights` as in `TrainingSet`.

    `starts`: where to start and where to leave what was found; `rows` of its training set, None for all.
    """

    features: sp.csr_matrix
    assigned: Bools
    known: Bools | None
    weights: NDArray[np.float64] | None
    starts: Starts | None = None
    rows: NDArray[np.int64] | None = None

    def label(self, column: int) -> "LabelExamples":
        """What one label is fitted on."""
        if self.known is None or self.known[:, column].all():
            return LabelExamples(self.features, self.assigned[:, column], self.weights, np.arange(len(self.assigned)))
        rows = np.flatnonzero(self.known[:, column])
        weights = None if self.weights is None else self.weights[rows]
        return LabelExamples(self.features[rows], self.assigned[rows, column], weights, rows)


@dataclass(frozen=True, slots=True, eq=False)
class LabelExamples:
    """The known examples of one label; `places` int64: which of all examples they are."""

    features: sp.csr_matrix
    assigned: Bools
    weights: NDArray[np.float64] | None
    places: NDArray[np.int64]


def fit(examples: Examples, config: RunConfig, tick: Callable[[float], None]) -> LinearWeights:
    """Fits every label; `tick` gets the fraction done before each of them, and may raise to stop."""
    count = examples.assigned.shape[1]
    coefficients = np.zeros((examples.features.shape[1], count), np.float32)
    intercepts = np.zeros(count)
    fitted = np.zeros(count, np.bool_)
    biased = _with_bias(examples)
    for column in range(count):
        tick(column / count)
        label = biased.label(column)
        positives = int(label.assigned.sum())
        fitted[column] = 0 < positives < len(label.assigned)
        if fitted[column]:
            if config.algorithm is Algorithm.LINEAR_SVM and label.features.nnz <= _NEWTON_NUMBERS:
                weights = _newton(biased, label, column, config)
            else:
                weights = _liblinear(label, config)
            coefficients[:, column], intercepts[column] = weights[:-1], weights[-1]
        else:
            intercepts[column] = log_odds(positives, len(label.assigned) - positives)
    return LinearWeights(coefficients, intercepts, fitted)


def _with_bias(examples: Examples) -> Examples:
    """With one more feature, which is 1 everywhere: the bias is a weight like the others, as in liblinear."""
    ones = sp.csr_matrix(np.ones((examples.features.shape[0], 1)))
    return replace(examples, features=sp.hstack([examples.features, ones], format="csr"))


def log_odds(positives: Counts, negatives: Counts) -> Counts:
    """Smoothed log-odds of what was seen: all that can be said of a label without examples of both kinds."""
    odds: Counts = np.log((positives + 0.5) / (negatives + 0.5))
    return odds


def _strength(config: RunConfig, positives: int) -> float:
    """C of a label; it falls with the root of the label's positives.

    Measured, SVM: the same C for all labels gives banking77 91.4 % and GoEmotions macro-F1 0.467 with C = 1, 90.6 % and
    0.486 with C = 0.3. Falling from 0.7 gives 91.2 % and 0.488. The logistic loss asks for more: banking77 86.7 % with
    C = 0.7, 91.2 % with 7, 91.5 % with 20, 91.4 % with 60.
    """
    scale = 1.0 if config.algorithm is Algorithm.LINEAR_SVM else _LOGISTIC_SCALE
    return scale * config.regularization * math.sqrt(min(1.0, _USUAL_POSITIVES / positives))


def _sample_weights(label: LabelExamples, config: RunConfig) -> NDArray[np.float64]:
    """How much each example counts; balanced, both classes count the same together."""
    count = len(label.assigned)
    weights = np.ones(count) if label.weights is None else label.weights.astype(np.float64)
    if config.class_weight is ClassWeight.BALANCED:
        positives = int(label.assigned.sum())
        weights = weights * np.where(label.assigned, count / (2 * positives), count / (2 * (count - positives)))
    return weights


def _newton(examples: Examples, label: LabelExamples, column: int, config: RunConfig) -> NDArray[np.float64]:
    """Squared hinge loss, exactly at its minimum; weights float64 [features], the bias last."""
    strength = _strength(config, int(label.assigned.sum()))
    problem = newton.Problem(
        label.features, np.where(label.assigned, 1.0, -1.0), 2 * strength * _sample_weights(label, config)
    )
    if examples.starts is None:
        return newton.minimise(problem, None).weights
    rows = label.places if examples.rows is None else examples.rows[label.places]
    found = newton.minimise(problem, examples.starts.at(column, rows))
    examples.starts.keep(column, rows, found.duals)
    return found.weights


def _liblinear(label: LabelExamples, config: RunConfig) -> NDArray[np.float64]:
    """Logistic or squared hinge loss, nearly at its minimum; weights float64 [features], the bias last."""
    make = LinearSVC if config.algorithm is Algorithm.LINEAR_SVM else partial(LogisticRegression, solver="liblinear")
    estimator = make(
        C=_strength(config, int(label.assigned.sum())),
        tol=_TOLERANCE,
        max_iter=_ITERATIONS,
        random_state=config.seed,
        fit_intercept=False,
    )
    with warnings.catch_warnings():
        # The iterations are bounded on purpose: a hard label must not hold up the others.
        warnings.simplefilter("ignore", ConvergenceWarning)
        estimator.fit(label.features, label.assigned, _sample_weights(label, config))
    weights: NDArray[np.float64] = estimator.coef_[0]
    return weights
