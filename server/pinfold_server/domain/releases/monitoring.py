"""How a version answers over time: counts of what it says, and how far that is from what its validation said."""

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Probabilities = NDArray[np.float32]

BINS = 20
"""Equally wide bins of probability, from 0 to 1; the last one holds 1 as well."""

DRIFT_TEXTS_MIN = 500
"""Texts below which drift is not told: of so few, chance alone makes an index of (BINS - 1) / texts, about 0.04."""


class Resolution(enum.Enum):
    """How long a window is, in seconds, and how many seconds it is kept."""

    MINUTE = (60, 2 * 3_600)
    HOUR = (3_600, 7 * 86_400)
    DAY = (86_400, 90 * 86_400)

    @property
    def seconds(self) -> int:
        return self.value[0]

    @property
    def kept_seconds(self) -> int:
        return self.value[1]

    def begin(self, time_s: int) -> int:
        """Of the window in which a time lies; both in seconds since 1970."""
        return time_s - time_s % self.seconds


class Drift(enum.StrEnum):
    """What a stability index means by the usual rule of thumb: below 0.1, below 0.25, and more."""

    NONE = "none"
    MODERATE = "moderate"
    LARGE = "large"


@dataclass(slots=True, eq=False)
class Tally:
    """What a version said of some texts.

    `texts` were answered, `sampled` of them looked at; of these, `unlabelled` reached the threshold of no label.
    `histograms` int64 [labels, BINS] counts probabilities; `predicted` int64 [labels] those at or above the threshold.
    """

    histograms: Counts
    predicted: Counts
    texts: int = 0
    sampled: int = 0
    unlabelled: int = 0

    @classmethod
    def of(cls, labels: int) -> "Tally":
        """Of no texts yet."""
        return cls(np.zeros((labels, BINS), np.int64), np.zeros(labels, np.int64))

    def look(self, probabilities: Probabilities, thresholds: NDArray[np.float32]) -> None:
        """Counts texts that were sampled; arrays [texts, labels] and [labels]."""
        reached = probabilities >= thresholds
        self.sampled += len(probabilities)
        self.unlabelled += int(np.count_nonzero(~reached.any(axis=1)))
        self.predicted += reached.sum(axis=0)
        self.histograms += histograms(probabilities)

    def add(self, other: "Tally") -> None:
        """Takes in what another one counted of the same labels."""
        self.texts += other.texts
        self.sampled += other.sampled
        self.unlabelled += other.unlabelled
        self.predicted += other.predicted
        self.histograms += other.histograms


def histograms(probabilities: Probabilities) -> Counts:
    """Counts [labels, BINS] of probabilities [texts, labels], each 0 to 1."""
    labels = probabilities.shape[1]
    bins = np.minimum((probabilities * np.float32(BINS)).astype(np.int64), BINS - 1)
    places = bins + np.arange(labels, dtype=np.int64) * BINS
    return np.bincount(places.ravel(), minlength=labels * BINS).reshape(labels, BINS)


def stability_index(now: Counts, then: Counts) -> NDArray[np.float64]:
    """Population stability index of each label: sum over the bins of (p - q) ln(p / q); counts [labels, BINS] each.

    p and q are the shares of a bin now and then, with half a count added to each bin, so that an empty one says
    little instead of everything. N. Siddiqi: Credit Risk Scorecards, 2006, chapter 8.
    """
    p, q = _shares(now), _shares(then)
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=1))


def drift(index: float) -> Drift:
    if index < 0.1:
        return Drift.NONE
    return Drift.MODERATE if index < 0.25 else Drift.LARGE


def _shares(counts: Counts) -> NDArray[np.float64]:
    smooth = counts + 0.5
    return np.asarray(smooth / smooth.sum(axis=1, keepdims=True))
