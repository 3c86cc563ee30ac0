"""Arguments and options of the commands about streams."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options

Name = Annotated[
    str, typer.Argument(metavar="STREAM", help="Id of the stream.", show_default=False, callback=options.name)
]
Title = Annotated[str | None, typer.Option("--title", help="For people.", show_default=False)]
Description = Annotated[str | None, typer.Option("--description", help="For people.", show_default=False)]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold",
        "-t",
        metavar="LABEL=0.4",
        help="Least probability of one label; may be given several times.",
        show_default=False,
    ),
]
Policy = Annotated[
    pinfold.ThresholdPolicy | None,
    typer.Option("--policy", help="Thresholds that the version recommends. Default: balanced.", show_default=False),
]
DefaultThreshold = Annotated[
    float | None,
    typer.Option(
        "--default-threshold", min=0, max=1, help="Least probability of labels without one.", show_default=False
    ),
]
Labels = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="LABEL", help="Only this label; may be given several times.", show_default=False),
]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter", metavar="FILTER", help="Only documents that match; see docs/filters.md.", show_default=False
    ),
]
Size = Annotated[int | None, typer.Option("--size", "-n", min=1, max=1024, help="Most documents in a batch.")]


def time_of(text: str) -> datetime:
    """A date or a time of ISO 8601, in UTC where it names no offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time such as 2026-01-31T08:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
