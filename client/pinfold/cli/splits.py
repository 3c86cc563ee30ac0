"""Commands that say which part of a training documents are for."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import note, print_json, print_table
from pinfold.cli.session import connect

FAILURES_SHOWN = 10


class Part(enum.StrEnum):
    """The parts of the client, and the word that takes a choice back."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    UNASSIGNED = "unassigned"
    DEFAULT = "default"


def split(
    dataset: options.Dataset,
    part: Annotated[Part, typer.Argument(metavar="SPLIT", help="The part; `default` leaves it to a hash of the id.")],
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Ids of documents.", show_default=False)
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="More ids, one a line; `-` is standard input.", show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="ID", help="Source of the documents. Default: the only one.", show_default=False
        ),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Say which part of a training documents are for; the next training goes by it."""
    wanted = [options.name(each) for each in (*(ids or ()), *_lines(file))]
    if not wanted:
        raise typer.BadParameter("name documents, or give a --file of ids")
    chosen = None if part is Part.DEFAULT else pinfold.Split(part.value)
    with connect(server) as client:
        report = client.dataset(dataset).set_splits(dict.fromkeys(wanted, chosen), source)
    if as_json:
        print_json(report)
    else:
        note(f"{report.changed:,} documents changed, {report.unchanged:,} were so, {report.failed:,} failed.")
        for failure in report.failures[:FAILURES_SHOWN]:
            note(f"{failure.id}: {failure.message}")
    if report.failed:
        raise typer.Exit(1)


def list_splits(
    dataset: options.Dataset, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False
) -> None:
    """List the documents for which a part of a training was chosen."""
    with connect(server) as client:
        found = list(client.dataset(dataset).splits())
    if as_json:
        print_json(found)
        return
    print_table(
        ["source", "document", "split"],
        ([one.source, one.document_id, str(one.split or "–")] for one in found),
        empty="No part was chosen for any document: hashes of their ids decide.",
    )


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file}: {error}") from None
    return [line.strip() for line in text.splitlines() if line.strip()]
