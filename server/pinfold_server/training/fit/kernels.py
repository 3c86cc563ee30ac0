"""Passes of dual coordinate descent over sparse rows for a block of labels at once, compiled by numba.

The labels of a block are independent problems over the same rows, so the inner loops run over labels, side by side in
memory: they become vector instructions without reordering any sum. Nothing of one label is read for another, and
nothing is fused or reordered (no `fastmath`): the weights of a label do not depend on its neighbours, on the width of
the block, or on the width of the machine's vectors.

The passes are those of Hsieh, Chang, Lin, Keerthi, Sundararajan: "A dual coordinate descent method for large-scale
linear SVM", 2008 (squared hinge) and Yu, Huang, Lin: "Dual coordinate descent methods for logistic regression and
maximum entropy models", 2011. The bias is a feature of value 1 that every row has, regularised like the others, as in
liblinear.

Arguments of a pass: the features as CSR, `starts` int64 [rows + 1], `columns` int32 and `values` float32; `norms`
float32 [rows], squared, the bias included; `weights` float32 [rows]; `order` int32, the rows to visit; `signs` int8
[rows, labels]: 1 with the label, -1 without, 0 not known; `strengths` float32 [2, labels]: C of rows without and with
the label; `duals` float32 [rows, labels], `coefficients` float32 [features, labels] and `biases` float32 [labels],
which change together; `moves` float32 [labels], which tells what the pass did, in the way of each loss.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

_FEW = 8
"""Changes of fewer labels than 1 / _FEW of the block are added one by one, others to the whole row."""
_NEWTON_STEPS = 6
_SMALLEST_SHARE = np.float32(1e-4)
_FARTHEST = np.float32(80)
_ZERO, _HALF, _ONE, _FOUR = np.float32(0), np.float32(0.5), np.float32(1), np.float32(4)
_LOG2_E, _LN2_HIGH, _LN2_LOW = np.float32(1.44269504), np.float32(0.693359375), np.float32(-2.12194440e-4)
_E7, _E6, _E5 = np.float32(1.9875691500e-4), np.float32(1.3981999507e-3), np.float32(8.3334519073e-3)
_E4, _E3, _E2 = np.float32(4.1665795894e-2), np.float32(1.6666665459e-1), np.float32(5.0000001201e-1)

NO_SHARE = np.float32(-30)
"""Dual of a pair that `logistic_pass` has not visited: a share of e**-30 of C, nothing in float32."""

Singles = NDArray[np.float32]
Signs = NDArray[np.int8]
Indices = NDArray[np.int32]
Longs = NDArray[np.int64]
Doubles = NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., object])

_PASS = (
    "void(int64[::1], int32[::1], float32[::1], float32[::1], float32[::1], int32[::1],"
    " int8[:,::1], float32[:,::1], float32[:,::1], float32[:,::1], float32[::1], float32[::1])"
)


def _compiled(signature: str | None = None) -> Callable[[Function], Function]:
    """Machine code, made once and kept in a file; it runs without the interpreter's lock."""
    return cast("Callable[[Function], Function]", njit(signature, cache=True, nogil=True, error_model="numpy"))


@_compiled()
def _score(columns: Indices, values: Singles, coefficients: Singles, biases: Singles, scores: Singles) -> None:
    """Scores of one row: four features at a time, but added one after the other."""
    labels, count, place = len(biases), len(columns), 0
    for label in range(labels):
        scores[label] = biases[label]
    while place + 4 <= count:
        v0, w0 = values[place], coefficients[columns[place]]
        v1, w1 = values[place + 1], coefficients[columns[place + 1]]
        v2, w2 = values[place + 2], coefficients[columns[place + 2]]
        v3, w3 = values[place + 3], coefficients[columns[place + 3]]
        for label in range(labels):
            half = (scores[label] + v0 * w0[label]) + v1 * w1[label]
            scores[label] = (half + v2 * w2[label]) + v3 * w3[label]
        place += 4
    while place < count:
        v0, w0 = values[place], coefficients[columns[place]]
        for label in range(labels):
            scores[label] += v0 * w0[label]
        place += 1


