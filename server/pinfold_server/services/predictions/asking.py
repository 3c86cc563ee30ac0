"""Which labels a caller wants to hear of, and what that means for one version."""

import math
from dataclasses import dataclass

from pinfold_server.domain.labels.sentiments import label_count
from pinfold_server.domain.predictions.predictions import Selection, and_nothing, everything
from pinfold_server.domain.predictions.thresholds import (
    RequestedThresholds,
    StoredThresholds,
    ThresholdPolicy,
    effective_thresholds,
)
from pinfold_server.errors import AppError, invalid

KEPT_MAX = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a prediction, as values that can be compared. Labels are named by path; no `labels` means all.

    `thresholds` holds label and cut, `top_k` 0 means no limit.
    """

    thresholds: tuple[tuple[str, float], ...] = ()
    policy: ThresholdPolicy | None = None
    default: float | None = None
    labels: tuple[str, ...] = ()
    top_k: int = 0
    all_scores: bool = False

    def check(self) -> None:
        """Raises AppError for what is wrong whatever the version."""
        for label, value in self.thresholds:
            _check_threshold(f"thresholds[{label!r}]", value)
        if self.default is not None:
            _check_threshold("default_threshold", self.default)
        if self.top_k < 0:
            raise invalid("top_k", f"must not be negative, got {self.top_k}")


class Selections:
    """The selections of one version, one object for equal options: it need not be made again, and texts of different
    requests are selected together.
    """

    def __init__(self, labels: tuple[str, ...], stored: StoredThresholds) -> None:
        count = label_count(labels)
        self._column_of = {name: column for column, name in enumerate(labels[:count])}
        self._sentiments = len(labels) - count
        self._stored = stored
        self._kept: dict[Asked, Selection] = {}
        self._last_asked: Asked | None = None
        self._last: Selection

    def of(self, asked: Asked) -> Selection:
        """Raises AppError UNKNOWN_LABEL."""
        # Callers use few options, and the same object for equal ones: nothing to hash.
        if asked is self._last_asked:
            return self._last
        selection = self._kept.get(asked)
        if selection is None:
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            selection = self._kept[asked] = self._make(asked)
        self._last_asked, self._last = asked, selection
        return selection

    def _make(self, asked: Asked) -> Selection:
        known = self._column_of
        for label, _ in asked.thresholds:
            if label not in known:
                raise unknown_label(f"thresholds[{label!r}]", label)
        for place, label in enumerate(asked.labels):
            if label not in known:
                raise unknown_label(f"labels[{place}]", label)
        if asked.all_scores:
            thresholds = everything(len(known))
        else:
            requested = RequestedThresholds(dict(asked.thresholds), asked.policy, asked.default)
            thresholds = effective_thresholds(known, requested, self._stored)
        columns = tuple(known[label] for label in asked.labels) if asked.labels else None
        behind = len(known) if self._sentiments else 0
        return Selection(and_nothing(thresholds, self._sentiments), columns, asked.top_k, behind)


def _check_threshold(field: str, value: float) -> None:
    if math.isnan(value) or not 0 <= value <= 1:
        raise invalid(field, f"must lie from 0 to 1, got {value}", "INVALID_THRESHOLD")


def unknown_label(field: str, label: str) -> AppError:
    return invalid(field, f"the version that answers does not know the label {label[:80]!r}", "UNKNOWN_LABEL")
