"""The precision-recall curves of many labels at once, for the questions that two versions are asked together.

One sort of integers does what a stable sort of scores and a gathering of truths would: a probability is not negative,
so its bits sort like its value, and the truth fits below them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """A point of each label's curve; float64 [labels], NaN where there is none."""

    thresholds: Floats
    precisions: Floats
    recalls: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Rankings:
    """Documents of each label by falling probability, arrays [labels, documents].

    `hits`: true ones among the first; `ends`: where a distinct probability ends, which is a point of the curve;
    `positives`, `known` [labels]: documents that have the label, and of which people decided it.
    """

    probabilities: NDArray[np.float32]
    hits: NDArray[np.int32]
    ends: Bools
    positives: NDArray[np.int64]
    known: NDArray[np.int64]

    def average_precisions(self) -> Floats:
        """As `metrics.average_precision` has it: float64 [labels], NaN without a positive or without a negative."""
        labels, places = np.nonzero(np.diff(self.hits, axis=1, prepend=0))
        places = self._end_of(labels, places)
        total = np.bincount(labels, self.hits[labels, places] / (places + 1), len(self.positives))
        defined = (self.positives > 0) & (self.positives < self.known)
        return np.where(defined, total / np.maximum(self.positives, 1), np.nan)

    def with_recall(self, hits: NDArray[np.int64]) -> Points:
        """The first point of each label that has at least so many hits [labels]."""
        return self._points((self.hits >= hits[:, None]) & self.ends, last=False)

    def with_precision(self, hits: NDArray[np.int64], predicted: NDArray[np.int64]) -> Points:
        """The last point of each label at which at least `hits` of `predicted` [labels] are right."""
        counts = np.arange(1, self.hits.shape[1] + 1)
        enough = self.hits * predicted[:, None] >= np.maximum(hits, 0)[:, None] * counts
        return self._points(enough & self.ends, last=True)

    def _end_of(self, labels: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where the probability that stands there ends."""
        width = self.ends.shape[1]
        ends = np.flatnonzero(self.ends)
        found: NDArray[np.int64] = ends[np.searchsorted(ends, labels * width + places)] - labels * width
        return found

    def _points(self, enough: Bools, *, last: bool) -> Points:
        labels = np.arange(len(self.positives))
        width = enough.shape[1]
        places = width - 1 - enough[:, ::-1].argmax(axis=1) if last else enough.argmax(axis=1)
        there, hits = enough[labels, places], self.hits[labels, places]
        figures = (self.probabilities[labels, places], hits / (places + 1), hits / np.maximum(self.positives, 1))
        return Points(*(np.where(there, values, np.nan) for values in figures))


def rank(truth: Bools, known: Bools, probabilities: NDArray[np.float32]) -> Rankings:
    """Of arrays [documents, labels], at least one document; what is not known stands at the end, part of no curve."""
    bits = np.ascontiguousarray(probabilities.T, np.float32).view(np.uint32)
    keys = ((bits + np.uint32(1)) << np.uint32(1)) | truth.T
    keys[~known.T] = 0
    keys.sort(axis=1)
    keys = np.ascontiguousarray(keys[:, ::-1])
    hits = np.cumsum(keys & np.uint32(1), axis=1, dtype=np.int32)
    keys >>= np.uint32(1)
    ends = keys > 0
    ends[:, :-1] &= keys[:, :-1] != keys[:, 1:]
    scores = (np.maximum(keys, np.uint32(1)) - np.uint32(1)).view(np.float32)
    return Rankings(scores, hits, ends, (truth & known).sum(axis=0), known.sum(axis=0))
