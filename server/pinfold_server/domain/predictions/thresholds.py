"""Thresholds: recommended from held-out probabilities, and the order in which requested ones apply.

A label is predicted when probability >= threshold. Probabilities are float32; a threshold given as a decimal number is
rounded to the nearest float32 before it is compared, so that 0.1 as a threshold equals the probability shown as 0.1
(float32(0.1) is 0.100000001..., and 0.7 would be above its own float32). 0 predicts always; 1 only certainty.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools, Curve, Scores, precision_recall_curve

DEFAULT_THRESHOLD = 0.25
HIGH_PRECISION = 0.9
HIGH_RECALL = 0.9
FEWEST_POSITIVES = 5
_LEAST_F1 = 1e-9
COMPANY = 5.0
"""Positives of all labels together that are added to those of each label, for its balanced threshold.

A handful of positives alone puts the threshold anywhere. Measured on the test parts, with 0, 5 and 10 added: micro-F1
cooking_stackexchange (735 labels) 0.349, 0.564 and 0.570, clinc150 0.915, 0.920 and 0.922; macro-F1 GoEmotions 0.483,
0.486 and 0.475, mams_acsa 0.488, 0.486 and 0.491.
"""


class ThresholdPolicy(enum.StrEnum):
    """Which of a version's own recommended thresholds to use."""

    BALANCED = "balanced"
    HIGH_PRECISION = "high_precision"
    HIGH_RECALL = "high_recall"


@dataclass(frozen=True, slots=True)
class RecommendedThresholds:
    """Thresholds of one label from its held-out documents."""

    balanced: float
    high_precision: float
    high_recall: float


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """Scores of all labels on held-out documents, ascending: of all pairs, and of those that are true."""

    every: Scores
    true: Scores

    @classmethod
    def of(cls, truth: Bools, scores: Scores, known: Bools) -> "Company":
        """Arrays [n, labels]; pairs that are not known are left out."""
        return cls(np.sort(scores[known]), np.sort(scores[truth & known]))

    def above(self, thresholds: Scores) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """At each threshold: true pairs and pairs that score at least that much, for each true pair there is."""
        total = max(len(self.true), 1)
        true, every = (
            (len(scores) - np.searchsorted(scores, thresholds)) / total for scores in (self.true, self.every)
        )
        return true, every


@dataclass(frozen=True, slots=True, eq=False)
class StoredThresholds:
    """The recommended thresholds of a version, in the order of its labels; NaN where a label has none.

    `columns` float32 [3, labels], one row for each policy in the order of `ThresholdPolicy`.
    """

    columns: NDArray[np.float32]

    @classmethod
    def of(cls, labels: Iterable[tuple[float | None, float | None, float | None]]) -> "StoredThresholds":
        """From balanced, high precision and high recall of each label."""
        rows = [[np.nan if value is None else value for value in label] for label in labels]
        return cls(np.array(rows, np.float32).reshape(-1, len(ThresholdPolicy)).T)

    def for_policy(self, policy: ThresholdPolicy) -> NDArray[np.float32]:
        """The thresholds that the policy names, float32 [labels]."""
        thresholds: NDArray[np.float32] = self.columns[tuple(ThresholdPolicy).index(policy)]
        return thresholds


@dataclass(frozen=True, slots=True)
class RequestedThresholds:
    """What a request says about thresholds; absent parts leave the decision to what follows."""

    per_label: Mapping[str, float] = field(default_factory=dict)
    policy: ThresholdPolicy | None = None
    default: float | None = None


def recommend(truth: Bools, probabilities: Scores, company: Company | None = None) -> RecommendedThresholds | None:
    """Recommended thresholds of a label; None with fewer than 5 positives or no negative, which say too little.

    balanced: highest F1, `COMPANY` positives that fare like those of all labels counted in; of equals the highest
        threshold.
    high_precision: most recall at a precision of at least 0.9, or where 0.9 is out of reach the highest precision
        there is (most recall of equals); never below balanced.
    high_recall: the highest threshold with a recall of at least 0.9, which is always in reach; never above balanced.
    Each lies half-way to the next score below, because new texts score between the ones seen.
    """
    if int(truth.sum()) < FEWEST_POSITIVES or truth.all():
        return None
    curve = precision_recall_curve(truth, probabilities)
    balanced = cut(curve, _best_f1(curve, int(truth.sum()), company))
    return RecommendedThresholds(
        balanced=balanced,
        high_precision=max(balanced, cut(curve, _high_precision(curve))),
        high_recall=min(balanced, cut(curve, int(np.argmax(curve.recalls >= HIGH_RECALL)))),
    )


def effective_thresholds(
    column_of: Mapping[str, int], requested: RequestedThresholds, stored: StoredThresholds
) -> NDArray[np.float32]:
    """The threshold of each label of a version; float32 [labels], to be compared as probability >= threshold.

    Order: per label in the request > policy of the request (where the label has such a threshold) > default of the
    request > balanced threshold stored with the version > 0.25. Raises KeyError for a label that the version lacks.
    """
    if requested.default is None:
        thresholds = _filled(stored.for_policy(ThresholdPolicy.BALANCED), np.float32(DEFAULT_THRESHOLD))
    else:
        thresholds = np.full(stored.columns.shape[1], requested.default, np.float32)
    if requested.policy is not None:
        thresholds = _filled(stored.for_policy(requested.policy), thresholds)
    for label, threshold in requested.per_label.items():
        thresholds[column_of[label]] = threshold
    return thresholds


def _filled(thresholds: NDArray[np.float32], otherwise: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    return np.where(np.isnan(thresholds), otherwise, thresholds)


def _best_f1(curve: Curve, positives: int, company: Company | None) -> int:
    """The first index of highest F1.

    F1 is at most 2 / (1 + counts / (positives + COMPANY)), which falls, so that only the beginning of the curve can
    hold it: mostly some dozens of thousands of thresholds.
    """
    most = positives + COMPANY
    end = int(np.searchsorted(curve.counts, 2 * most, side="right"))
    values = _f1(curve.until(end), positives, company)
    reach = most * (2 / values.max(initial=_LEAST_F1) - 1) + 1  # 1 more than it takes: rounding decides nothing
    if end < len(curve.counts) and curve.counts[end] <= reach:
        values = _f1(curve.until(int(np.searchsorted(curve.counts, reach, side="right"))), positives, company)
    return int(np.argmax(values))


def _f1(curve: Curve, positives: int, company: Company | None) -> NDArray[np.float64]:
    """F1 at each threshold of the curve of a label, 2 tp / (tp + fn + tp + fp), with company."""
    hits, predicted = curve.recalls * positives, curve.counts
    if company is None:
        return 2 * hits / (positives + predicted)
    more_hits, more_predicted = company.above(curve.thresholds)
    return 2 * (hits + COMPANY * more_hits) / (positives + COMPANY + predicted + COMPANY * more_predicted)


def _high_precision(curve: Curve) -> int:
    enough = np.flatnonzero(curve.precisions >= HIGH_PRECISION)
    if len(enough):
        return int(enough[-1])
    best = np.flatnonzero(curve.precisions == curve.precisions.max())
    return int(best[-1])


def cut(curve: Curve, index: int) -> float:
    """Half-way from a score of the curve to the next one below, and 0 below the last: a float32 number above the
    latter, which predicts what the score itself would, and leaves room for new texts that score between the ones seen.
    """
    upper = np.float32(curve.thresholds[index])
    lower = np.float32(curve.thresholds[index + 1]) if index + 1 < len(curve.thresholds) else np.float32(0)
    middle = np.float32((upper + lower) / 2)
    return float(middle if middle > lower else upper)
