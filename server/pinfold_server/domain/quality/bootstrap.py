"""What chance does to figures of held-out documents: they are drawn again, with replacement, many times.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 13. Both versions are asked about the same
drawn documents (paired), so what makes a document hard for both cancels out. A trial is a weight for each document,
how often it was drawn; every count of a trial is then a weighted sum, which only has to visit the few documents of
which the label is true or predicted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools

Floats = NDArray[np.float32]
Weights = NDArray[np.uint8]
Real = NDArray[np.floating[Any]]

#: Weights at a time: 4 MiB, and ten times as much while they are drawn.
_WEIGHTS_MAX = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Truth and the predictions of two versions, bool [documents, labels]; False where the truth is not known."""

    truth: Bools
    base: Bools
    candidate: Bools


@dataclass(frozen=True, slots=True)
class Trials:
    """How many to draw, from which seed; `confidence` of the intervals, above 0 and below 1."""

    count: int
    seed: int
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Precision, recall and F1 of one version, 0 to 1, of whatever shape."""

    precision: Real
    recall: Real
    f1: Real


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """Candidate minus base, or the ends of intervals of it."""

    precision: Real
    recall: Real
    f1: Real

    def intervals(self, confidence: float) -> "Changes":
        """Of changes [labels, trials], the ends [2, labels] of the middle `confidence`."""
        return Changes(*(interval(each, confidence) for each in (self.precision, self.recall, self.f1)))


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Sums over documents [5, labels, ...], in the order of `SUMS`."""

    sums: Real

    def figures(self) -> tuple[Figures, Figures]:
        """Of the base and of the candidate, arrays [labels, ...]."""
        positives, base_hits, candidate_hits, base_predicted, candidate_predicted = self.sums
        return _figures(positives, base_hits, base_predicted), _figures(positives, candidate_hits, candidate_predicted)

    def changes(self) -> Changes:
        """Arrays [labels, ...]."""
        base, candidate = self.figures()
        return Changes(candidate.precision - base.precision, candidate.recall - base.recall, candidate.f1 - base.f1)


SUMS = ("positives", "base_hits", "candidate_hits", "base_predicted", "candidate_predicted")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Counts of every trial: of each label [5, labels, trials], of all pairs together [5, 1, trials].

    `right_change` [trials]: share of documents that the candidate answers wholly right, minus that of the base.
    """

    labels: Counts
    pairs: Counts
    right_change: Floats


def count(answers: Answers) -> Counts:
    """As the documents are, float64 [5, labels]."""
    truth, base, candidate = answers.truth, answers.base, answers.candidate
    marks = (truth, truth & base, truth & candidate, base, candidate)
    return Counts(np.stack([np.count_nonzero(mark, axis=0) for mark in marks]).astype(np.float64))


def right(answers: Answers) -> tuple[Bools, Bools]:
    """Documents that the base, and that the candidate, answers with exactly the true labels; bool [documents]."""
    return (answers.base == answers.truth).all(axis=1), (answers.candidate == answers.truth).all(axis=1)


def draw(answers: Answers, trials: Trials) -> Drawn:
    """The same answers, number and seed give the same trials. At least one document."""
    parts = _parts_of_labels(answers)
    base_right, candidate_right = right(answers)
    gains = (candidate_right.astype(np.float32) - base_right) / np.float32(len(base_right))
    sums = np.zeros((len(SUMS), len(parts), trials.count), np.float32)
    right_change = np.zeros(trials.count, np.float32)
    begin = 0
    for weights in _weights(len(answers.truth), trials):
        end = begin + weights.shape[1]
        for label, (rows, marks) in enumerate(parts):
            sums[:, label, begin:end] = marks @ weights[rows].astype(np.float32)
        changed = np.flatnonzero(gains)
        right_change[begin:end] = gains[changed] @ weights[changed].astype(np.float32)
        begin = end
    return Drawn(Counts(sums), Counts(sums.sum(axis=1, keepdims=True)), right_change)


def interval(changes: Real, confidence: float) -> NDArray[np.float64]:
    """Lower and upper end [2, ...] of the middle `confidence` of changes [..., trials]: the percentile interval."""
    trials = changes.shape[-1]
    outside = int((1 - confidence) / 2 * trials)
    ranked = np.sort(changes, axis=-1)
    return np.stack([ranked[..., outside], ranked[..., trials - 1 - outside]]).astype(np.float64)


def _weights(documents: int, trials: Trials) -> Iterator[Weights]:
    """Blocks [documents, some trials], each from a seed of its own."""
    at_once = max(_WEIGHTS_MAX // documents, 1)
    for block, begin in enumerate(range(0, trials.count, at_once)):
        yield _block(documents, min(at_once, trials.count - begin), (trials.seed, block))


@lru_cache(maxsize=2)  # the versions of a dataset hold the same documents out, and most callers keep the seed
def _block(documents: int, trials: int, seed: tuple[int, int]) -> Weights:
    """A byte each: of however many documents, none is drawn 256 times."""
    drawn = np.random.default_rng(seed).integers(0, documents, (trials, documents), np.uint32).astype(np.int64)
    drawn += np.arange(trials)[:, None] * documents
    counts = np.bincount(drawn.ravel(), minlength=trials * documents).astype(np.uint8)
    weights = np.ascontiguousarray(counts.reshape(trials, documents).T)
    weights.setflags(write=False)
    return weights


def _parts_of_labels(answers: Answers) -> list[tuple[NDArray[np.int64], Floats]]:
    """For each label the documents of which it is true or predicted, and their marks float32 [5, documents]."""
    truth, base, candidate = (np.ascontiguousarray(each.T) for each in (answers.truth, answers.base, answers.candidate))
    labels, rows = np.nonzero(truth | base | candidate)
    cells = (labels, rows)
    true, by_base, by_candidate = truth[cells], base[cells], candidate[cells]
    marks = np.stack([true, true & by_base, true & by_candidate, by_base, by_candidate]).astype(np.float32)
    bounds = np.searchsorted(labels, np.arange(len(truth) + 1))
    return [(rows[begin:end], marks[:, begin:end]) for begin, end in pairwise(bounds)]


def _figures(positives: Real, hits: Real, predicted: Real) -> Figures:
    """0 / 0 counts as 0."""
    return Figures(
        hits / np.maximum(predicted, 1),
        hits / np.maximum(positives, 1),
        2 * hits / np.maximum(positives + predicted, 1),
    )
