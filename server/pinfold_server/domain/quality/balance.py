"""How alike reviewed and unreviewed documents are."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.annotations import RetrievalMode

_UNTOLD = (RetrievalMode.UNSPECIFIED, RetrievalMode.UPLOAD)


@dataclass(frozen=True, slots=True)
class Provenance:
    """How reviewed documents were found: shares of those of which it is told, 0 where it is told of none."""

    told: int
    shuffle: float
    rebalance: float
    search: float


def provenance(modes: Counter[int]) -> Provenance:
    """From the number of reviewed documents by retrieval mode; labels that came with an upload tell nothing."""
    told = sum(count for mode, count in modes.items() if mode not in _UNTOLD)
    shares = (RetrievalMode.SHUFFLE, RetrievalMode.REBALANCE, RetrievalMode.SEARCH)
    return Provenance(told, *(modes[mode] / max(told, 1) for mode in shares))


def similarity(sizes: NDArray[np.int64], reviewed: NDArray[np.int64]) -> float | None:
    """1 minus how far the shares of groups among reviewed documents lie from those among the others, 0 to 1.

    `sizes` and `reviewed` int64 [groups]: documents of each group, and those of them that are reviewed. The distance is
    the total variation, half the sum of absolute differences, less what chance alone would give a sample of that
    size: half the sum of sqrt(2 p (1 - p) / (pi n)) (the mean absolute deviation of a binomial share, by its normal
    approximation). None without a reviewed document or without another one.
    """
    others = sizes - reviewed
    if not reviewed.sum() or not others.sum():
        return None
    expected = others / others.sum()
    distance = np.abs(reviewed / reviewed.sum() - expected).sum() / 2
    chance = np.sqrt(2 * expected * (1 - expected) / (np.pi * reviewed.sum())).sum() / 2
    return float(1 - np.clip(distance - chance, 0, 1))
