"""Thresholds that give a wanted precision or recall, looked up in the curves of a version."""

import math
from dataclasses import dataclass

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.predictions.thresholds import cut
from pinfold_server.domain.quality.curves import for_precision, for_recall
from pinfold_server.domain.quality.metrics import Curve, Quality
from pinfold_server.domain.quality.reliability import is_reliable
from pinfold_server.errors import invalid
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality.held_outs import HeldOutCache, KeptValidation


@dataclass(frozen=True, slots=True)
class ThresholdQuery:
    """Exactly one of `precision` and `recall` is wanted; no `labels` means all."""

    dataset_id: str
    wanted: VersionRef
    precision: float | None
    recall: float | None
    labels: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises AppError INVALID."""
        if (self.precision is None) is (self.recall is None):
            raise invalid("target", "must be a precision or a recall", "INVALID_TARGET")
        field, value = ("recall", self.recall) if self.precision is None else ("precision", self.precision)
        if value is None or math.isnan(value) or not 0 < value <= 1:
            raise invalid(field, f"must lie above 0 and be at most 1, got {value}", "INVALID_TARGET")


@dataclass(frozen=True, slots=True)
class FoundThreshold:
    """`threshold` and `quality` are None when the label never reaches what is wanted."""

    name: str
    threshold: float | None
    quality: Quality | None
    predicted_count: int
    reliable: bool


@dataclass(frozen=True, slots=True)
class FoundThresholds:
    """One of each label, and the number of the version."""

    version: int
    labels: tuple[FoundThreshold, ...]


class ThresholdSearch:
    """Raises AppError NOT_FOUND for a dataset, version or tag that is not there, and OVERLOADED."""

    def __init__(self, held_outs: HeldOutCache, slow: SlowWork) -> None:
        self._held_outs = held_outs
        self._slow = slow

    async def find(self, query: ThresholdQuery) -> FoundThresholds:
        """Raises AppError INVALID_TARGET, UNKNOWN_LABEL, VALIDATION_NOT_KEPT."""
        query.check()
        return await self._slow.run(lambda: self._find(query))

    def _find(self, query: ThresholdQuery) -> FoundThresholds:
        kept = self._held_outs.get(query.dataset_id, query.wanted)
        selection = kept.selection(Asked(labels=query.labels))
        columns = range(len(kept.labels)) if selection.columns is None else dict.fromkeys(selection.columns)
        return FoundThresholds(kept.record.number, tuple(_found(kept, column, query) for column in columns))


def _found(kept: KeptValidation, column: int, query: ThresholdQuery) -> FoundThreshold:
    curve, label = kept.curves[column], kept.labels[column]
    reliable = is_reliable(label.train_count, kept.mode)
    place = _place(curve, query)
    if place is None:
        return FoundThreshold(label.name, None, None, 0, reliable)
    precision, recall = float(curve.precisions[place]), float(curve.recalls[place])
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    quality = Quality(precision, recall, f1)
    return FoundThreshold(label.name, cut(curve, place), quality, int(curve.counts[place]), reliable)


def _place(curve: Curve, query: ThresholdQuery) -> int | None:
    if query.recall is not None:
        return for_recall(curve, query.recall)
    return for_precision(curve, query.precision or 0.0)