@_compiled()
def _add(
    columns: Indices, values: Singles, changes: Singles, changed: Indices, coefficients: Singles, biases: Singles
) -> None:
    """Adds changes [labels] times the row to the weights. `changed`: room for one more than labels."""
    labels, count = len(biases), 0
    for label in range(labels):
        changed[count] = label
        count += changes[label] != _ZERO
    if count * _FEW > labels:
        for label in range(labels):
            biases[label] += changes[label]
        for place in range(len(columns)):
            value, weights = values[place], coefficients[columns[place]]
            for label in range(labels):
                weights[label] += value * changes[label]
    elif count:
        for each in range(count):
            biases[changed[each]] += changes[changed[each]]
        for place in range(len(columns)):
            value, weights = values[place], coefficients[columns[place]]
            for each in range(count):
                weights[changed[each]] += value * changes[changed[each]]


@_compiled()
def _hinge_steps(
    signs: Signs,
    scores: Singles,
    duals: Singles,
    strengths: Singles,
    weight: float,
    norm: float,
    changes: Singles,
    gains: Singles,
) -> None:
    """One exact step for each label of a row; a dual is the weight of the row in the coefficients, at least 0."""
    for label in range(len(signs)):
        sign, dual = np.float32(signs[label]), duals[label]
        diagonal = _HALF / (weight * (strengths[1, label] if sign > _ZERO else strengths[0, label]))
        gradient = (sign * scores[label] - _ONE) + diagonal * dual
        curve = norm + diagonal
        moved = dual - gradient / curve
        moved = moved if moved > _ZERO else _ZERO
        moved = moved if sign != _ZERO else _ZERO
        change = moved - dual
        changes[label] = change * sign
        duals[label] = moved
        gains[label] -= change * (gradient + _HALF * curve * change)


@_compiled(_PASS)
def hinge_pass(
    starts: Longs,
    columns: Indices,
    values: Singles,
    norms: Singles,
    weights: Singles,
    order: Indices,
    signs: Signs,
    strengths: Singles,
    duals: Singles,
    coefficients: Singles,
    biases: Singles,
    moves: Singles,
) -> None:
    """One pass for the squared hinge: duals of 0 to begin with; `moves` is raised by what the dual objective gains."""
    labels = len(biases)
    scores, changes = np.empty(labels, np.float32), np.empty(labels, np.float32)
    changed = np.empty(labels + 1, np.int32)
    for row in order:
        mine, its = columns[starts[row] : starts[row + 1]], values[starts[row] : starts[row + 1]]
        _score(mine, its, coefficients, biases, scores)
        _hinge_steps(signs[row], scores, duals[row], strengths, weights[row], norms[row], changes, moves)
        _add(mine, its, changes, changed, coefficients, biases)


@_compiled(
    "void(int64[::1], int32[::1], float32[::1], float32[::1], int32[::1],"
    " int8[:,::1], float32[:,::1], float32[:,::1], float32[:,::1], float32[::1], float64[::1])"
)
def hinge_resume(
    starts: Longs,
    columns: Indices,
    values: Singles,
    weights: Singles,
    order: Indices,
    signs: Signs,
    strengths: Singles,
    duals: Singles,
    coefficients: Singles,
    biases: Singles,
    objective: Doubles,
) -> None:
    """From the duals of the rows in `order`, those of the others 0: coefficients and biases, of 0 to begin with, and
    the dual objective [labels], the sum of the duals less half the squared weights and duals**2 / 4 C.
    """
    labels = len(biases)
    changes, changed = np.empty(labels, np.float32), np.empty(labels + 1, np.int32)
    for row in order:
        for label in range(labels):
            sign, dual = np.float32(signs[row, label]), duals[row, label]
            strength = weights[row] * (strengths[1, label] if sign > _ZERO else strengths[0, label])
            changes[label] = dual * sign
            objective[label] += dual - dual * dual / (_FOUR * strength)
        mine, its = columns[starts[row] : starts[row + 1]], values[starts[row] : starts[row + 1]]
        _add(mine, its, changes, changed, coefficients, biases)
    for feature in range(len(coefficients)):
        for label in range(labels):
            objective[label] -= _HALF * coefficients[feature, label] * coefficients[feature, label]
    for label in range(labels):
        objective[label] -= _HALF * biases[label] * biases[label]


