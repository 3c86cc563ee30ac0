"""A softmax made of exact steps, so that every platform computes the same bits.

exp(-d) for the distance d of a score to the largest one comes from a table of whole numbers in units of 2**-40, with a
straight line between its points, rounded down to a whole number. Sums of up to 2**12 such numbers are exact in
float64 in any order; one division follows. The relative error of the line is at most (1/256)**2 / 8 = 2e-6; a label
further than REACH below the best one gets what is REACH below it, about 2e-12.
"""

import numpy as np
from numpy.typing import NDArray

from pinfold_server.engine import sigmoid

REACH = 27.0
FINER = 4.0
"""Points of the table for each point of the sigmoid's, by whose steps scores are given."""
LAST = REACH * sigmoid.STEPS * FINER
UNIT = 2.0**40


def table() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values at the points of the table and the (negative) rise from each to the next; two float64 arrays."""
    points = np.rint(np.exp(-np.arange(LAST + 2) / (sigmoid.STEPS * FINER)) * UNIT)
    return points[:-1], np.diff(points)


def probability(
    places: NDArray[np.float64], leaves: NDArray[np.int64], closure: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Probabilities [texts, labels] of places in the sigmoid's table; the same bits as the graph.

    Leaves add up to 1; a parent is the sum of the leaves below it, exactly, before the division. `closure` pairs
    (ancestor, leaf).
    """
    shares = np.zeros_like(places)
    shares[:, leaves] = _weights(places[:, leaves])
    total = shares.sum(axis=1, keepdims=True)
    ancestors, below = closure.T
    np.add.at(shares.T, ancestors, shares.T[below])
    probabilities: NDArray[np.float32] = (shares / total).astype(np.float32)
    return probabilities


def _weights(places: NDArray[np.float64]) -> NDArray[np.float64]:
    values, rises = table()
    distance = np.minimum((places.max(axis=1, keepdims=True) - places) * FINER, LAST)
    below = np.floor(distance)
    index = below.astype(np.int64)
    weights: NDArray[np.float64] = np.floor(values[index] + rises[index] * (distance - below))
    return weights
