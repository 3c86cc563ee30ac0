"""A logistic function made of exact steps, so that every platform computes the same bits.

A straight line between the points of a table: one floor, one subtraction, one multiplication and one addition in
float64. Table values are float32 numbers, so their differences are exact in float64 and the lines meet exactly at the
points; rounding is monotone, hence so is the whole function. The error is at most h**2 / 8 * max |sigmoid''| =
(1/64)**2 / 8 * 0.0963 = 3e-6 plus float32 rounding.
"""

import numpy as np
from numpy.typing import NDArray

LIMIT = 24.0
STEPS = 64.0
LAST = 2 * LIMIT * STEPS


def _points() -> NDArray[np.float64]:
    scores = np.arange(LAST + 2) / STEPS - LIMIT
    return (1 / (1 + np.exp(-np.minimum(scores, LIMIT)))).astype(np.float32).astype(np.float64)


def table() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values at the points of the table and the rise from each point to the next; two float64 arrays."""
    points = _points()
    return points[:-1], np.diff(points)


def place(score: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The place of a score in the table: (score + LIMIT) * STEPS."""
    return (np.asarray(score, np.float64) + LIMIT) * STEPS


def probability(places: NDArray[np.float64]) -> NDArray[np.float32]:
    """Probabilities of scores given by their place in the table; the same bits as the graph."""
    values, rises = table()
    within = np.minimum(np.maximum(places, 0.0), LAST)
    below = np.floor(within)
    index = below.astype(np.int64)
    probabilities: NDArray[np.float32] = (values[index] + rises[index] * (within - below)).astype(np.float32)
    return probabilities
