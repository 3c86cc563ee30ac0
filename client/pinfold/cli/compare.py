"""Two versions side by side, from the held-out figures that are stored with them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pinfold

_FIGURES = ("micro_f1", "macro_f1", "mean_average_precision", "accuracy", "calibration_error")


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of both versions, by the name of the metric or label; None where a version does not have it."""

    name: str
    first: float | None
    second: float | None

    @property
    def difference(self) -> float | None:
        """Second minus first."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of the whole versions, then F1 by label, the greatest gain first; `caution` may be empty."""

    first: int
    second: int
    figures: tuple[Change, ...]
    labels: tuple[Change, ...]
    caution: str


def compare_versions(
    first: pinfold.VersionInfo,
    first_labels: Sequence[pinfold.VersionLabel],
    second: pinfold.VersionInfo,
    second_labels: Sequence[pinfold.VersionLabel],
) -> Comparison:
    """Every figure that at least one of them has; labels that only one has come last."""
    figures = (Change(name, *_both(first.metrics, second.metrics, name)) for name in _FIGURES)
    before = {label.name: label.f1 for label in first_labels}
    after = {label.name: label.f1 for label in second_labels}
    labels = (Change(name, before.get(name), after.get(name)) for name in before | after)
    return Comparison(
        first=first.number,
        second=second.number,
        figures=tuple(change for change in figures if (change.first, change.second) != (None, None)),
        labels=tuple(sorted(labels, key=_greatest_gain_first)),
        caution=_caution(first, second),
    )


def _both(first: pinfold.Metrics, second: pinfold.Metrics, name: str) -> tuple[float | None, float | None]:
    return getattr(first, name), getattr(second, name)


def _greatest_gain_first(change: Change) -> tuple[bool, float, str]:
    gain = change.difference
    return gain is None, -(gain or 0.0), change.name


def _caution(first: pinfold.VersionInfo, second: pinfold.VersionInfo) -> str:
    """Why the figures are not of the same held-out documents; empty when they are."""
    if first.metrics.validation_mode != second.metrics.validation_mode:
        return "the versions were measured in different ways; do not compare the figures"
    if first.revision != second.revision:
        revisions = f"revisions ({first.revision} and {second.revision})"
        return f"trained on different {revisions}: the held-out documents differ"
    return ""
