"""Measures of quality from held-out scores; pure numpy.

Labels are columns. `truth` and `known` are bool [n] or [n, labels]; a pair that is not known counts nowhere.
Notation: tp, fp, fn = true positives, false positives, false negatives; 0 / 0 counts as 0.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Scores = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Precision and recall when everything scoring at least `thresholds[i]` is predicted, which is `counts[i]` items.

    Parallel arrays; thresholds are the distinct scores, descending, so recalls do not fall.
    """

    thresholds: Scores
    counts: NDArray[np.int64]
    precisions: NDArray[np.float64]
    recalls: NDArray[np.float64]

    def until(self, end: int) -> "Curve":
        """Its first points."""
        return Curve(self.thresholds[:end], self.counts[:end], self.precisions[:end], self.recalls[:end])


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def precision_recall_curve(truth: Bools, scores: Scores) -> Curve:
    """The curve over all distinct scores; empty when there are none. Recalls are 0 without positives."""
    order = np.argsort(-scores)  # in any order among equals: the curve has one point for all of them
    ranked = scores[order]
    last_of_score = np.flatnonzero(np.append(np.diff(ranked) != 0, True)) if len(ranked) else np.zeros(0, np.int64)
    hits = np.cumsum(truth[order])[last_of_score]
    counts = last_of_score + 1
    return Curve(ranked[last_of_score], counts, hits / counts, hits / max(int(truth.sum()), 1))


def average_precision(truth: Bools, scores: Scores) -> float | None:
    """Sum over the curve of precision times the gain in recall; None without a positive or without a negative.

    Manning, Raghavan, Schütze: Introduction to Information Retrieval, section 8.4; ties enter together.
    """
    if not truth.any() or truth.all():
        return None
    curve = precision_recall_curve(truth, scores)
    return float(np.sum(np.diff(curve.recalls, prepend=0.0) * curve.precisions))


def quality(true_positives: float, false_positives: float, false_negatives: float) -> Quality:
    """Precision tp / (tp + fp), recall tp / (tp + fn), F1 2 tp / (2 tp + fp + fn)."""
    tp, fp, fn = true_positives, false_positives, false_negatives
    return Quality(_ratio(tp, tp + fp), _ratio(tp, tp + fn), _ratio(2 * tp, 2 * tp + fp + fn))


def label_quality(truth: Bools, predicted: Bools, known: Bools) -> list[Quality]:
    """The quality of each label's predictions; arrays [n, labels]."""
    tp, fp, fn = _counts(truth, predicted, known)
    return [quality(*map(float, counts)) for counts in zip(tp, fp, fn, strict=True)]


def micro_f1(truth: Bools, predicted: Bools, known: Bools) -> float:
    """F1 of all pairs of document and label together."""
    return quality(*(float(counts.sum()) for counts in _counts(truth, predicted, known))).f1


def macro_f1(truth: Bools, predicted: Bools, known: Bools) -> float:
    """Mean F1 of the labels; a label that is never true and never predicted counts as 0."""
    return float(np.mean([each.f1 for each in label_quality(truth, predicted, known)])) if truth.shape[1] else 0.0


def mean_average_precision(values: list[float | None]) -> float | None:
    """Mean of the average precisions that exist; None when there are none."""
    existing = [value for value in values if value is not None]
    return float(np.mean(existing)) if existing else None


def single_label_accuracy(truth: Bools, scores: Scores) -> float:
    """Share of rows whose highest score (the first of equals) is on a true label; arrays [n, labels], n >= 1."""
    return float(np.mean(truth[np.arange(len(truth)), np.argmax(scores, axis=1)]))


def expected_calibration_error(truth: Bools, probabilities: Scores, bins: int = 15) -> float:
    """Mean distance between stated probability and observed frequency over equally wide bins, weighted by their size.

    Naeini, Cooper, Hauskrecht: "Obtaining well calibrated probabilities using Bayesian binning", 2015, equation 3;
    here over (document, label) pairs, one-dimensional arrays.
    """
    if not len(truth):
        return 0.0
    bin_of = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    stated = np.bincount(bin_of, probabilities, bins)
    observed = np.bincount(bin_of, truth, bins)
    return float(np.abs(stated - observed).sum() / len(truth))


def _counts(truth: Bools, predicted: Bools, known: Bools) -> tuple[NDArray[np.int64], ...]:
    return (
        np.sum(truth & predicted & known, axis=0),
        np.sum(~truth & predicted & known, axis=0),
        np.sum(truth & ~predicted & known, axis=0),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
