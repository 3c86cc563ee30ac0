"""Reliability diagrams: what probabilities say against what is true."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.held_out import HeldOut

BINS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Bins that divide 0 to 1 equally, the last one closed: pairs, the sum of their probabilities, and the true ones.

    Arrays [bins], or [labels, bins] for several labels.
    """

    counts: NDArray[np.int64]
    stated: NDArray[np.float64]
    observed: NDArray[np.int64]

    def of(self, column: int) -> "Reliability":
        """That of one label."""
        return Reliability(self.counts[column], self.stated[column], self.observed[column])

    def together(self) -> "Reliability":
        """That of all labels."""
        return Reliability(self.counts.sum(axis=0), self.stated.sum(axis=0), self.observed.sum(axis=0))

    def mean_probabilities(self) -> NDArray[np.float64]:
        """0 in an empty bin."""
        return self.stated / np.maximum(self.counts, 1)

    def frequencies(self) -> NDArray[np.float64]:
        """Share of true pairs; 0 in an empty bin."""
        return self.observed / np.maximum(self.counts, 1)

    def expected_error(self) -> float:
        """Expected calibration error of one diagram, 0 to 1; see `metrics.expected_calibration_error`."""
        return float(np.abs(self.stated - self.observed).sum() / max(int(self.counts.sum()), 1))


def reliability(held_out: HeldOut, bins: int = BINS) -> Reliability:
    """The diagrams of all labels, [labels, bins], over the pairs that people decided."""
    labels = held_out.truth.shape[1]
    known = held_out.known
    bin_of = np.minimum((held_out.probabilities * bins).astype(np.int64), bins - 1)
    cell = (bin_of + bins * np.arange(labels))[known]
    size, shape = bins * labels, (labels, bins)
    return Reliability(
        np.bincount(cell, minlength=size).reshape(shape),
        np.bincount(cell, held_out.probabilities[known], size).astype(np.float64).reshape(shape),
        np.bincount(cell[held_out.truth[known]], minlength=size).reshape(shape),
    )
