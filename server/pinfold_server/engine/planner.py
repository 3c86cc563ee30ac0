"""Which texts share a run: texts are padded to the longest of their run, so runs take texts of similar length."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Bounds on one run of a model. Costs are counted in numbers: texts * features * labels, 4 bytes each.

    `texts_max`: texts of a run. `numbers_max`: numbers of a run, padding included; one text alone may pass it.
    `padding_max`: numbers of padding alone; about where another run becomes cheaper than the padding, measured with
    77 labels. `numbers_per_character`: upper bound for a model, see `of`.
    """

    numbers_per_character: float
    texts_max: int = 128
    numbers_max: int = 1 << 21
    padding_max: int = 1 << 20

    @classmethod
    def of(cls, labels: int, word_max: int) -> "RunLimits":
        """Limits for a model; every second character can begin a word."""
        return cls(numbers_per_character=(labels + 1) * max(word_max, 1) / 2)

    def allow(self, texts: int, longest: int, characters: int) -> bool:
        """Whether so many texts, with so many characters in all, fit one run."""
        padded = texts * (longest + 1) * self.numbers_per_character
        padding = (texts * longest - characters) * self.numbers_per_character
        return texts <= self.texts_max and padded <= self.numbers_max and padding <= self.padding_max


def plan(lengths: Sequence[int], limits: RunLimits) -> list[NDArray[np.int64]]:
    """Indices of the texts of each run; every text is in exactly one run.

    All texts in one run keep their order; otherwise the shortest come first.
    """
    if lengths and limits.allow(len(lengths), max(lengths), sum(lengths)):
        return [np.arange(len(lengths))]
    order = np.argsort(lengths, kind="stable")
    runs, begin, characters = [], 0, 0
    for end, index in enumerate(order):
        length = int(lengths[index])
        if end > begin and not limits.allow(end + 1 - begin, length, characters + length):
            runs.append(order[begin:end])
            begin, characters = end, 0
        characters += length
    return [*runs, order[begin:]] if len(order) else []
