from datetime import UTC, datetime

import pytest

import pinfold
from pinfold.cli.compare import compare_versions


def version(number: int, macro_f1: float, **changes: object) -> pinfold.VersionInfo:
    mode = changes.get("mode", pinfold.ValidationMode.HOLDOUT)
    metrics = pinfold.Metrics(mode, 800, 200, 0.8, 0.7, macro_f1, None, 0.02)  # type: ignore[arg-type]
    return pinfold.VersionInfo(
        number=number,
        run=number,
        pinned=True,
        pin_time=None,
        available=True,
        tags=(),
        revision=int(str(changes.get("revision", 9))),
        metrics=metrics,
        file=pinfold.ModelFile("0" * 64, 1, 1),
        labels=None,
        label_count=2,
        create_time=datetime(2026, 1, 1, tzinfo=UTC),
        train_seconds=1.0,
    )


def label(name: str, f1: float | None) -> pinfold.VersionLabel:
    return pinfold.VersionLabel(name, 8, 2, f1, f1, f1, f1, pinfold.LabelThresholds(None, None, None))


def test_labels_with_the_greatest_gain_come_first_and_those_of_one_version_last() -> None:
    before = [label("same", 0.5), label("worse", 0.9), label("better", 0.4), label("gone", 0.5)]
    after = [label("same", 0.5), label("worse", 0.2), label("better", 0.8), label("new", 0.7)]
    comparison = compare_versions(version(1, 0.6), before, version(2, 0.7), after)
    assert [change.name for change in comparison.labels] == ["better", "same", "worse", "gone", "new"]
    assert comparison.labels[0].difference == pytest.approx(0.4)
    assert comparison.labels[-1].difference is None


def test_figures_that_neither_has_are_left_out() -> None:
    comparison = compare_versions(version(1, 0.6), [], version(2, 0.7), [])
    assert [change.name for change in comparison.figures] == [
        "micro_f1",
        "macro_f1",
        "mean_average_precision",
        "calibration_error",
    ]
    assert comparison.caution == ""


def test_figures_that_cannot_be_compared_are_told() -> None:
    k_fold = version(2, 0.7, mode=pinfold.ValidationMode.K_FOLD)
    assert "different ways" in compare_versions(version(1, 0.6), [], k_fold, []).caution
    assert "revisions (9 and 10)" in compare_versions(version(1, 0.6), [], version(2, 0.7, revision=10), []).caution
