"""Dual coordinate descent for a block of labels: passes over all rows until every label is at rest, or a bound.

Each label is on its own: it is taken at the end of the first pass in which none of its rows asked for much. How labels
are put in blocks, and how many threads work on them, changes no weight.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from pinfold_server.domain.metrics import Bools
from pinfold_server.training import kernels
from pinfold_server.training.kernels import Signs, Singles

PASSES_MAX = 100
_HINGE_REST = 0.06
_LOGISTIC_REST = 0.02
"""What a row may still ask for: a change of its margin, of its probability."""
_PACKED = 0.75
"""Labels at rest are taken out of the block when this share of it or less is still moving."""
_NUMBERS_A_STEP = 50_000_000
"""Multiplications between two looks at whether to go on, some ten milliseconds."""
_GAIN_A_PASS = 0.85


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What the labels share: the arrays of the same names in `kernels`, the loss and the seed of the order."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: Singles
    norms: Singles
    weights: Singles
    width: int
    logistic: bool
    seed: int

    @classmethod
    def of(cls, features: sp.csr_matrix, weights: NDArray[np.float64] | None, *, logistic: bool, seed: int) -> "Rows":
        """`weights` float64 [rows] > 0, None for 1 each."""
        count, width = features.shape
        values = features.data.astype(np.float32, copy=False)
        owners = np.repeat(np.arange(count), np.diff(features.indptr))
        return cls(
            starts=features.indptr.astype(np.int64),
            columns=features.indices.astype(np.int32, copy=False),
            values=values,
            norms=(1 + np.bincount(owners, np.square(values), count)).astype(np.float32),
            weights=np.ones(count, np.float32) if weights is None else weights.astype(np.float32),
            width=width,
            logistic=logistic,
            seed=seed,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Labels in work: `numbers` int64 [labels] are their places in the whole, the others the arrays of `kernels`."""

    numbers: NDArray[np.int64]
    signs: Signs
    strengths: Singles
    duals: Singles
    coefficients: Singles
    biases: Singles

    @classmethod
    def begin(cls, rows: Rows, numbers: NDArray[np.int64], signs: Signs, strengths: Singles) -> "Block":
        """Weights of 0; `signs` and `strengths` are those of these labels only."""
        return cls(
            numbers=numbers,
            signs=np.ascontiguousarray(signs),
            strengths=np.ascontiguousarray(strengths),
            duals=np.full(signs.shape, kernels.NO_SHARE if rows.logistic else 0, np.float32),
            coefficients=np.zeros((rows.width, len(numbers)), np.float32),
            biases=np.zeros(len(numbers), np.float32),
        )

    def only(self, chosen: Bools) -> "Block":
        """The chosen labels side by side."""
        return Block(
            numbers=self.numbers[chosen],
            signs=np.compress(chosen, self.signs, axis=1),
            strengths=np.compress(chosen, self.strengths, axis=1),
            duals=np.compress(chosen, self.duals, axis=1),
            coefficients=np.compress(chosen, self.coefficients, axis=1),
            biases=self.biases[chosen],
        )


Take = Callable[[NDArray[np.int64], Singles, Singles], None]
"""Gets the places of labels, and their weights for good: coefficients [features, labels] and biases [labels]."""


def descend(rows: Rows, block: Block, take: Take, tick: Callable[[float], None]) -> None:
    """Gives every label of the block to `take`; `tick` gets a guess of the fraction done, and may raise to stop."""
    order = np.random.default_rng(rows.seed)
    total = len(block.numbers)
    moving = np.ones(total, np.bool_)
    for number in range(PASSES_MAX):
        done = 1 - _GAIN_A_PASS**number * np.count_nonzero(moving) / total
        unrest = _pass(rows, block, order.permutation(len(rows.norms)).astype(np.int32), partial(tick, done))
        rests = unrest < (_LOGISTIC_REST if rows.logistic else _HINGE_REST)
        if number == PASSES_MAX - 1:
            rests[:] = True
        taken = moving & rests
        take(block.numbers[taken], block.coefficients[:, taken], block.biases[taken])
        moving &= ~rests
        if not moving.any():
            break
        if np.count_nonzero(moving) <= _PACKED * len(moving):
            block, moving = block.only(moving), moving[moving]


def _pass(rows: Rows, block: Block, order: NDArray[np.int32], look: Callable[[], None]) -> Singles:
    """One pass over the rows in this order; the largest change that a row asked for, [labels]."""
    kernel = kernels.logistic_pass if rows.logistic else kernels.hinge_pass
    unrest = np.zeros(len(block.numbers), np.float32)
    count = len(order)
    numbers = len(rows.values) * len(block.numbers)
    step = max(count * _NUMBERS_A_STEP // max(numbers, 1), 1)
    for begin in range(0, count, step):
        look()
        kernel(
            rows.starts,
            rows.columns,
            rows.values,
            rows.norms,
            rows.weights,
            order[begin : begin + step],
            block.signs,
            block.strengths,
            block.duals,
            block.coefficients,
            block.biases,
            unrest,
        )
    return unrest
