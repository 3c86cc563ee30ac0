"""Findings as a server would give them, with whatever labels and texts a test wants."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pinfold
from pinfold._report.findings import Comparison, Findings

#: What strangers may write into labels, ids and texts.
HOSTILE = (
    "<script>alert(1)</script>",
    "</svg></figure><img src=x onerror=alert(2)>",
    'A "quoted" & <b>bold</b> name',
    "$x_{broken$ _hidden",
    "_starts with an underscore",
    "{{ 7 * 7 }} {% raw %}",
    "line\nbreak\ttab \x07bell \u202eright to left",
    "Ünïcode 漢字 العربية 🎉",
)
CREATED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def findings(labels: Sequence[str] = HOSTILE, *, compared: bool = True) -> Findings:
    """Everything that a report can show; the last label is not reliable, the last but one was never measured."""
    return Findings(
        dataset="tickets",
        info=version_info(),
        validation=validation(labels),
        rating=rating(labels[0]),
        projection=projection(labels),
        comparison=Comparison(comparison(labels), flipped(labels)) if compared else None,
    )


def version_info() -> pinfold.VersionInfo:
    metrics = pinfold.Metrics(pinfold.ValidationMode.K_FOLD, 400, 100, 0.81, 0.8, 0.7, None, 0.04)
    file = pinfold.ModelFile("f" * 64, 1000, 20)
    return pinfold.VersionInfo(7, 9, True, CREATED, True, ("live",), 12, metrics, file, None, 8, CREATED, 1.5)


def validation(labels: Sequence[str]) -> pinfold.Validation:
    quality = pinfold.Quality(0.9, 0.8, 0.85)
    counts = pinfold.OutcomeCounts(40, 5, 6, 50)
    overall = pinfold.OverallQuality(len(labels), counts, quality, quality)
    return pinfold.Validation(
        version=7,
        metrics=version_info().metrics,
        detailed=True,
        document_count=90,
        sampled=True,
        reliable_from=20,
        unreliable_count=1,
        all_labels=overall,
        leaf_labels=overall,
        mean_average_precision=0.81,
        reliable_mean_average_precision=0.83,
        curve=curve(),
        calibration=calibration(),
        labels=tuple(label_validation(name, place, len(labels)) for place, name in enumerate(labels)),
        confusions=tuple(pinfold.LabelPair(label, labels[place - 1], 3 + place) for place, label in enumerate(labels)),
        cooccurrences=(),
        split_digest=None,
    )


def label_validation(name: str, place: int, count: int) -> pinfold.LabelValidation:
    measured, reliable = place != count - 2, place != count - 1
    return pinfold.LabelValidation(
        name=name,
        train_count=30 + place if reliable else 7,
        test_count=8,
        reliable=reliable,
        missing_count=0 if reliable else 13,
        threshold=0.4 if measured else None,
        counts=pinfold.OutcomeCounts(4, 1, 1, 30) if measured else None,
        quality=pinfold.Quality(0.8, 0.8, 0.8) if measured else None,
        average_precision=0.9 - place / 20 if measured else None,
        curve=curve() if measured else None,
        calibration=calibration() if measured else None,
        thresholds=pinfold.LabelThresholds(0.4, 0.6, 0.2),
    )


def curve() -> pinfold.PrecisionRecallCurve:
    return pinfold.PrecisionRecallCurve((0.9, 0.5, 0.1), (1.0, 0.8, 0.4), (0.3, 0.7, 1.0))


def calibration() -> pinfold.Calibration:
    return pinfold.Calibration(0.05, (60, 0, 12, 20), (0.05, 0.0, 0.6, 0.95), (0.02, 0.0, 0.5, 0.9))


def rating(label: str) -> pinfold.ModelRating:
    kinds = list(pinfold.RatingFactorKind)
    factors = tuple(
        pinfold.RatingFactor(kind, None if place == 3 else 80.0, pinfold.RatingGrade.GOOD, 0.25, {"mean": 0.8}, False)
        for place, kind in enumerate(kinds)
    )
    action = pinfold.RatingAction(kinds[1], pinfold.RetrievalMode.TEACH, label, f"{label} is vague")
    return pinfold.ModelRating(7, 78.0, pinfold.RatingGrade.GOOD, True, factors, (action,))


def projection(labels: Sequence[str]) -> pinfold.Projection:
    documents = tuple(
        pinfold.ProjectedDocument(f"d{place}", "mail", place % 5, place % 7, (label,), (labels[place // 2],))
        for place, label in enumerate(labels)
    )
    return pinfold.Projection(7, 90, 0.6, documents)


def comparison(labels: Sequence[str]) -> pinfold.VersionComparison:
    gain = pinfold.FigureDelta(0.7, 0.8, 0.1, 0.05, 0.15, True)
    loss = pinfold.FigureDelta(0.8, 0.7, -0.1, -0.15, -0.05, True)
    noise = pinfold.FigureDelta(0.7, 0.71, 0.01, None, None, False)
    point = pinfold.OperatingPoint(0.4, 0.9, 0.8)
    carried = pinfold.ThresholdCarryOver(point, point, None, point)
    return pinfold.VersionComparison(
        base=5,
        candidate=7,
        verdict=pinfold.Verdict.BETTER,
        summary=f"Version 7 is better than version 5, most of all for {labels[0]}",
        comparable=True,
        caution=f"{labels[1]} was annotated anew",
        base_mode=pinfold.ValidationMode.K_FOLD,
        candidate_mode=pinfold.ValidationMode.K_FOLD,
        documents=90,
        base_only=1,
        candidate_only=2,
        changed_truth=3,
        trials=1000,
        confidence=0.95,
        precision=gain,
        recall=loss,
        micro_f1=gain,
        macro_f1=noise,
        mean_average_precision=None,
        exact_match=noise,
        fixed=9,
        broken=2,
        p_value=0.065,
        labels=tuple(
            pinfold.LabelComparison(
                name, "old <i>name</i>", 9, 0.4, 0.4, gain, loss, delta, None, 3, 1, 0.6, delta is not noise, carried
            )
            for name, delta in zip(labels, (gain, loss, noise) * len(labels), strict=False)
        ),
        added_labels=("new <u>label</u>",),
        removed_labels=(labels[2],),
    )


def flipped(labels: Sequence[str]) -> tuple[pinfold.FlippedDocument, ...]:
    return tuple(
        pinfold.FlippedDocument(f"id {label}", "mail", flip, f"text of {label}", (label,), (), (label,))
        for label, flip in zip(labels, (pinfold.Flip.FIXED, pinfold.Flip.BROKEN) * len(labels), strict=False)
    )
