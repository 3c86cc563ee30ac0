"""How good a version is, worked out from what its validation held out: for people who decide about labels, thresholds
and releases.
"""

from dataclasses import dataclass

import numpy as np

from pinfold_server.domain.labels.labels import leaf_columns
from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.predictions.predictions import Selection
from pinfold_server.domain.quality import confusions
from pinfold_server.domain.quality.calibration import Reliability
from pinfold_server.domain.quality.confusions import Pair
from pinfold_server.domain.quality.curves import thinned
from pinfold_server.domain.quality.metrics import Curve, Quality, mean_average_precision
from pinfold_server.domain.quality.outcomes import Outcomes, Overall, count, together
from pinfold_server.domain.quality.reliability import is_reliable
from pinfold_server.errors import invalid
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.predictions.asking import Asked, unknown_label
from pinfold_server.services.quality.held_outs import FoundVersion, HeldOutCache, KeptValidation
from pinfold_server.store.storage_pb2 import VersionLabelRecord, VersionRecord

POINTS_LEAST = 2
POINTS_MOST = 10_000
POINTS_IN_ALL = 500_000
PAIRS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class ValidationQuery:
    """Of `asked` thresholds and labels count; `curve_points`: most points of a curve, 0 for all, None for no curves."""

    dataset_id: str
    wanted: VersionRef
    asked: Asked
    curve_points: int | None = None

    def check(self) -> None:
        """Raises AppError for what is wrong whatever the version."""
        self.asked.check()
        points = self.curve_points
        if points and not POINTS_LEAST <= points <= POINTS_MOST:
            raise invalid(
                "curve_points", f"must be from {POINTS_LEAST} to {POINTS_MOST:,}, or 0 for all, got {points:,}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class LabelDetails:
    """One label at a threshold; `counts` in the order of `Outcome`; what the held-out part cannot tell is None."""

    threshold: float
    counts: tuple[int, int, int, int]
    quality: Quality | None
    average_precision: float | None
    curve: Curve | None
    calibration: Reliability


@dataclass(frozen=True, slots=True, eq=False)
class Details:
    """What is worked out from held-out documents; `columns` are the labels of `labels` and of the pairs."""

    documents: int
    columns: tuple[int, ...]
    labels: tuple[LabelDetails, ...]
    all_labels: Overall
    leaf_labels: Overall
    mean_average_precision: float | None
    reliable_mean_average_precision: float | None
    curve: Curve | None
    calibration: Reliability
    confusions: list[Pair]
    cooccurrences: list[Pair]


@dataclass(frozen=True, slots=True, eq=False)
class Validated:
    """A version with its labels; `details` is None when nothing but these figures is left, for the labels `columns`."""

    dataset_id: str
    record: VersionRecord
    labels: tuple[VersionLabelRecord, ...]
    columns: tuple[int, ...]
    details: Details | None


class ValidationService:
    """Raises AppError NOT_FOUND for a dataset, version or tag that is not there, and OVERLOADED."""

    def __init__(self, held_outs: HeldOutCache, slow: SlowWork) -> None:
        self._held_outs = held_outs
        self._slow = slow

    async def get(self, query: ValidationQuery) -> Validated:
        """Raises AppError INVALID, INVALID_THRESHOLD, UNKNOWN_LABEL, TOO_MANY_POINTS."""
        query.check()
        return await self._slow.run(lambda: self._get(query))

    def _get(self, query: ValidationQuery) -> Validated:
        found = self._held_outs.find(query.dataset_id, query.wanted)
        if found.kept is None:
            columns = _columns(found, query.asked)
            return Validated(query.dataset_id, found.record, found.labels, columns, None)
        details = work_out(found.kept, found.kept.selection(query.asked), query.curve_points)
        return Validated(query.dataset_id, found.record, found.labels, details.columns, details)


def work_out(kept: KeptValidation, selection: Selection, curve_points: int | None) -> Details:
    """Everything that the held-out documents tell at the thresholds of the selection, of its labels.

    Raises AppError TOO_MANY_POINTS.
    """
    names = kept.held_out.label_names
    columns = tuple(range(len(names))) if selection.columns is None else tuple(dict.fromkeys(selection.columns))
    _check_points(kept, columns, curve_points)
    outcomes = count(kept.held_out, selection.thresholds)
    precisions = list(kept.average_precisions)
    reliable = [is_reliable(label.train_count, kept.mode) for label in kept.labels]
    safe = [value for value, sure in zip(precisions, reliable, strict=True) if sure]
    return Details(
        documents=len(kept.held_out),
        columns=columns,
        labels=tuple(_label(kept, selection, outcomes, column, curve_points) for column in columns),
        all_labels=together(outcomes, np.arange(len(names))),
        leaf_labels=together(outcomes, np.array(leaf_columns(names), np.int64)),
        mean_average_precision=mean_average_precision(precisions),
        reliable_mean_average_precision=mean_average_precision(safe),
        curve=None if curve_points is None else thinned(kept.overall_curve, curve_points or POINTS_MOST),
        calibration=kept.reliability.together(),
        confusions=_pairs(_confusions(kept, selection), columns),
        cooccurrences=_pairs(np.triu(confusions.cooccurrences(kept.held_out), 1), columns),
    )


def _label(
    kept: KeptValidation, selection: Selection, outcomes: Outcomes, column: int, curve_points: int | None
) -> LabelDetails:
    curve = kept.curves[column]
    counts = (outcomes.true_positives, outcomes.false_positives, outcomes.false_negatives, outcomes.true_negatives)
    tp, fp, fn, tn = (int(each[column]) for each in counts)
    return LabelDetails(
        threshold=float(selection.thresholds[column]),
        counts=(tp, fp, fn, tn),
        quality=outcomes.of(column) if tp + fn else None,
        average_precision=kept.average_precisions[column],
        curve=None if curve_points is None else thinned(curve, curve_points or len(curve.counts)),
        calibration=kept.reliability.of(column),
    )


def _confusions(kept: KeptValidation, selection: Selection) -> confusions.Matrix:
    if kept.record.label_mode == "single_label":
        leaves = np.array(leaf_columns(kept.held_out.label_names), np.int64)
        return confusions.single_label_confusions(kept.held_out, leaves)
    return confusions.predicted_instead(kept.held_out, kept.held_out.probabilities >= selection.thresholds)


def _pairs(matrix: confusions.Matrix, columns: tuple[int, ...]) -> list[Pair]:
    """Those among the labels in `columns`."""
    wanted = np.zeros(len(matrix), np.bool_)
    wanted[list(columns)] = True
    return confusions.most_frequent(np.where(wanted[:, None] & wanted, matrix, 0), PAIRS_MAX)


def _check_points(kept: KeptValidation, columns: tuple[int, ...], curve_points: int | None) -> None:
    if curve_points is None:
        return
    points = sum(min(len(kept.curves[column].counts), curve_points or POINTS_IN_ALL) for column in columns)
    if points > POINTS_IN_ALL:
        raise invalid(
            "curve_points",
            f"asks for {points:,} points of {len(columns):,} curves, of {POINTS_IN_ALL:,} at most: name some labels, or"
            f" at most {POINTS_IN_ALL // len(columns):,} points",
            "TOO_MANY_POINTS",
        )


def _columns(found: FoundVersion, asked: Asked) -> tuple[int, ...]:
    """Raises AppError UNKNOWN_LABEL."""
    place_of = {label.name: place for place, label in enumerate(found.labels)}
    for name, _ in asked.thresholds:
        if name not in place_of:
            raise unknown_label(f"thresholds[{name!r}]", name)
    for index, name in enumerate(asked.labels):
        if name not in place_of:
            raise unknown_label(f"labels[{index}]", name)
    return tuple(place_of[name] for name in dict.fromkeys(asked.labels)) if asked.labels else tuple(place_of.values())
