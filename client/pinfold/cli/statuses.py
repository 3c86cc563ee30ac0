"""Commands about what a dataset is doing, and whether it trains by itself."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import answers, note, print_fields, print_json, print_json_line
from pinfold.cli.session import connect


def status(
    dataset: options.Dataset,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Go on, and tell every change, until Ctrl-C.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON; with --watch JSON Lines, one object a change.")
    ] = False,
) -> None:
    """Show what a dataset is doing, and how far its newest version is behind what people said."""
    with connect(server) as client:
        handle = client.dataset(dataset)
        if not watch:
            _tell(handle.status(), as_json)
            return
        for seen in handle.watch():
            if as_json:
                print_json_line(seen)
            else:
                answers().print(_line(seen), markup=False)


def auto(
    dataset: options.Dataset,
    off: Annotated[bool, typer.Option("--off", help="Train no longer by itself.")] = False,
    after_changes: Annotated[
        int, typer.Option("--after-changes", min=0, help="Train after so many changes; 0: not by their number.")
    ] = 100,
    after_quiet: Annotated[
        int, typer.Option("--after-quiet", min=0, help="Train so many seconds after the last change; 0: do not.")
    ] = 60,
    config: Annotated[
        str | None,
        typer.Option("--config", metavar="ID", help="Run configuration to train with.", show_default=False),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Let a dataset train by itself whenever its annotations have changed."""
    with connect(server) as client:
        handle = client.dataset(dataset).auto_train(
            not off, after_changes=after_changes, after_quiet_seconds=after_quiet, config=config
        )
        wanted = handle.info.auto_training
    if as_json:
        print_json(wanted)
    else:
        note(f"{dataset} trains {_when(wanted)}.")


def _tell(status: pinfold.DatasetStatus, as_json: bool) -> None:
    if as_json:
        print_json(status)
        return
    print_fields(
        [
            ("documents", f"{status.document_count:,}"),
            ("annotated", f"{status.annotated_count:,}, {status.reviewed_count:,} of them reviewed"),
            ("labels", f"{status.label_count:,}"),
            ("revision", str(status.revision)),
            ("latest version", _version(status)),
            ("runs", "; ".join(map(_run, status.active_runs))),
            ("scoring", _scoring(status.scoring)),
            ("trains", _when(status.auto_training)),
        ]
    )


def _line(status: pinfold.DatasetStatus) -> str:
    parts = [
        f"revision {status.revision}",
        f"version {_version(status)}",
        f"{status.reviewed_count:,} of {status.document_count:,} reviewed",
        *map(_run, status.active_runs),
        f"scored {_scoring(status.scoring)}",
    ]
    return " · ".join(parts)


def _version(status: pinfold.DatasetStatus) -> str:
    if status.latest_version is None:
        return "–"
    behind = f", {status.changes_behind:,} changes behind" if status.changes_behind else ", up to date"
    return f"{status.latest_version}{behind}"


def _run(run: pinfold.RunInfo) -> str:
    doing = f" {run.phase} {run.fraction:.0%}" if run.phase else ""
    return f"run {run.number} {run.state}{doing}"


def _scoring(scoring: pinfold.Scoring) -> str:
    return "complete" if scoring.complete else f"{scoring.fraction:.0%}"


def _when(wanted: pinfold.AutoTraining) -> str:
    if not wanted.enabled:
        return "when asked to"
    conditions = []
    if wanted.after_changes:
        conditions.append(f"after {wanted.after_changes:,} changes")
    if wanted.after_quiet_seconds:
        conditions.append(f"{wanted.after_quiet_seconds:,} s after the last change")
    return "by itself " + " or ".join(conditions)
