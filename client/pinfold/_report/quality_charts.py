"""Charts of a validation: curves, calibration, and where the probabilities lie."""

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pinfold._report.canvas import (
    COLOURS,
    GREY,
    INK,
    RIGHT,
    WRONG,
    Chart,
    LegendEntry,
    Words,
    draw,
    name,
    unit_axes,
)
from pinfold._report.texts import figure, plain
from pinfold._validation_types import Calibration, LabelValidation, PrecisionRecallCurve, Validation

WORST_SHOWN = 6
_PANEL_COLUMNS = 3
_LINES = ("-", "--", "-.", (0, (1, 1)), (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))


def quality_charts(validation: Validation) -> Iterator[Chart]:
    """Those that the validation has figures for."""
    weakest = _weakest(validation.labels)
    if validation.curve is not None:
        yield _precision_recall(validation.curve, weakest)
    if validation.calibration is not None and any(validation.calibration.counts):
        yield _calibration(validation.calibration)
        yield _scores(validation.calibration)
    if panels := [label for label in weakest if label.calibration is not None]:
        yield _label_scores(panels)


def _weakest(labels: Sequence[LabelValidation]) -> list[LabelValidation]:
    """Least average precision first; unreliable labels, whose figures are chance, only where there are no others."""
    measured = [label for label in labels if label.average_precision is not None and label.curve is not None]
    trusted = [label for label in measured if label.reliable] or measured
    return sorted(trusted, key=lambda label: (label.average_precision or 0.0, label.name))[:WORST_SHOWN]


def _precision_recall(overall: PrecisionRecallCurve, weakest: Sequence[LabelValidation]) -> Chart:
    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        axes = page.subplots()
        unit_axes(axes, "recall", "precision")
        legend = [LegendEntry("currentColor", "all labels together")]
        for label, colour, line in zip(weakest, COLOURS, _LINES, strict=False):
            if label.curve is not None:
                axes.step(label.curve.recalls, label.curve.precisions, where="pre", color=colour, ls=line, lw=1.4)
                legend.append(LegendEntry(colour, f"{plain(label.name)} (AP {figure(label.average_precision, 2)})"))
        axes.step(overall.recalls, overall.precisions, where="pre", color=INK, lw=2)
        return tuple(legend)

    words = Words(
        "precision-recall",
        "Precision and recall",
        "Each curve goes through every threshold. The labels are those with the least average precision (AP).",
        f"Precision over recall of all labels together and of the {len(weakest)} weakest labels.",
    )
    return draw(words, (6.4, 4.2), paint)


def _calibration(found: Calibration) -> Chart:
    filled = [place for place, count in enumerate(found.counts) if count]

    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        axes = page.subplots()
        unit_axes(axes, "mean probability of a bin", "share that is true")
        axes.plot([0, 1], [0, 1], color=GREY, ls="--", lw=1)
        stated = [found.mean_probabilities[place] for place in filled]
        axes.plot(stated, [found.frequencies[place] for place in filled], color=RIGHT, marker="o", ms=5, lw=1.6)
        return LegendEntry(RIGHT, "this version"), LegendEntry(GREY, "probabilities that mean what they say")

    words = Words(
        "calibration",
        "Calibration",
        f"Expected calibration error {figure(found.expected_error)}: how far the lines are apart, by size of bin.",
        f"Reliability diagram of {len(filled)} bins with pairs of document and label.",
    )
    return draw(words, (5.2, 4.2), paint)


def _scores(found: Calibration) -> Chart:
    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        axes = page.subplots()
        _histogram(axes, found)
        axes.set_xlabel("probability")
        axes.set_ylabel("pairs of document and label")
        return _TRUTHS

    words = Words(
        "scores",
        "Probabilities of all labels",
        "How often each probability was given to labels that the document has, and that it has not. Logarithmic scale.",
        f"Histogram of {sum(found.counts):,} probabilities.",
    )
    return draw(words, (6.4, 3.4), paint)


def _label_scores(labels: Sequence[LabelValidation]) -> Chart:
    rows = -(-len(labels) // _PANEL_COLUMNS)

    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        panels = page.subplots(rows, _PANEL_COLUMNS, squeeze=False).flat
        for axes in panels[len(labels) :]:
            axes.set_axis_off()
        for label, axes in zip(labels, panels, strict=False):
            if label.calibration is not None:
                _histogram(axes, label.calibration)
            if label.threshold is not None:
                axes.axvline(label.threshold, color=INK, lw=1, ls=":")
            axes.set_title(name(label.name, 28), fontsize=8)
        return (*_TRUTHS, LegendEntry("currentColor", "dotted: threshold of the label"))

    words = Words(
        "label-scores",
        "Probabilities of the weakest labels",
        "A label whose two colours lie apart can be cut anywhere between; one whose colours overlap needs examples.",
        f"Histograms of {len(labels)} labels.",
    )
    return draw(words, (8.4, 2.1 * rows + 0.3), paint)


_TRUTHS = (LegendEntry(RIGHT, "documents that have the label"), LegendEntry(WRONG, "documents that do not"))


def _histogram(axes: Axes, found: Calibration) -> None:
    """True and false pairs side by side in each bin."""
    width = 1 / len(found.counts)
    true = [round(count * share) for count, share in zip(found.counts, found.frequencies, strict=True)]
    false = [count - hits for count, hits in zip(found.counts, true, strict=True)]
    starts = [place * width for place in range(len(found.counts))]
    axes.bar(starts, true, width * 0.45, align="edge", color=RIGHT)
    axes.bar([start + width / 2 for start in starts], false, width * 0.45, align="edge", color=WRONG)
    axes.set_yscale("symlog", linthresh=1)
    # The scale's own labels are formulas (10 to the power of 2), which nothing here typesets.
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
