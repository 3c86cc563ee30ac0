"""Charts of two versions side by side: changes with their intervals, and answers that flipped."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pinfold._comparison_types import FigureDelta, LabelComparison, VersionComparison
from pinfold._report.canvas import GREY, INK, RIGHT, WRONG, Chart, LegendEntry, Words, draw, name

LABELS_SHOWN = 30
_SIGNIFICANT = (
    LegendEntry(RIGHT, "gain beyond chance"),
    LegendEntry(WRONG, "loss beyond chance"),
    LegendEntry(GREY, "may be chance"),
)


class Change(NamedTuple):
    """A line of the chart."""

    text: str
    delta: FigureDelta
    significant: bool


def figures_of(found: VersionComparison) -> list[tuple[str, FigureDelta]]:
    """The figures of the whole versions by their names."""
    named = (
        ("precision", found.precision),
        ("recall", found.recall),
        ("micro F1", found.micro_f1),
        ("macro F1", found.macro_f1),
        ("mean average precision", found.mean_average_precision),
        ("all labels right", found.exact_match),
    )
    return [(text, delta) for text, delta in named if delta is not None]


def comparison_charts(found: VersionComparison) -> Iterator[Chart]:
    """Those that there are figures for."""
    percent = f"{found.confidence:.4g}"
    whole = [Change(text, delta, delta.significant) for text, delta in figures_of(found)]
    words = Words(
        "figure-changes",
        "Changes of the whole",
        f"Version {found.candidate} minus version {found.base}, with intervals of confidence {percent}.",
        f"Changes of {len(whole)} figures with their intervals.",
    )
    yield _changes(words, whole)
    if found.labels:
        labels = [Change(label.label, label.f1, label.significant) for label in _most_changed(found.labels)]
        words = Words(
            "label-changes",
            "Changes of F1 by label",
            f"The {len(labels)} labels that changed most. Grey ones may be chance, as so many labels are looked at.",
            f"Changes of F1 of {len(labels)} labels with their intervals.",
        )
        yield _changes(words, labels)
    if flipped := [label for label in _most_flipped(found.labels) if label.fixed or label.broken]:
        yield _flips(flipped)


def _most_changed(labels: Sequence[LabelComparison]) -> list[LabelComparison]:
    ranked = sorted(labels, key=lambda label: (-abs(label.f1.difference), label.label))[:LABELS_SHOWN]
    return sorted(ranked, key=lambda label: (-label.f1.difference, label.label))


def _most_flipped(labels: Sequence[LabelComparison]) -> list[LabelComparison]:
    return sorted(labels, key=lambda label: (-label.fixed - label.broken, label.label))[:LABELS_SHOWN]


def _changes(words: Words, changes: Sequence[Change]) -> Chart:
    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        axes = page.subplots()
        axes.axvline(0, color=INK, lw=1)
        for place, change in enumerate(changes):
            delta, colour = change.delta, _colour(change)
            if delta.low is not None and delta.high is not None:
                axes.plot([delta.low, delta.high], [place, place], color=colour, lw=2, solid_capstyle="butt")
            axes.plot(delta.difference, place, color=colour, marker="o", ms=5)
        axes.set_yticks(range(len(changes)), [name(change.text) for change in changes])
        axes.set_ylim(len(changes) - 0.5, -0.5)
        axes.set_xlabel("change")
        return _SIGNIFICANT

    return draw(words, (6.8, 0.24 * len(changes) + 0.9), paint)


def _colour(change: Change) -> str:
    if not change.significant:
        return GREY
    return RIGHT if change.delta.difference > 0 else WRONG


def _flips(labels: Sequence[LabelComparison]) -> Chart:
    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        axes = page.subplots()
        places = range(len(labels))
        axes.barh(places, [label.fixed for label in labels], color=RIGHT)
        axes.barh(places, [-label.broken for label in labels], color=WRONG)
        axes.axvline(0, color=INK, lw=1)
        axes.set_yticks(places, [name(label.label) for label in labels])
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.set_xlabel("documents: broken to the left, fixed to the right")
        return LegendEntry(RIGHT, "fixed: right now, wrong before"), LegendEntry(
            WRONG, "broken: wrong now, right before"
        )

    words = Words(
        "flips",
        "Answers that flipped",
        "A change of F1 is the balance of these: many flips that cancel out are a different model all the same.",
        f"Fixed and broken documents of {len(labels)} labels.",
    )
    return draw(words, (6.8, 0.24 * len(labels) + 0.9), paint)
