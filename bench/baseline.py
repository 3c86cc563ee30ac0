"""scikit-learn's best linear models on the same split, for `bench/accuracy.py --baseline`.

TfidfVectorizer of words 1-2 and of characters 3-5 within words, sublinear, under LinearSVC and LogisticRegression one
against the rest. Thresholds are tuned as a version tunes its own, label by label for F1, on a fifth held out.
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.svm import LinearSVC

from bench.corpora import Example
from bench.quality import Answers, Bools, Matrix

MODELS = ("LinearSVC", "LogisticRegression")
_FEWEST_POSITIVES = 5
_HELD_OUT = 5
_SEED = 0
_NEVER = -1e9

Progress = Callable[[float], None]
"""Gets the fraction of the labels that are fitted, 0..1; may raise to stop."""


def answers(
    model: str, train: Sequence[Example], test: Sequence[Example], labels: Sequence[str], progress: Progress
) -> Answers:
    """What `model`, one of MODELS, says of the test texts after training on all of `train`."""
    truth = np.array([[label in example.labels for label in labels] for example in train], np.bool_)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    vectorizers = (words, letters)
    seen = sparse.hstack([each.fit_transform([row.text for row in train]) for each in vectorizers], format="csr")
    new = sparse.hstack([each.transform([row.text for row in test]) for each in vectorizers], format="csr")
    held_out = np.arange(len(train)) % _HELD_OUT == 0
    # The others keep the solver's own cut: fitting them on four fifths would change nothing.
    tuned = np.flatnonzero((truth[held_out].sum(axis=0) >= _FEWEST_POSITIVES) & truth[~held_out].any(axis=0))
    everything = np.flatnonzero(truth.any(axis=0))
    fits = len(tuned) + len(everything)
    cuts, scores = np.zeros(len(labels)), np.full((len(test), len(labels)), _NEVER)
    learned, asked = seen[~held_out], seen[held_out]
    for done, column in enumerate(tuned):
        progress(done / fits)
        told = _scores(model, learned, truth[~held_out, column], asked)
        cuts[column] = _cut(told, truth[held_out, column])
    for done, column in enumerate(everything, len(tuned)):
        progress(done / fits)
        scores[:, column] = _scores(model, seen, truth[:, column], new)
    return Answers(scores, scores >= cuts)


def _scores(model: str, features: sparse.csr_matrix, truth: Bools, asked: sparse.csr_matrix) -> Matrix:
    """Decision values float64 [asked]."""
    if model == "LinearSVC":
        solver = LinearSVC(random_state=_SEED)
    else:
        solver = LogisticRegression(C=10, solver="liblinear", random_state=_SEED)
    scores: Matrix = solver.fit(features, truth).decision_function(asked)
    return scores


def _cut(scores: Matrix, truth: Bools) -> float:
    """The score of highest F1."""
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[int(np.argmax(f1[:-1]))])