@_compiled()
def _share(dual: float) -> float:
    """1 / (1 + exp(-dual)), within 2e-7 of itself; the exponential of Cephes, which vectors can compute."""
    power = -dual if -dual < _FARTHEST else _FARTHEST
    power = power if power > -_FARTHEST else -_FARTHEST
    whole = np.floor(power * _LOG2_E + _HALF)
    rest = (power - whole * _LN2_HIGH) - whole * _LN2_LOW
    series = ((((_E7 * rest + _E6) * rest + _E5) * rest + _E4) * rest + _E3) * rest + _E2
    exponent = np.int32((np.int32(whole) + np.int32(127)) << np.int32(23)).view(np.float32)
    share: float = _ONE / (_ONE + (series * rest * rest + rest + _ONE) * exponent)
    return share


@_compiled()
def _logistic_steps(
    signs: Signs,
    scores: Singles,
    duals: Singles,
    strengths: Singles,
    weight: float,
    norm: float,
    changes: Singles,
    moves: Singles,
) -> None:
    """One step for each label of a row; a row weighs C / (1 + exp(-dual)), and at the optimum dual = -margin.

    The dual t is the root of t + margin + norm C (share(t) - share(before)), which lies between the dual before and
    -margin; Newton's method is kept between the two.
    """
    for label in range(len(signs)):
        sign, dual = np.float32(signs[label]), duals[label]
        strength = weight * (strengths[1, label] if sign > _ZERO else strengths[0, label])
        margin = sign * scores[label]
        low, high = (dual, -margin) if dual < -margin else (-margin, dual)
        before = _share(dual)
        moved, share, curve = dual, before, norm * strength
        for _ in range(_NEWTON_STEPS):
            error = moved + margin + curve * (share - before)
            low, high = (low, moved) if error > _ZERO else (moved, high)
            moved -= error / (_ONE + curve * share * (_ONE - share))
            moved = moved if (low < moved) & (moved < high) else _HALF * (low + high)
            share = _share(moved)
        change = share - before
        matters = (abs(change) > _SMALLEST_SHARE) & (sign != _ZERO)
        changes[label] = change * strength * sign if matters else _ZERO
        duals[label] = moved if matters else dual
        violation = abs(change) if matters else _ZERO
        moves[label] = violation if violation > moves[label] else moves[label]


@_compiled(_PASS)
def logistic_pass(
    starts: Longs,
    columns: Indices,
    values: Singles,
    norms: Singles,
    weights: Singles,
    order: Indices,
    signs: Signs,
    strengths: Singles,
    duals: Singles,
    coefficients: Singles,
    biases: Singles,
    moves: Singles,
) -> None:
    """One pass for the logistic loss: duals of NO_SHARE to begin with; `moves` is raised to the largest change
    of a probability that a row asked for.
    """
    labels = len(biases)
    scores, changes = np.empty(labels, np.float32), np.empty(labels, np.float32)
    changed = np.empty(labels + 1, np.int32)
    for row in order:
        mine, its = columns[starts[row] : starts[row + 1]], values[starts[row] : starts[row + 1]]
        _score(mine, its, coefficients, biases, scores)
        _logistic_steps(signs[row], scores, duals[row], strengths, weights[row], norms[row], changes, moves)
        _add(mine, its, changes, changed, coefficients, biases)
