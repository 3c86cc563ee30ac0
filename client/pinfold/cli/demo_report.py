"""What the demo shows: pure choices and figures, and their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table

import pinfold
from pinfold.cli.comparisons import figure_rows
from pinfold.cli.demo_data import NewText
from pinfold.cli.output import make_table, number, short

_LABELS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Cut:
    """What a threshold policy gives on new texts, over all pairs of text and label."""

    labels_a_text: float
    precision: float | None
    recall: float | None


def measure_cut(predictions: Sequence[pinfold.Prediction], new: Sequence[NewText]) -> Cut:
    """Precision and recall of the predicted labels, parents counted as labels of their own."""
    predicted = [{name for name, _ in prediction.labels} for prediction in predictions]
    right = sum(len(found & text.labels) for found, text in zip(predicted, new, strict=True))
    given, wanted = sum(map(len, predicted)), sum(len(text.labels) for text in new)
    return Cut(
        labels_a_text=given / len(new),
        precision=right / given if given else None,
        recall=right / wanted if wanted else None,
    )


def quality_table(labels: Sequence[pinfold.VersionLabel]) -> Table:
    """Held-out quality by label: all labels, or the best and the worst of many."""
    measured = sorted(
        (label for label in labels if label.f1 is not None),
        key=lambda label: (-(label.f1 or 0.0), label.name),
    )
    table = make_table(["label", ">texts", ">precision", ">recall", ">F1", ">threshold"])
    hidden = len(measured) - 2 * _LABELS_SHOWN
    for place, label in enumerate(measured):
        if hidden > 1 and place == _LABELS_SHOWN:
            table.add_row(f"[dim]… {hidden} more …[/]")
        if hidden > 1 and _LABELS_SHOWN <= place < len(measured) - _LABELS_SHOWN:
            continue
        table.add_row(
            escape(label.name),
            f"{label.train_count + label.test_count:,}",
            number(label.precision, 2),
            number(label.recall, 2),
            number(label.f1, 2),
            number(label.thresholds.balanced, 2),
        )
    return table


def prediction_table(predictions: Sequence[pinfold.Prediction], new: Sequence[NewText]) -> Table:
    """What was predicted for each text; labels that people gave it too are green, others red."""
    table = make_table(["new text", "predicted", "annotated"])
    table.columns[0].no_wrap, table.columns[0].overflow = True, "ellipsis"
    for prediction, text in zip(predictions, new, strict=True):
        found = [
            f"[{'green' if name in text.labels else 'red'}]{probability:.2f} {escape(name)}[/]"
            for name, probability in _deepest(prediction.labels)
        ]
        truth = sorted(name for name in text.labels if not any(other.startswith(f"{name} > ") for other in text.labels))
        table.add_row(escape(short(text.text, 42)), "\n".join(found) or "[dim]none[/]", escape("\n".join(truth)))
    return table


def policy_table(cuts: dict[str, Cut]) -> Table:
    """One line a policy."""
    table = make_table(["thresholds", ">labels a text", ">precision", ">recall"])
    for name, cut in cuts.items():
        table.add_row(name, number(cut.labels_a_text, 2), number(cut.precision, 2), number(cut.recall, 2))
    return table


def comparison_table(found: pinfold.VersionComparison) -> Table:
    """The figures of two versions side by side, and whether they differ by more than chance."""
    table = make_table(
        [
            "figure",
            f">version {found.base}",
            f">version {found.candidate}",
            ">change",
            f">{found.confidence:.4g} interval",
            "",
        ]
    )
    for row in figure_rows(found):
        table.add_row(*row)
    return table


def _deepest(labels: Sequence[pinfold.LabelScore]) -> list[pinfold.LabelScore]:
    """Without parents whose child is there: the child says more."""
    names = [score.name for score in labels]
    return [score for score in labels if not any(name.startswith(f"{score.name} > ") for name in names)]


def reasons(explanation: pinfold.Explanation) -> str:
    """Why the text has the most probable label that has a score of its own, in a sentence with markup."""
    label = next((each for each in explanation.labels if not each.sum_of), explanation.labels[0])
    words = (f"{escape(word.feature)} [bold]{word.weight:+.1f}[/]" for word in label.contributions)
    return f"Why the first one has {escape(label.name)}, in log-odds: {', '.join(words) or 'no known word'}."
