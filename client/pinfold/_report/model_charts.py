"""Charts of a version as a whole: its rating, what it takes for what, and its documents in a plane."""

from collections import Counter
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pinfold._projections import ProjectedDocument, Projection
from pinfold._ratings import ModelRating, RatingFactor
from pinfold._report.canvas import COLOURS, GREY, INK, RIGHT, WRONG, Chart, LegendEntry, Words, draw, name
from pinfold._report.findings import Findings
from pinfold._report.texts import plain, words
from pinfold._validation_types import LabelPair

CONFUSED_SHOWN = 16
_BANDS = (50, 70, 90)
_NO_LABEL = "no label"
_FAINTEST, _STRONGEST = 0.08, 0.75


def model_charts(findings: Findings) -> Iterator[Chart]:
    """Those that there are figures for."""
    if findings.rating is not None and any(factor.score is not None for factor in findings.rating.factors):
        yield _rating(findings.rating)
    if any(pair.label != pair.other for pair in findings.validation.confusions):
        yield _confusions(findings.validation.confusions)
    if findings.projection is not None and findings.projection.documents:
        yield _projection(findings.projection)


def _rating(rating: ModelRating) -> Chart:
    factors: Sequence[RatingFactor] = rating.factors[::-1]

    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        axes = page.subplots()
        places = range(len(factors))
        axes.barh(places, [each.score or 0.0 for each in factors], color=RIGHT)
        axes.set_yticks(places, [words(each.kind) for each in factors])
        for place, each in enumerate(factors):
            told = "unknown" if each.score is None else f"{each.score:.0f}"
            axes.text((each.score or 0.0) + 1, place, told, va="center")
        axes.set_xlim(0, 108)
        axes.set_xticks((0, *_BANDS, 100))
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("poor below 50, average below 70, good below 90, excellent from there")
        return ()

    told = Words(
        "rating",
        "What the rating is made of",
        "Factors with their weights and what each is made of are in the table.",
        "Scores of the factors, 0 to 100.",
    )
    return draw(told, (6.4, 2.4), paint)


def _confusions(pairs: Sequence[LabelPair]) -> Chart:
    labels = _most_confused(pairs)
    counts = {(pair.label, pair.other): pair.count for pair in pairs if pair.label in labels and pair.other in labels}
    side = 0.38 * len(labels)

    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        axes = page.subplots()
        _cells(axes, counts, labels)
        names = [name(label) for label in labels]
        axes.set_xticks(range(len(labels)), names, rotation=90)
        axes.set_yticks(range(len(labels)), names)
        axes.set_xlim(-0.5, len(labels) - 0.5)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.grid(visible=False)
        axes.set_aspect("equal")
        axes.set_xlabel("predicted")
        axes.set_ylabel("true")
        return LegendEntry(WRONG, "taken for another label"), LegendEntry(RIGHT, "right, in single-label versions")

    told = Words(
        "confusions",
        "What is taken for what",
        f"Documents by true and predicted label; the {len(labels)} labels that are confused most.",
        f"Heat map of {len(labels)} by {len(labels)} labels.",
    )
    return draw(told, (side + 3.2, side + 2.8), paint)


def _most_confused(pairs: Sequence[LabelPair]) -> list[str]:
    """Those with the most wrong documents, as true or as predicted label, by name so that branches stay together."""
    wrong: Counter[str] = Counter()
    for pair in pairs:
        if pair.label != pair.other:
            wrong.update({pair.label: pair.count, pair.other: pair.count})
    ranked = sorted(wrong, key=lambda label: (-wrong[label], label))
    return sorted(ranked[:CONFUSED_SHOWN])


def _cells(axes: Axes, counts: dict[tuple[str, str], int], labels: Sequence[str]) -> None:
    places = {label: place for place, label in enumerate(labels)}
    most = {right: max((n for (a, b), n in counts.items() if (a == b) is right), default=1) for right in (True, False)}
    for (label, other), count in counts.items():
        right = label == other
        strength = _FAINTEST + (_STRONGEST - _FAINTEST) * count / max(most[right], 1)
        corner = (places[other] - 0.5, places[label] - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, color=RIGHT if right else WRONG, alpha=strength, lw=0))
        axes.text(places[other], places[label], f"{count}", ha="center", va="center", fontsize=8)


def _projection(projection: Projection) -> Chart:
    found = projection.documents
    shown = _commonest([_main(each.true_labels) for each in found])
    colours = dict(zip(shown, COLOURS, strict=False))

    def paint(page: Figure) -> tuple[LegendEntry, ...]:
        left, right = page.subplots(1, 2, sharex=True, sharey=True)
        _scatter(left, found, [colours.get(_main(each.true_labels), GREY) for each in found])
        _scatter(right, found, [colours.get(_main(each.predicted_labels), GREY) for each in found])
        left.set_title("true label")
        right.set_title("predicted label")
        return (*(LegendEntry(colours[label], plain(label)) for label in shown), LegendEntry(GREY, "any other"))

    kept = projection.explained_variance
    told = Words(
        "projection",
        "Held-out documents in a plane",
        f"{len(found):,} of {projection.total:,} documents; those that the model can hardly tell apart lie together."
        + " Crosses are documents with a wrong or missing label."
        + ("" if kept is None else f" The plane keeps {kept:.0%} of the variance."),
        f"Two scatter plots of {len(found):,} documents, coloured by true and by predicted label.",
    )
    return draw(told, (9.2, 4.6), paint)


def _main(labels: Sequence[str]) -> str:
    """The label that colours a document: the first that has none below it."""
    deepest = (label for label in labels if not any(other.startswith(f"{label} > ") for other in labels))
    return next(deepest, _NO_LABEL)


def _commonest(labels: Sequence[str]) -> list[str]:
    counted = Counter(labels)
    return sorted(counted, key=lambda label: (-counted[label], label))[: len(COLOURS)]


def _scatter(axes: Axes, documents: Sequence[ProjectedDocument], colours: Sequence[str]) -> None:
    for wrong, marker, size in ((False, "o", 14), (True, "x", 22)):
        picked = [
            (each, colour)
            for each, colour in zip(documents, colours, strict=True)
            if (set(each.true_labels) != set(each.predicted_labels)) is wrong
        ]
        axes.scatter(
            [each.x for each, _ in picked],
            [each.y for each, _ in picked],
            s=size,
            c=[colour for _, colour in picked],
            marker=marker,
            lw=0 if marker == "o" else 1,
            alpha=0.7,
        )
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color(INK)
    axes.spines[:].set_alpha(0.3)
