"""True and false positives and negatives on held-out documents, and the quality that follows from them."""

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Bools, Quality, quality

Counts = NDArray[np.int64]


class Outcome(enum.IntEnum):
    """Truth and prediction of one label for one document; the numbers of the protocol."""

    TRUE_POSITIVE = 1
    FALSE_POSITIVE = 2
    FALSE_NEGATIVE = 3
    TRUE_NEGATIVE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Documents by outcome, int64 [labels] each; pairs that nobody decided are not counted."""

    true_positives: Counts
    false_positives: Counts
    false_negatives: Counts
    true_negatives: Counts

    def of(self, column: int) -> Quality:
        """The quality of one label."""
        return quality(
            float(self.true_positives[column]), float(self.false_positives[column]), float(self.false_negatives[column])
        )


@dataclass(frozen=True, slots=True)
class Overall:
    """Several labels together: sums of their outcomes in the order of `Outcome`, and both kinds of average.

    `macro` is the mean over labels with a held-out example, zeros when there is none.
    """

    labels: int
    counts: tuple[int, int, int, int]
    micro: Quality
    macro: Quality


def count(held_out: HeldOut, thresholds: NDArray[np.float32]) -> Outcomes:
    """At thresholds float32 [labels]."""
    predicted = held_out.probabilities >= thresholds
    truth, known = held_out.truth & held_out.known, held_out.known
    hits = (truth & predicted).sum(axis=0)
    told = (predicted & known).sum(axis=0)
    true = truth.sum(axis=0)
    return Outcomes(hits, told - hits, true - hits, known.sum(axis=0) - told - true + hits)


def together(outcomes: Outcomes, columns: NDArray[np.int64]) -> Overall:
    """Of the labels in `columns`."""
    arrays = (
        outcomes.true_positives,
        outcomes.false_positives,
        outcomes.false_negatives,
        outcomes.true_negatives,
    )
    tp, fp, fn, tn = (int(array[columns].sum()) for array in arrays)
    tested = [each for each in columns.tolist() if outcomes.true_positives[each] + outcomes.false_negatives[each]]
    own = [outcomes.of(each) for each in tested]
    means = (sum(values) / max(len(own), 1) for values in zip(*map(_figures, own), strict=True))
    macro = Quality(*means) if own else Quality(0.0, 0.0, 0.0)
    return Overall(len(columns), (tp, fp, fn, tn), quality(tp, fp, fn), macro)


def ranked(held_out: HeldOut, column: int, threshold: float, outcome: Outcome) -> NDArray[np.int64]:
    """Rows of the documents with the outcome for a label, the most wrong first, or the nearest to be wrong where they
    are right; of equals the first.
    """
    probabilities = held_out.probabilities[:, column]
    rows = np.flatnonzero(
        held_out.known[:, column] & _has(held_out.truth[:, column], probabilities, threshold, outcome)
    )
    falling = outcome in (Outcome.FALSE_POSITIVE, Outcome.TRUE_NEGATIVE)
    keys = probabilities[rows]
    return rows[np.argsort(-keys if falling else keys, kind="stable")]


def _has(truth: Bools, probabilities: NDArray[np.float32], threshold: float, outcome: Outcome) -> Bools:
    predicted = probabilities >= np.float32(threshold)
    wanted = truth if outcome in (Outcome.TRUE_POSITIVE, Outcome.FALSE_NEGATIVE) else ~truth
    told = predicted if outcome in (Outcome.TRUE_POSITIVE, Outcome.FALSE_POSITIVE) else ~predicted
    return wanted & told


def _figures(each: Quality) -> tuple[float, float, float]:
    return each.precision, each.recall, each.f1
