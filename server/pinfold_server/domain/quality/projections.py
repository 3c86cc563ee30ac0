"""Held-out documents as points in a plane.

What is drawn is what the model thinks, the log-odds of all labels: documents that it can hardly tell apart lie
together, and a wrong label of a document stands out in the crowd of another one.
"""

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.held_out import HeldOut

DOCUMENTS_DEFAULT = 2_000
DOCUMENTS_MAX = 10_000
FEWEST_FOR_UMAP = 10

#: Probabilities are kept this far from 0 and 1: beyond, log-odds tell nothing but rounding.
_CLOSEST = np.float32(1e-4)


class ProjectionMethod(enum.StrEnum):
    """How many dimensions become two."""

    PCA = "pca"
    UMAP = "umap"


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """`points` float32 [documents, 2]; `explained`: share of the variance kept, 0 to 1, None where unknown."""

    points: NDArray[np.float32]
    explained: float | None


def choose(documents: int, most: int, seed: int) -> NDArray[np.int64]:
    """Rows to draw, ascending: all of them, or as many at random."""
    if documents <= most:
        return np.arange(documents)
    return np.sort(np.random.default_rng(seed).choice(documents, most, replace=False))


def log_odds(held_out: HeldOut, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Of all labels, float32 [rows, labels]."""
    kept = np.clip(held_out.probabilities[rows], _CLOSEST, 1 - _CLOSEST)
    odds: NDArray[np.float32] = np.log(kept / (1 - kept))
    return odds


def principal_plane(vectors: NDArray[np.float32]) -> Plane:
    """The two directions in which vectors [documents, dimensions] differ most; the same vectors give the same plane.

    Jolliffe, Principal Component Analysis (2002), section 3.5. An axis may point either way: the one is taken in which
    the largest part of its direction is positive. With one dimension the second coordinate is 0.
    """
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    variances, directions = np.linalg.eigh(centred.T @ centred)
    axes = directions[:, ::-1][:, :2]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    points = centred @ (axes * np.where(largest < 0, -1, 1))
    if points.shape[1] < 2:
        points = np.concatenate([points, np.zeros_like(points)], axis=1)
    total = float(variances.sum())
    return Plane(points.astype(np.float32), float(variances[-2:].sum()) / total if total > 0 else 1.0)
