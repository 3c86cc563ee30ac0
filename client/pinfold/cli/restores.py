"""The command that takes labels and annotations back."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import note, print_json
from pinfold.cli.session import connect


def restore(
    dataset: options.Dataset,
    version: Annotated[
        str | None,
        typer.Argument(metavar="[VERSION]", help="Number of a version, a tag, or `latest`.", show_default=False),
    ] = None,
    revision: Annotated[
        int | None,
        typer.Option("--revision", min=0, help="A revision instead of that of a version.", show_default=False),
    ] = None,
    skip_pin: Annotated[
        bool, typer.Option("--skip-pin", help="Do not pin the version that was trained on what is left behind.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    actor: Annotated[
        str | None, typer.Option("--actor", help="Who does it, for the histories.", show_default=False)
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Take labels and annotations back to those that a version was trained on.

    Documents stay as they are. Nothing is lost: the command that takes it back is told, and the version that
    was trained last on what is left behind is pinned.
    """
    if (version is None) == (revision is None):
        raise typer.BadParameter("name a VERSION, or else --revision")
    wanted = None if version is None else options.version_of(version)
    if not yes:
        what = f"revision {revision}" if version is None else f"version {version}"
        typer.confirm(f"Take the annotations of {dataset} back to {what}?", abort=True, err=True)
    with connect(server) as client:
        report = client.dataset(dataset).restore(wanted, revision=revision, skip_pin=skip_pin, actor=actor)
    if as_json:
        print_json(report)
        return
    if report.revision == report.previous_revision:
        note(f"{dataset} is at revision {report.revision} and says the same as revision {report.restored_revision}.")
        return
    note(
        f"{dataset} says what it said at revision {report.restored_revision}:"
        f" {report.annotations:,} annotations and {report.labels:,} labels changed."
    )
    if report.missing_count:
        note(f"{report.missing_count:,} documents that were annotated then are gone, such as {report.missing[:1]}")
    _tell_kept(report)
    note(f"To take it back: pinfold restore {dataset} --revision {report.previous_revision}")


def _tell_kept(report: pinfold.RestoreReport) -> None:
    if report.kept_version is None:
        note("No pinned version was trained on what was left behind.")
        return
    pinned = "is pinned now" if report.pinned else "was pinned already"
    note(f"Version {report.kept_version}, which was trained on what was left behind, {pinned}.")
    if report.kept_version_revision < report.previous_revision:
        note(
            f"It was trained at revision {report.kept_version_revision}; what was changed from there to revision"
            f" {report.previous_revision} is in no version."
        )
