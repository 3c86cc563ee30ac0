"""From probabilities to the labels of an answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pick = tuple[int, float]  # column of the label, probability


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Which labels of a text are answered.

    thresholds: float32 [labels], a label is answered when its probability is at least its threshold.
    top_k: at most so many, the most probable; 0 means no limit.
    """

    thresholds: NDArray[np.float32]
    top_k: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Picks:
    """The answered labels of texts, laid end to end.

    counts: how many labels each text has; int64 [texts].
    columns, probabilities: of each answered label, by falling probability within its text; int64 and float32 [sum of
        counts].
    """

    counts: NDArray[np.int64]
    columns: NDArray[np.int64]
    probabilities: NDArray[np.float32]

    def parts(self, sizes: Iterable[int]) -> Iterator["Picks"]:
        """Cuts the texts into parts of the given sizes, which must add up."""
        ends = np.concatenate(([0], np.cumsum(self.counts))).tolist()
        begin = 0
        for size in sizes:
            end = begin + size
            own = slice(ends[begin], ends[end])
            yield Picks(self.counts[begin:end], self.columns[own], self.probabilities[own])
            begin = end

    def spread(self, absent: NDArray[np.bool_]) -> "Picks":
        """With a text without labels wherever `absent`, bool [all texts], is True."""
        counts = np.zeros(len(absent), np.int64)
        counts[~absent] = self.counts
        return Picks(counts, self.columns, self.probabilities)

    def table(self) -> tuple[list[int], list[int]]:
        """The columns that occur, each once, and for each answered label its place among them."""
        columns = self.columns.tolist()
        place_of = {column: place for place, column in enumerate(dict.fromkeys(columns))}
        return list(place_of), [place_of[column] for column in columns]

    def by_text(self) -> Iterator[list[Pick]]:
        """The picks of each text."""
        picks = zip(self.columns.tolist(), self.probabilities.tolist(), strict=True)
        for count in self.counts.tolist():
            yield [next(picks) for _ in range(count)]


def select(probabilities: NDArray[np.float32], selection: Selection) -> Picks:
    """The answered labels of each text, by falling probability and of equals by rising column; float32 [texts,
    labels].
    """
    wanted = probabilities >= selection.thresholds
    if selection.top_k == 1:
        return _most_probable(probabilities, wanted)
    # In one dimension: a fourth of the time that the search in two takes.
    places = wanted.ravel().nonzero()[0]
    scores = probabilities.ravel()[places]
    if len(wanted) == 1:
        return _of_one_text(places, scores, selection.top_k)
    texts, columns = np.divmod(places, wanted.shape[1])
    counts = np.bincount(texts, minlength=len(wanted))
    if len(scores) > 1 and int(counts.max()) > 1:
        order = np.lexsort((columns, -scores, texts))
        columns, scores = columns[order], scores[order]
        if selection.top_k:
            kept = _ranks(counts) < selection.top_k
            columns, scores = columns[kept], scores[kept]
            counts = np.minimum(counts, selection.top_k)
    return Picks(counts, columns, scores)


def _most_probable(probabilities: NDArray[np.float32], wanted: NDArray[np.bool_]) -> Picks:
    """One label a text at most: nothing to put in order."""
    found = wanted.any(axis=1)
    columns = np.where(wanted, probabilities, -1)[found].argmax(axis=1)
    return Picks(np.asarray(found, np.int64), np.asarray(columns), probabilities[found, columns])


def _of_one_text(columns: NDArray[np.int64], scores: NDArray[np.float32], top_k: int) -> Picks:
    if len(scores) > 1:
        order = np.lexsort((columns, -scores))
        if top_k:
            order = order[:top_k]
        columns, scores = columns[order], scores[order]
    return Picks(np.array([len(scores)]), columns, scores)


def everything(label_count: int) -> NDArray[np.float32]:
    """Thresholds that every label passes."""
    return np.zeros(label_count, np.float32)


def only(columns: Iterable[int], thresholds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Thresholds of these labels, which no other label passes."""
    narrowed = np.full_like(thresholds, np.inf)
    chosen = list(columns)
    narrowed[chosen] = thresholds[chosen]
    return narrowed


def _ranks(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """For runs of the given lengths laid end to end: the place of each element in its run."""
    begins = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) - np.repeat(begins, counts)
