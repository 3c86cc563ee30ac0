"""scikit-learn's best linear models on the same split, for `bench/accuracy.py --baseline`.

TfidfVectorizer of words 1-2 and of characters 3-5 within words, sublinear, under LinearSVC and LogisticRegression one
against the rest. Thresholds are tuned as a version tunes its own, label by label for F1, on a fifth held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.svm import LinearSVC

from bench.corpora import Example

MODELS = ("LinearSVC", "LogisticRegression")
_FEWEST_POSITIVES = 5
_HELD_OUT = 5

Matrix = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """Decision values and decisions for the test texts, [texts, labels]."""

    scores: Matrix
    predicted: Bools


def answers(model: str, train: Sequence[Example], test: Sequence[Example], labels: Sequence[str]) -> Answers:
    """What `model`, one of MODELS, says of the test texts after training on all of `train`."""
    truth = np.array([[label in example.labels for label in labels] for example in train], np.bool_)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    vectorizers = (words, letters)
    seen = sparse.hstack([each.fit_transform([row.text for row in train]) for each in vectorizers], format="csr")
    new = sparse.hstack([each.transform([row.text for row in test]) for each in vectorizers], format="csr")
    held_out = np.arange(len(train)) % _HELD_OUT == 0
    cuts = _cuts(_scores(model, seen[~held_out], truth[~held_out], seen[held_out]), truth[held_out])
    scores = _scores(model, seen, truth, new)
    return Answers(scores, scores >= cuts)


def _scores(model: str, features: sparse.csr_matrix, truth: Bools, asked: sparse.csr_matrix) -> Matrix:
    scores = np.full((asked.shape[0], truth.shape[1]), -np.inf)
    for column in np.flatnonzero(truth.any(axis=0)):
        solver = LinearSVC() if model == "LinearSVC" else LogisticRegression(C=10, solver="liblinear")
        scores[:, column] = solver.fit(features, truth[:, column]).decision_function(asked)
    return np.maximum(scores, -1e9)


def _cuts(scores: Matrix, truth: Bools) -> Matrix:
    """The cut of highest F1 of each label; 0, the solver's own, where too few were held out."""
    cuts = np.zeros(truth.shape[1])
    for column in np.flatnonzero(truth.sum(axis=0) >= _FEWEST_POSITIVES):
        precision, recall, thresholds = precision_recall_curve(truth[:, column], scores[:, column])
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
        cuts[column] = thresholds[int(np.argmax(f1[:-1]))]
    return cuts
