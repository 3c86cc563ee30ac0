"""Is one version better than another? Figures of both on the same documents, and how far chance would go."""

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TRIALS_DEFAULT = 1_000
TRIALS_RANGE = (100, 10_000)
CONFIDENCE_DEFAULT = 0.95
CONFIDENCE_RANGE = (0.5, 0.999)


class Verdict(enum.StrEnum):
    """What the F1 of all pairs of document and label together says of the candidate."""

    BETTER = "better"
    WORSE = "worse"
    NO_SIGNIFICANT_DIFFERENCE = "no_significant_difference"


class Flip(enum.StrEnum):
    """A document that the candidate answers rightly and the base did not, or the reverse."""

    FIXED = "fixed"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Delta:
    """A figure of both versions, 0 to 1, and the interval of candidate minus base; no interval where none is drawn."""

    base: float
    candidate: float
    low: float | None = None
    high: float | None = None

    @property
    def is_significant(self) -> bool:
        """The interval does not hold 0."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold gives on the documents compared."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What becomes of the base's threshold: what it gives now, and three ways to choose one for the candidate.

    The candidate at the same threshold, at the highest one with the recall of `now`, at the lowest one with the
    precision of `now`; None where no threshold gives it.
    """

    now: Point
    same_threshold: Point
    same_recall: Point | None
    same_precision: Point | None


@dataclass(frozen=True, slots=True)
class LabelComparison:
    """One label, in the order of the pairing.

    `positives`: documents compared that have it; thresholds: those that the predictions were cut by. `fixed` and
    `broken`: documents whose answer to this label became right, or wrong. `p_value`: McNemar's; `is_significant`: the
    interval of F1 does not hold 0, and the p-value withstands that so many labels were asked.
    """

    positives: int
    base_threshold: float
    candidate_threshold: float
    precision: Delta
    recall: Delta
    f1: Delta
    average_precision: Delta | None
    fixed: int
    broken: int
    p_value: float
    is_significant: bool
    carry_over: CarryOver


@dataclass(frozen=True, slots=True)
class Overall:
    """All labels: pairs of document and label together, and means over labels with a positive document.

    `right`: share of documents answered with exactly the true labels; `fixed`, `broken` and `p_value` are of those.
    """

    precision: Delta
    recall: Delta
    micro_f1: Delta
    macro_f1: Delta
    mean_average_precision: Delta | None
    right: Delta
    fixed: int
    broken: int
    p_value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """`labels` in the order of the pairing."""

    verdict: Verdict
    overall: Overall
    labels: tuple[LabelComparison, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """The thresholds of both versions, float32 [labels]; a label is predicted at its threshold or above."""

    base: NDArray[np.float32]
    candidate: NDArray[np.float32]
