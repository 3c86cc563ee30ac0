# mypy: allow-untyped-defs, allow-untyped-calls
"""From what a text's rows add up to, to probabilities, in machine code made by numba; part of `kernels.score`."""

import numpy as np
from numba import njit

from pinfold_server.engine import sigmoid, softmax

_SIGMOID_LAST, _SOFTMAX_LAST, _FINER = sigmoid.LAST, softmax.LAST, softmax.FINER


@njit(inline="always")
def sigmoids_of(totals, norm, places, curve, closure, probabilities):
    """`sigmoid.probability`, then each label raised to the largest one below it; `closure` is transitive."""
    for label in range(len(probabilities)):
        place = totals[label] / norm * places[0, label] + places[1, label]
        # In this order what is no number becomes 0, and every place lies within the table.
        place = place if place > 0.0 else 0.0
        place = place if place < _SIGMOID_LAST else _SIGMOID_LAST
        point = np.int32(place)
        probabilities[label] = curve[point, 0] + curve[point, 1] * (place - point)
    for pair in range(len(closure)):
        above, below_it = closure[pair, 0], closure[pair, 1]
        probabilities[above] = max(probabilities[above], probabilities[below_it])


@njit(inline="always")
def softmax_of(totals, norm, places, curve, closure, leaves, shares, probabilities):
    """`softmax.probability`; `totals` become places, `shares` int64 [labels] is scratch."""
    labels = len(probabilities)
    for label in range(labels):
        totals[label] = totals[label] / norm * places[0, label] + places[1, label]
    largest = -np.inf
    for label in range(labels):
        if leaves[label]:
            largest = max(largest, totals[label])
    # Loops of one kind of step each, which the compiler does for several labels at a time.
    for label in range(labels):
        distance = (largest - totals[label]) * _FINER
        distance = distance if distance > 0.0 else 0.0
        totals[label] = distance if distance < _SOFTMAX_LAST else _SOFTMAX_LAST
    for label in range(labels):
        below = np.int32(totals[label])
        point = np.uint64(below)
        shares[label] = np.int64(curve[point, 0] + curve[point, 1] * (totals[label] - below))
    total = 0
    for label in range(labels):
        shares[label] = shares[label] if leaves[label] else 0
        total += shares[label]
    for pair in range(len(closure)):
        shares[closure[pair, 0]] += shares[closure[pair, 1]]
    for label in range(labels):
        probabilities[label] = np.float64(shares[label]) / np.float64(total)
