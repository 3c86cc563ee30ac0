"""Precision against recall of every label of a version, and what is looked up in such curves."""

import numpy as np

from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Curve, precision_recall_curve


def label_curves(held_out: HeldOut) -> tuple[Curve, ...]:
    """The curve of each label over the documents of which people decided it; recalls are 0 without a positive."""
    curves = []
    for truth, known, scores in zip(held_out.truth.T, held_out.known.T, held_out.probabilities.T, strict=True):
        rows = slice(None) if known.all() else np.flatnonzero(known)
        curves.append(precision_recall_curve(truth[rows], scores[rows]))
    return tuple(curves)


def overall_curve(held_out: HeldOut) -> Curve:
    """The curve of all pairs of document and label that people decided."""
    return precision_recall_curve(held_out.truth[held_out.known], held_out.probabilities[held_out.known])


def area(curve: Curve) -> float | None:
    """Average precision: see `metrics.average_precision`. None without a positive or without a negative."""
    if not len(curve.counts) or not curve.recalls[-1] or curve.precisions[-1] == 1:
        return None
    return float(np.sum(np.diff(curve.recalls, prepend=0.0) * curve.precisions))


def thinned(curve: Curve, most: int) -> Curve:
    """At most so many points, 2 or more, of the curve: the same ones each time.

    Points where the recall rises say most: of several with the same recall the first is the most precise. These, or
    evenly chosen ones of them, and the first and the last of all.
    """
    points = len(curve.counts)
    if points <= most:
        return curve
    rises = np.flatnonzero(np.diff(curve.recalls, prepend=0.0))
    rises = rises[(rises > 0) & (rises < points - 1)]
    room = most - 2
    if len(rises) > room:
        rises = rises[np.linspace(0, len(rises) - 1, room).round().astype(np.int64)] if room else rises[:0]
    chosen = np.concatenate([[0], rises, [points - 1]])
    return Curve(curve.thresholds[chosen], curve.counts[chosen], curve.precisions[chosen], curve.recalls[chosen])


def at_threshold(curve: Curve, threshold: float) -> int | None:
    """Index of the lowest score that is still predicted at the threshold; None when nothing is."""
    reached = int(np.searchsorted(-curve.thresholds, -np.float32(threshold), side="right"))
    return reached - 1 if reached else None


def for_precision(curve: Curve, precision: float) -> int | None:
    """Index of the last point with at least this precision, which has the most recall of them; None without one."""
    enough = np.flatnonzero(curve.precisions >= precision)
    return int(enough[-1]) if len(enough) else None


def for_recall(curve: Curve, recall: float) -> int | None:
    """Index of the first point with at least this recall, which has the highest threshold; None without one."""
    enough = np.flatnonzero(curve.recalls >= recall)
    return int(enough[0]) if len(enough) else None
