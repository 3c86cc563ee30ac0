"""The command that compares two versions of a dataset on the documents that both held out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import answers, note, number, print_json, print_table, short
from pinfold.cli.session import connect

Candidate = Annotated[str, typer.Argument(metavar="CANDIDATE", help="Version that may be better.", show_default=False)]
Policy = Annotated[
    pinfold.ThresholdPolicy | None,
    typer.Option("--policy", help="Which recommended thresholds both predict with.", show_default=False),
]
Threshold = Annotated[
    float | None,
    typer.Option("--threshold", min=0, max=1, help="One threshold for all labels of both.", show_default=False),
]
Labels = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="LABEL", help="Only this label; may be given several times.", show_default=False),
]
Flipped = Annotated[
    pinfold.Flip | None,
    typer.Option("--flipped", help="List the documents whose answer was fixed, or broken.", show_default=False),
]
CarryOver = Annotated[
    bool,
    typer.Option("--thresholds", help="Show what becomes of each label's threshold when the candidate takes over."),
]


def compare(
    dataset: options.Dataset,
    base: options.Version,
    candidate: Candidate,
    policy: Policy = None,
    threshold: Threshold = None,
    labels: Labels = None,
    flipped: Flipped = None,
    thresholds: CarryOver = False,
    trials: Annotated[int, typer.Option("--trials", min=100, max=10_000, help="Bootstrap trials.")] = 1_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the trials.")] = 0,
    confidence: Annotated[float, typer.Option("--confidence", min=0.5, max=0.999, help="Of the intervals.")] = 0.95,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Say whether a version is better than another: figures with intervals, label by label, on the same documents."""
    asked: pinfold.ComparisonOptions = {"policy": policy, "default_threshold": threshold}
    if labels:
        asked["labels"] = [options.name(label) for label in labels]
    with connect(server) as client:
        handle = client.dataset(dataset)
        first, second = options.version_of(base), options.version_of(candidate)
        found = handle.compare(first, second, trials=trials, seed=seed, confidence=confidence, **asked)
        documents = None
        if flipped is not None:
            documents = list(handle.flipped_documents(found.base, found.candidate, flipped, **asked))
    if as_json:
        print_json(found if documents is None else {"comparison": found, "flipped": documents})
        return
    _tell(found, thresholds)
    if documents is not None:
        answers().print()
        _tell_flipped(documents)


def _tell(found: pinfold.VersionComparison, thresholds: bool) -> None:
    answers().print(found.summary, markup=False, soft_wrap=True)
    if found.caution:
        note(f"Caution: {found.caution}")
    answers().print()
    both = [f">version {found.base}", f">version {found.candidate}"]
    interval = f">{found.confidence:.4g} interval"
    print_table([f"figure of {found.documents:,} documents", *both, ">change", interval, ""], figure_rows(found))
    answers().print()
    print_table(
        ["F1 of label", ">positive", *both, ">change", interval, ">fixed", ">broken", ""],
        (_label_row(label) for label in _greatest_gain_first(found)),
    )
    for word, names in (("Only in the candidate", found.added_labels), ("Only in the base", found.removed_labels)):
        if names:
            note(f"{word}: {', '.join(names)}")
    if thresholds:
        answers().print()
        _tell_carry_over(found)


def figure_rows(found: pinfold.VersionComparison) -> Iterator[list[str]]:
    """Figure, both versions, change, interval, and whether that is more than chance."""
    for name, delta in (
        ("precision", found.precision),
        ("recall", found.recall),
        ("micro F1", found.micro_f1),
        ("macro F1", found.macro_f1),
        ("mean average precision", found.mean_average_precision),
        ("all labels right", found.exact_match),
    ):
        if delta is not None:
            yield [name, *_cells(delta), _mark(delta.significant)]


def _cells(delta: pinfold.FigureDelta) -> list[str]:
    ends = "" if delta.low is None or delta.high is None else f"{delta.low:+.3f} to {delta.high:+.3f}"
    return [number(delta.base), number(delta.candidate), f"{delta.difference:+.3f}", ends]


def _mark(significant: bool) -> str:
    return "significant" if significant else ""


def _greatest_gain_first(found: pinfold.VersionComparison) -> list[pinfold.LabelComparison]:
    return sorted(found.labels, key=lambda label: (-label.f1.difference, label.label))


def _label_row(label: pinfold.LabelComparison) -> list[str]:
    name = label.label if label.base_label == label.label else f"{label.label} (was {label.base_label})"
    counts = [f"{label.fixed:,}", f"{label.broken:,}"]
    return [name, f"{label.positives:,}", *_cells(label.f1), *counts, _mark(label.significant)]


def _tell_carry_over(found: pinfold.VersionComparison) -> None:
    columns = (f"version {found.base} now", "same threshold", "same recall", "same precision")
    rows = ([label.label, *map(_point, _points(label.carry_over))] for label in found.labels)
    print_table(["threshold: precision, recall", *(f">{column}" for column in columns)], rows)


def _points(carried: pinfold.ThresholdCarryOver) -> list[pinfold.OperatingPoint | None]:
    return [carried.now, carried.same_threshold, carried.same_recall, carried.same_precision]


def _point(point: pinfold.OperatingPoint | None) -> str:
    return "–" if point is None else f"{point.threshold:.2f}: {point.precision:.2f}, {point.recall:.2f}"


def _tell_flipped(documents: list[pinfold.FlippedDocument]) -> None:
    print_table(
        ["document", "", "text", "labels", "base", "candidate"],
        ([each.document_id, each.flip or "", short(each.text, 48), *map(_list, _answers(each))] for each in documents),
        empty="no such document",
    )


def _answers(document: pinfold.FlippedDocument) -> tuple[tuple[str, ...], ...]:
    return document.true_labels, document.base_labels, document.candidate_labels


def _list(labels: tuple[str, ...]) -> str:
    return ", ".join(labels) or "none"
