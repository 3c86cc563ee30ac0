"""Commands about model versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import (
    answers,
    moment,
    note,
    number,
    print_fields,
    print_json,
    print_table,
)
from pinfold.cli.session import connect

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Default: DATASET-NUMBER.onnx.", show_default=False),
]


def versions(
    dataset: options.Dataset,
    pinned: Annotated[bool, typer.Option("--pinned", help="Only pinned versions.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """List the versions of a dataset, newest first."""
    with connect(server) as client:
        infos = [version.info for version in client.dataset(dataset).versions(pinned_only=pinned)]
    if as_json:
        print_json(infos)
        return
    print_table(
        [
            ">version",
            "pinned",
            "tags",
            ">micro F1",
            ">macro F1",
            ">MAP",
            ">accuracy",
            ">labels",
            ">features",
            ">MiB",
            "trained",
        ],
        (
            [
                str(info.number),
                "yes" if info.pinned else "no" if info.available else "dropped",
                ", ".join(info.tags),
                number(info.metrics.micro_f1),
                number(info.metrics.macro_f1),
                number(info.metrics.mean_average_precision),
                number(info.metrics.accuracy),
                f"{info.label_count:,}",
                f"{info.file.feature_count:,}",
                number(info.file.size / 2**20, 1),
                moment(info.create_time),
            ]
            for info in infos
        ),
        empty=f"No version yet. Next: pinfold train {dataset}",
    )


def version(
    dataset: options.Dataset,
    number_or_tag: options.Version,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show a version: quality and recommended thresholds of each label on held-out documents."""
    with connect(server) as client:
        found = client.dataset(dataset).version(options.version_of(number_or_tag))
        labels, info = found.labels, found.info
    if as_json:
        print_json({**_plain(info), "labels": labels})
        return
    tell_quality(info)
    answers().print()
    print_table(
        [
            "label",
            ">train",
            ">test",
            ">AP",
            ">precision",
            ">recall",
            ">F1",
            ">balanced",
            ">high precision",
            ">high recall",
        ],
        (_label_row(label) for label in labels),
    )


def pin(
    dataset: options.Dataset,
    number_or_tag: options.Version,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Keep a version until it is unpinned; only pinned versions can be tagged."""
    with connect(server) as client:
        found = client.dataset(dataset).version(options.version_of(number_or_tag))
        found.pin()
        _tell(found, f"Version {found.number} is pinned.", as_json)


def unpin(
    dataset: options.Dataset,
    number_or_tag: options.Version,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Give a version up; refused while a tag points to it."""
    with connect(server) as client:
        found = client.dataset(dataset).version(options.version_of(number_or_tag))
        found.unpin()
        _tell(found, f"Version {found.number} is no longer pinned.", as_json)


def download(
    dataset: options.Dataset,
    number_or_tag: Annotated[
        str, typer.Argument(metavar="VERSION", help="Number of a version, a tag, or `latest`.")
    ] = "live",
    output: Output = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Save the ONNX file of a version; its SHA-256 is checked."""
    with connect(server) as client:
        found = client.dataset(dataset).version(options.version_of(number_or_tag))
        path = output or Path(f"{dataset}-{found.number}.onnx")
        found.download(path)
        file = found.info.file
    if as_json:
        print_json({"path": str(path), "version": found.number, "sha256": file.sha256, "size": file.size})
    else:
        note(f"Version {found.number} is in {path} ({file.size / 2**20:.1f} MiB, SHA-256 {file.sha256}).")


def tell_quality(info: pinfold.VersionInfo) -> None:
    """The figures of a version under each other."""
    metrics = info.metrics
    print_fields(
        [
            ("version", f"{info.number}{' (pinned)' if info.pinned else ''}"),
            *([("pinned because", info.pin_note)] if info.pin_note else []),
            ("tags", ", ".join(info.tags)),
            ("held out", _held_out(metrics)),
            ("micro F1", number(metrics.micro_f1)),
            ("macro F1", number(metrics.macro_f1)),
            ("mean average precision", number(metrics.mean_average_precision)),
            ("accuracy", "" if metrics.accuracy is None else number(metrics.accuracy)),
            ("calibration error", number(metrics.calibration_error)),
            (
                "model",
                f"{info.file.feature_count:,} features, {info.file.size / 2**20:.1f} MiB,"
                f" trained in {info.train_seconds:.1f} s on revision {info.revision}",
            ),
            ("sha256", info.file.sha256),
        ]
    )


def _held_out(metrics: pinfold.Metrics) -> str:
    if metrics.validation_mode == pinfold.ValidationMode.K_FOLD:
        return f"each fifth of {metrics.test_size:,} documents in turn, because one would be too small"
    return f"{metrics.test_size:,} of {metrics.train_size + metrics.test_size:,} documents"


def _plain(info: pinfold.VersionInfo) -> dict[str, object]:
    return {name: getattr(info, name) for name in info.__slots__}


def _label_row(label: pinfold.VersionLabel) -> list[str]:
    cuts = label.thresholds
    figures = (label.average_precision, label.precision, label.recall, label.f1)
    return [
        label.name,
        f"{label.train_count:,}",
        f"{label.test_count:,}",
        *(number(figure) for figure in (*figures, cuts.balanced, cuts.high_precision, cuts.high_recall)),
    ]


def _tell(found: pinfold.Version, text: str, as_json: bool) -> None:
    if as_json:
        print_json(found.info)
    else:
        note(text)
