"""Commands that say how good a version is, where it errs, and which thresholds to take."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import answers, note, number, print_fields, print_json, print_table, short
from pinfold.cli.session import connect

PAIRS_SHOWN = 10

Labels = Annotated[
    list[str] | None,
    typer.Option(
        "--label",
        metavar="LABEL",
        help="Only this label; may be given several times. Default: all.",
        show_default=False,
    ),
]
Policy = Annotated[
    pinfold.ThresholdPolicy | None,
    typer.Option("--policy", help="Recommended thresholds to take. Default: balanced.", show_default=False),
]
DefaultThreshold = Annotated[
    float | None,
    typer.Option(
        "--default-threshold", min=0, max=1, help="Threshold of labels without one by --policy.", show_default=False
    ),
]


def validation(
    dataset: options.Dataset,
    version: options.Version = "latest",
    labels: Labels = None,
    policy: Policy = None,
    default_threshold: DefaultThreshold = None,
    curve_points: Annotated[
        int | None,
        typer.Option("--curve-points", min=0, help="With --json: most points of each curve, 0 for all."),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """How good a version is on documents that it had not seen, overall and label by label."""
    with connect(server) as client:
        held = client.dataset(dataset).version(options.version_of(version))
        found = held.validation(
            policy=policy, default_threshold=default_threshold, labels=_names(labels), curve_points=curve_points
        )
    if as_json:
        print_json(found)
        return
    _tell_overall(found)
    answers().print()
    print_table(
        ["label", ">train", ">test", ">threshold", ">precision", ">recall", ">F1", ">AP", ">calibration", ""],
        map(_label_row, found.labels),
    )
    _tell_pairs(found)


def thresholds(
    dataset: options.Dataset,
    version: options.Version = "latest",
    precision: Annotated[
        float | None, typer.Option("--precision", min=0, max=1, help="Least precision.", show_default=False)
    ] = None,
    recall: Annotated[
        float | None, typer.Option("--recall", min=0, max=1, help="Least recall.", show_default=False)
    ] = None,
    labels: Labels = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Find the threshold of each label that gives a precision, or a recall, on held-out documents."""
    if (precision is None) is (recall is None):
        raise typer.BadParameter("give either --precision or --recall")
    with connect(server) as client:
        held = client.dataset(dataset).version(options.version_of(version))
        found = held.find_thresholds(precision=precision, recall=recall, labels=_names(labels))
    if as_json:
        print_json({"version": held.number, "labels": found})
        return
    print_table(
        ["label", ">threshold", ">precision", ">recall", ">F1", ">predicted", ""],
        (
            [
                one.name,
                number(one.threshold),
                *(_figures(one.quality)),
                f"{one.predicted_count:,}",
                "" if one.reliable else "not reliable",
            ]
            for one in found
        ),
    )


def errors(
    dataset: options.Dataset,
    version: options.Version,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="Path of the label.", show_default=False)],
    outcome: Annotated[pinfold.Outcome, typer.Option("--outcome", help="Which documents.")] = (
        pinfold.Outcome.FALSE_POSITIVE
    ),
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", min=0, max=1, help="Default: the balanced one.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most documents to list.")] = 20,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """List held-out documents that a version got wrong for a label (or right), the most wrong first."""
    with connect(server) as client:
        held = client.dataset(dataset).version(options.version_of(version))
        listed = held.validation_documents(options.name(label), outcome, threshold=threshold)
        found = list(islice(listed, limit))
    if as_json:
        print_json({"version": held.number, "label": label, "outcome": outcome, "documents": found})
        return
    print_table(
        [">probability", "document", "has", "gets", "text"],
        (
            [
                number(one.probability),
                one.document_id,
                ", ".join(one.true_labels),
                ", ".join(one.predicted_labels),
                "(deleted)" if one.document is None else short(one.document.text),
            ]
            for one in found
        ),
        empty=f"No {outcome.value.replace('_', ' ')} of {label!r}.",
    )


def _tell_overall(found: pinfold.Validation) -> None:
    metrics = found.metrics
    if not metrics.test_size:
        note("This version was tested on nothing: too few documents are annotated, or none may be tested on.")
    elif not found.detailed:
        note("Only the figures of this version are left: what its validation held out was dropped.")
    fields = [
        ("version", str(found.version)),
        ("held out", f"{metrics.test_size:,} documents, {str(metrics.validation_mode).replace('_', '-')}"),
        ("judged on", f"{found.document_count:,} of them" if found.sampled else ""),
        ("mean average precision", number(found.mean_average_precision or metrics.mean_average_precision)),
        ("of reliable labels", _given(found.reliable_mean_average_precision)),
        ("not reliable", f"{found.unreliable_count:,} labels" if found.unreliable_count else ""),
    ]
    if found.all_labels is not None and found.leaf_labels is not None and found.calibration is not None:
        fields += [
            ("micro P / R / F1", " / ".join(_figures(found.all_labels.micro))),
            ("macro P / R / F1", " / ".join(_figures(found.all_labels.macro))),
            ("leaf labels, micro", " / ".join(_figures(found.leaf_labels.micro))),
            ("calibration error", number(found.calibration.expected_error)),
        ]
    print_fields(fields)


def _tell_pairs(found: pinfold.Validation) -> None:
    wrong = [pair for pair in found.confusions if pair.label != pair.other][:PAIRS_SHOWN]
    if wrong:
        answers().print()
        print_table(["has", "gets instead", ">documents"], ([one.label, one.other, f"{one.count:,}"] for one in wrong))


def _label_row(label: pinfold.LabelValidation) -> list[str]:
    return [
        label.name,
        f"{label.train_count:,}",
        f"{label.test_count:,}",
        number(label.threshold),
        *_figures(label.quality),
        number(label.average_precision),
        "–" if label.calibration is None else number(label.calibration.expected_error),
        "" if label.reliable else f"not reliable, {label.missing_count:,} missing",
    ]


def _figures(quality: pinfold.Quality | None) -> list[str]:
    figures = (None, None, None) if quality is None else (quality.precision, quality.recall, quality.f1)
    return [number(figure) for figure in figures]


def _given(value: float | None) -> str:
    return "" if value is None else number(value)


def _names(labels: list[str] | None) -> list[str] | None:
    return None if labels is None else [options.name(label) for label in labels]
