"""Which labels are taken for which, and which occur together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Bools

Matrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Columns of two labels, and documents."""

    first: int
    second: int
    count: int


def single_label_confusions(held_out: HeldOut, leaves: NDArray[np.int64]) -> Matrix:
    """True leaf (rows) against most probable leaf (columns), int64 [labels, labels], over the documents with exactly
    one leaf; `leaves`: columns of the leaf labels.
    """
    labels = held_out.truth.shape[1]
    matrix = np.zeros((labels, labels), np.int64)
    if len(leaves):
        truth = (held_out.truth & held_out.known)[:, leaves]
        rows = np.flatnonzero(truth.sum(axis=1) == 1)
        told = held_out.probabilities[rows][:, leaves].argmax(axis=1)
        np.add.at(matrix, (leaves[truth[rows].argmax(axis=1)], leaves[told]), 1)
    return matrix


def predicted_instead(held_out: HeldOut, predicted: Bools) -> Matrix:
    """Documents that have the label of the row and do not get it, but get that of the column and do not have it."""
    missed = held_out.truth & held_out.known & ~predicted
    extra = ~held_out.truth & held_out.known & predicted
    return _products(missed, extra)


def cooccurrences(held_out: HeldOut) -> Matrix:
    """Documents with both labels; on the diagonal those with one."""
    truth = held_out.truth & held_out.known
    return _products(truth, truth)


def most_frequent(matrix: Matrix, most: int) -> list[Pair]:
    """Its entries above 0 by falling count, of equals the first in reading order."""
    cells = np.flatnonzero(matrix)
    counts = matrix.ravel()[cells]
    order = np.argsort(-counts, kind="stable")[:most]
    rows, columns = np.divmod(cells[order], matrix.shape[1])
    return [Pair(*map(int, each)) for each in zip(rows, columns, counts[order], strict=True)]


def _products(left: Bools, right: Bools) -> Matrix:
    # Counts stay far below 2^24, up to which float32 sums of ones are exact.
    product: NDArray[np.float32] = left.T.astype(np.float32) @ right.astype(np.float32)
    return product.astype(np.int64)
