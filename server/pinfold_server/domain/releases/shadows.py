"""Two versions on the same texts: where the one that is not asked would have answered otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The labels that two versions share, and where each has them.

    `numbers` name the labels for life; `live` and `shadow` are their columns, int64 [shared].
    """

    numbers: tuple[int, ...]
    names: tuple[str, ...]
    live: NDArray[np.int64]
    shadow: NDArray[np.int64]

    @classmethod
    def shared(cls, live: Sequence[tuple[int, str]], shadow: Sequence[tuple[int, str]]) -> "Columns":
        """Number and name of each label of both versions, in the order of their columns. Names are the live one's."""
        place_of = {number: place for place, (number, _) in enumerate(shadow)}
        found = [(place, *label) for place, label in enumerate(live) if label[0] in place_of]
        return cls(
            tuple(number for _, number, _ in found),
            tuple(name for _, _, name in found),
            np.array([place for place, _, _ in found], np.int64),
            np.array([place_of[number] for _, number, _ in found], np.int64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a version says of some texts: `probabilities` float32 [texts, labels], `thresholds` float32 [labels]."""

    probabilities: NDArray[np.float32]
    thresholds: NDArray[np.float32]

    def of(self, columns: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Probabilities of some labels, and whether they are predicted."""
        chosen = self.probabilities[:, columns]
        return chosen, chosen >= self.thresholds[columns]


@dataclass(slots=True, eq=False)
class Disagreement:
    """Counts over texts. Arrays [shared labels]: predicted by both, by the live version alone, by the shadow alone;
    `distance` float64: sum of the absolute differences of the probabilities. `differing` texts differ in some label.
    """

    both: Counts
    live_only: Counts
    shadow_only: Counts
    distance: NDArray[np.float64]
    texts: int = 0
    differing: int = 0

    @classmethod
    def of(cls, labels: int) -> "Disagreement":
        """Of no texts yet."""
        both, live_only, shadow_only = (np.zeros(labels, np.int64) for _ in range(3))
        return cls(both, live_only, shadow_only, np.zeros(labels))

    def look(self, live: Answers, shadow: Answers, columns: Columns) -> None:
        """Counts what two versions say of the same texts."""
        stated, says = live.of(columns.live)
        other, would_say = shadow.of(columns.shadow)
        self.texts += len(says)
        self.differing += int(np.count_nonzero((says != would_say).any(axis=1)))
        self.both += (says & would_say).sum(axis=0)
        self.live_only += (says & ~would_say).sum(axis=0)
        self.shadow_only += (~says & would_say).sum(axis=0)
        self.distance += np.abs(stated.astype(np.float64) - other).sum(axis=0)
