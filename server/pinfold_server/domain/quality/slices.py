"""Slices: parts of the held-out documents, of which a version is asked how good it is there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.names import check_id
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Bools, Quality, quality
from pinfold_server.domain.quality.outcomes import Outcome
from pinfold_server.errors import invalid

SLICES_MAX = 100
ID_CHARS_RANGE = (3, 30)


@dataclass(frozen=True, slots=True)
class SliceCriteria:
    """What a held-out document must meet; `label` empty stands for any, and for the most probable one's confidence."""

    filter: str = ""
    outcome: Outcome | None = None
    label: str = ""
    min_confidence: float | None = None
    max_confidence: float | None = None

    def check(self, field: str) -> None:
        """Raises AppError INVALID for a confidence out of range, below `field`."""
        for name in ("min_confidence", "max_confidence"):
            value = getattr(self, name)
            if value is not None and (math.isnan(value) or not 0 <= value <= 1):
                raise invalid(f"{field}.{name}", f"must lie from 0 to 1, got {value}")
        low, high = self.min_confidence, self.max_confidence
        if low is not None and high is not None and low > high:
            raise invalid(f"{field}.min_confidence", f"must not exceed max_confidence; got {low} > {high}")


BUILT_IN: Mapping[str, tuple[str, SliceCriteria]] = {
    "false-positives": (
        "documents that get a label which they do not have",
        SliceCriteria(outcome=Outcome.FALSE_POSITIVE),
    ),
    "false-negatives": (
        "documents that do not get a label which they have",
        SliceCriteria(outcome=Outcome.FALSE_NEGATIVE),
    ),
    "low-confidence": (
        "documents whose most probable label is less probable than not",
        SliceCriteria(max_confidence=0.5),
    ),
    "candidate-mislabels": (
        "documents that get a label with a probability of at least 0.9 and do not have it: look at their annotation",
        SliceCriteria(outcome=Outcome.FALSE_POSITIVE, min_confidence=0.9),
    ),
}
"""Description and criteria of the slices that every dataset has, by id."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Held-out documents at some thresholds: `predicted` bool [documents, labels], nothing where nobody decided."""

    held_out: HeldOut
    truth: Bools
    predicted: Bools

    @classmethod
    def at(cls, held_out: HeldOut, thresholds: NDArray[np.float32]) -> "Judged":
        """`thresholds` float32 [labels]."""
        known = held_out.known
        return cls(held_out, held_out.truth & known, (held_out.probabilities >= thresholds) & known)

    @property
    def right(self) -> Bools:
        """Documents with exactly the true labels."""
        wholly: Bools = (self.truth == self.predicted).all(axis=1)
        return wholly

    def quality(self, rows: Bools) -> Quality:
        """Of all pairs of these documents, bool [documents], and a label."""
        truth, predicted = self.truth[rows], self.predicted[rows]
        hits = int((truth & predicted).sum())
        return quality(hits, int(predicted.sum()) - hits, int(truth.sum()) - hits)


def check_slice_id(value: str, field: str = "slice_id") -> str:
    """The id of a slice that can be stored. Raises AppError INVALID_ID, RESERVED_SLICE."""
    least, most = ID_CHARS_RANGE
    if not least <= len(check_id(value, field)) <= most:
        raise invalid(field, f"must have {least} to {most} characters, got {len(value)}", "INVALID_ID")
    if value in BUILT_IN:
        raise invalid(field, f"`{value}` is a slice that every dataset has: choose another id", "RESERVED_SLICE")
    return value


def confidences(held_out: HeldOut, column: int | None) -> NDArray[np.float32]:
    """Probability of a label, or of the most probable one; float32 [documents]."""
    if column is not None:
        return held_out.probabilities[:, column]
    best: NDArray[np.float32] = held_out.probabilities.max(axis=1, initial=0)
    return best


def members(judged: Judged, criteria: SliceCriteria, column: int | None) -> Bools:
    """Documents that meet outcome and confidence, bool [documents]; `column` is that of the criteria's label.

    Where no label is named and an outcome is, the confidence is that of a label with this outcome.
    """
    held_out = judged.held_out
    low = np.float32(0 if criteria.min_confidence is None else criteria.min_confidence)
    high = np.float32(1 if criteria.max_confidence is None else criteria.max_confidence)
    if criteria.outcome is None:
        asked = confidences(held_out, column)
        return (asked >= low) & (asked <= high)
    columns = slice(None) if column is None else slice(column, column + 1)
    probabilities = held_out.probabilities[:, columns]
    fits = _has(judged, criteria.outcome)[:, columns] & (probabilities >= low) & (probabilities <= high)
    return np.asarray(fits.any(axis=1))


def _has(judged: Judged, outcome: Outcome) -> Bools:
    truth, predicted = judged.truth, judged.predicted
    wanted = truth if outcome in (Outcome.TRUE_POSITIVE, Outcome.FALSE_NEGATIVE) else ~truth
    told = predicted if outcome in (Outcome.TRUE_POSITIVE, Outcome.FALSE_POSITIVE) else ~predicted
    return wanted & told & judged.held_out.known
