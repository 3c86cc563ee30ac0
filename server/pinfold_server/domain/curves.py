"""Precision against recall of every label of a version, and what is looked up in such curves."""

import numpy as np

from pinfold_server.domain.held_out import HeldOut
from pinfold_server.domain.metrics import Curve, precision_recall_curve


def label_curves(held_out: HeldOut) -> tuple[Curve, ...]:
    """The curve of each label over the documents of which people decided it; recalls are 0 without a positive."""
    curves = []
    for truth, known, scores in zip(held_out.truth.T, held_out.known.T, held_out.probabilities.T, strict=True):
        rows = slice(None) if known.all() else np.flatnonzero(known)
        curves.append(precision_recall_curve(truth[rows], scores[rows]))
    return tuple(curves)


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
