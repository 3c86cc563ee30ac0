"""The exact minimum of a linear SVM with squared hinge loss, found from anywhere, with the same bits.

Minimises 1/2 |w|**2 + 1/2 sum of cost * max(0, 1 - target * (row @ w))**2. S. S. Keerthi and D. DeCoste: "A modified
finite Newton method for fast solution of large scale linear SVMs", 2005: given the rows within the margin the minimum
is a linear system, and few rows are within it. Conjugate gradients come near its solution in a few steps, from where
the round before ended.

The minimum is determined by which rows are within the margin. Once that set stands, the system is solved anew from
zero, for one number a row (the dual), and the set is checked against the result: the weights are a function of the set
and not of the start. A start from an earlier model therefore saves time and changes no bit, unless a row lies on the
margin within the accuracy of the solution (1e-8), or no set stands still within 60 rounds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

_ROUNDS = 60
_STEPS = 150
_LOOSE = 1e-3
_TIGHT = 1e-8
_NEARLY = 5  # with so few changes of the set its rows are near the margin, and an accurate solution tells on which side
_HALVINGS = 12

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """`rows` CSR float64 [n, features]; `targets` float64 [n], 1 or -1; `costs` float64 [n] > 0."""

    rows: sp.csr_matrix
    targets: Floats
    costs: Floats

    def outside(self, outputs: Floats) -> Floats:
        """How far each row is within the margin, 0 for those beyond it."""
        return np.maximum(0.0, 1.0 - self.targets * outputs)

    def loss(self, at: "_Point") -> float:
        return float(at.weights @ at.weights + self.costs @ self.outside(at.outputs) ** 2) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """`weights` float64 [features]; `duals` float64 [n]: weights = duals @ rows; zero for rows beyond the margin."""

    weights: Floats
    duals: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """`weights` float64 [features] and what they say, `outputs` float64 [n]: rows @ weights."""

    weights: Floats
    outputs: Floats


def minimise(problem: Problem, start: Floats | None) -> Solution:
    """`start`: duals of a similar problem, None for none. Ends after 60 rounds where the set never stands still."""
    if start is None or not start.any():
        at = _Point(np.zeros(problem.rows.shape[1]), np.zeros(len(problem.targets)))
        within = _first_guess(problem)
    else:
        at = _at(problem, problem.rows[np.flatnonzero(start)].T @ start[start != 0])
        within = _within(problem, at.outputs)
    accuracy = _LOOSE
    for _ in range(_ROUNDS):
        found = _at(problem, _step(problem, within, at.weights, accuracy))
        now = _within(problem, found.outputs)
        changed = len(np.setxor1d(now, within, assume_unique=True))
        if not changed and accuracy == _TIGHT:
            solution = _settle(problem, within)
            now = _within(problem, problem.rows @ solution.weights)
            if np.array_equal(now, within):
                return solution
        accuracy = _TIGHT if changed <= _NEARLY else _LOOSE
        at = _descend(problem, at, found)
        within = now if at is found else _within(problem, at.outputs)
    return _settle(problem, within)


def _first_guess(problem: Problem) -> Ints:
    """All positives and the negatives most like them."""
    positives = np.flatnonzero(problem.targets > 0)
    centre = np.asarray(problem.rows[positives].sum(axis=0)).ravel()
    count = min(len(problem.targets), 6 * len(positives) + 200)
    similar = np.argpartition(-(problem.rows @ centre), count - 1)[:count]
    return np.union1d(positives, similar)


def _within(problem: Problem, outputs: Floats) -> Ints:
    return np.flatnonzero(problem.targets * outputs < 1)


def _at(problem: Problem, weights: Floats) -> _Point:
    return _Point(weights, problem.rows @ weights)


def _step(problem: Problem, within: Ints, weights: Floats, accuracy: float) -> Floats:
    """Weights nearer to the minimum of the loss of these rows alone: every step of conjugate gradients descends."""
    rows = problem.rows[within]
    columns, costs = rows.T, problem.costs[within]
    pull = columns @ (costs * problem.targets[within])
    return _conjugate(lambda v: v + columns @ (costs * (rows @ v)), pull, weights, accuracy)


def _settle(problem: Problem, within: Ints) -> Solution:
    """The minimum of the loss of these rows alone: (rows @ rows.T + 1 / costs) @ duals = targets, from zero."""
    rows = problem.rows[within]
    columns, softness = rows.T, 1 / problem.costs[within]
    nothing = np.zeros(len(within))
    duals = np.zeros(len(problem.targets))
    duals[within] = _conjugate(lambda v: softness * v + rows @ (columns @ v), problem.targets[within], nothing, _TIGHT)
    return Solution(columns @ duals[within], duals)


def _conjugate(image: Callable[[Floats], Floats], wanted: Floats, start: Floats, accuracy: float) -> Floats:
    """Solves image(x) = wanted by conjugate gradients, to `accuracy` times the length of `wanted`."""
    found = start.copy()
    residual = wanted - image(found) if found.any() else wanted.copy()
    direction, size, enough = residual.copy(), residual @ residual, accuracy**2 * (wanted @ wanted)
    for _ in range(_STEPS):
        if size <= enough:
            break
        moved = image(direction)
        step = size / (direction @ moved)
        found += step * direction
        residual -= step * moved
        before, size = size, residual @ residual
        direction = residual + (size / before) * direction
    return found


def _descend(problem: Problem, old: _Point, new: _Point) -> _Point:
    """The new point, or where the loss is least between the two when the new point's is larger."""
    if problem.loss(new) <= problem.loss(old):
        return new
    weights, outputs = new.weights - old.weights, new.outputs - old.outputs
    pull, low, high = problem.costs * problem.targets * outputs, 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        slope = (old.weights + middle * weights) @ weights - problem.outside(old.outputs + middle * outputs) @ pull
        low, high = (low, middle) if slope > 0 else (middle, high)
    return _Point(old.weights + low * weights, old.outputs + low * outputs)
