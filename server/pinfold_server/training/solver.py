"""Weights of all labels, one against the rest: scikit-learn's liblinear solvers, label by label."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from pinfold_server.domain.configs import Algorithm, RunConfig
from pinfold_server.domain.metrics import Bools

_TOLERANCE = 0.1  # 0.01 takes longer and changes no figure of the accuracy bench by more than 0.0003
_ITERATIONS = 200
_USUAL_POSITIVES = 100


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
    """Rows of features with what is assigned and known of them; `weights` as in `TrainingSet`."""

    features: sp.csr_matrix
    assigned: Bools
    known: Bools | None
    weights: NDArray[np.float64] | None

    def label(self, column: int) -> "LabelExamples":
        """What one label is fitted on."""
        if self.known is None or self.known[:, column].all():
            return LabelExamples(self.features, self.assigned[:, column], self.weights)
        rows = np.flatnonzero(self.known[:, column])
        weights = None if self.weights is None else self.weights[rows]
        return LabelExamples(self.features[rows], self.assigned[rows, column], weights)


@dataclass(frozen=True, slots=True, eq=False)
class LabelExamples:
    """The known examples of one label."""

    features: sp.csr_matrix
    assigned: Bools
    weights: NDArray[np.float64] | None


def fit(examples: Examples, config: RunConfig, tick: Callable[[float], None]) -> LinearWeights:
    """Fits every label; `tick` gets the fraction done before each of them, and may raise to stop."""
    count = examples.assigned.shape[1]
    coefficients = np.zeros((examples.features.shape[1], count), np.float32)
    intercepts = np.zeros(count)
    fitted = np.zeros(count, np.bool_)
    for column in range(count):
        tick(column / count)
        label = examples.label(column)
        positives = int(label.assigned.sum())
        fitted[column] = 0 < positives < len(label.assigned)
        if fitted[column]:
            estimator = _estimator(config, positives)
            with warnings.catch_warnings():
                # The iterations are bounded on purpose: a hard label must not hold up the others.
                warnings.simplefilter("ignore", ConvergenceWarning)
                estimator.fit(label.features, label.assigned, label.weights)
            coefficients[:, column] = estimator.coef_[0]
            intercepts[column] = estimator.intercept_[0]
        else:
            intercepts[column] = np.log((positives + 0.5) / (len(label.assigned) - positives + 0.5))
    return LinearWeights(coefficients, intercepts, fitted)


def _estimator(config: RunConfig, positives: int) -> LinearSVC | LogisticRegression:
    """The solver of a label; its C falls with the root of the label's positives.

    Measured, SVM: the same C for all labels gives banking77 91.4 % and GoEmotions macro-F1 0.467 with C = 1, 90.6 % and
    0.486 with C = 0.3. Falling from 0.7 gives 91.2 % and 0.488.
    """
    strength = config.regularization * min(1.0, _USUAL_POSITIVES / positives) ** 0.5
    options = {"C": strength, "tol": _TOLERANCE, "max_iter": _ITERATIONS, "random_state": config.seed}
    if config.algorithm is Algorithm.LINEAR_SVM:
        return LinearSVC(**options)
    return LogisticRegression(solver="liblinear", **options)
