"""The command that says what speaks for the labels of a version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import print_json, print_table
from pinfold.cli.session import connect


def keywords(
    dataset: options.Dataset,
    version: Annotated[str, typer.Option("--version", help="Number of a version, a tag, or `latest`.")] = "live",
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="LABEL",
            help="Only this label; may be given several times. Default: all.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, help="Keywords to list for each label.")] = 10,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """List the words that, on average, speak for each label of a version, and against it."""
    wanted = None if labels is None else [options.name(label) for label in labels]
    with connect(server) as client:
        held = client.dataset(dataset).version(options.version_of(version))
        found = held.keywords(wanted, limit=limit)
    if as_json:
        print_json({"version": held.number, "labels": found})
        return
    print_table(
        ["label", "for it", "against it"],
        ([each.label, _listed(each.positive), _listed(each.negative)] for each in found),
    )


def _listed(keywords: Iterable[pinfold.Keyword]) -> str:
    return ", ".join(f"{keyword.feature} {keyword.weight:+.2f}" for keyword in keywords)
