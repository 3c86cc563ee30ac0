"""The command that takes labels and annotations back."""

from __future__ import annotations

from typing import Annotated

import typer

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
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    actor: Annotated[
        str | None, typer.Option("--actor", help="Who does it, for the histories.", show_default=False)
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Take labels and annotations back to those that a version was trained on.

    Documents and versions stay as they are. Nothing is lost: the command that takes it back is told.
    """
    if (version is None) == (revision is None):
        raise typer.BadParameter("name a VERSION, or else --revision")
    wanted = None if version is None else options.version_of(version)
    if not yes:
        what = f"revision {revision}" if version is None else f"version {version}"
        typer.confirm(f"Take the annotations of {dataset} back to {what}?", abort=True, err=True)
    with connect(server) as client:
        report = client.dataset(dataset).restore(wanted, revision=revision, actor=actor)
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
    note(f"To take it back: pinfold restore {dataset} --revision {report.previous_revision}")
