"""Which texts share a run: texts are padded to the longest of their run, so runs take texts of similar length."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Bounds on one run of a model.

    `texts_max`: texts of a run. `numbers_max`: padded texts * features * labels, 4 bytes each; one text alone may
    pass it. `numbers_per_character`: labels * word n-grams a character can be the start of at most, see `RunLimits.of`.
    `similar`: characters that a text may be padded by, however short it is; beyond that the longest of a run may have
    at most four times the characters of the shortest.
    """

    numbers_per_character: float
    texts_max: int = 128
    numbers_max: int = 1 << 21
    similar: int = 256

    @classmethod
    def of(cls, labels: int, word_max: int) -> "RunLimits":
        """Limits for a model; every second character can begin a word."""
        return cls(numbers_per_character=(labels + 1) * max(word_max, 1) / 2)


def plan(lengths: Sequence[int], limits: RunLimits) -> list[NDArray[np.int64]]:
    """Indices of the texts of each run; every text is in exactly one run.

    All texts in one run keep their order; otherwise the shortest come first.
    """
    if lengths and _fits(min(lengths), max(lengths), len(lengths), limits):
        return [np.arange(len(lengths))]
    order = np.argsort(lengths, kind="stable")
    runs, begin = [], 0
    for end in range(1, len(order) + 1):
        if end == len(order) or not _fits(lengths[order[begin]], lengths[order[end]], end + 1 - begin, limits):
            runs.append(order[begin:end])
            begin = end
    return runs


def _fits(shortest: int, longest: int, texts: int, limits: RunLimits) -> bool:
    return (
        texts <= limits.texts_max
        and longest <= 4 * shortest + limits.similar
        and texts * (longest + 1) * limits.numbers_per_character <= limits.numbers_max
    )
