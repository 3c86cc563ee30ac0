"""Commands about the documents of a dataset."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import moment, note, print_fields, print_json, print_json_line, print_table, short
from pinfold.cli.session import connect
from pinfold.filters import F, Filter

Source = Annotated[
    str | None,
    typer.Option("--source", metavar="ID", help="Only this source. Default: all of the dataset.", show_default=False),
]
FilterText = Annotated[
    str,
    typer.Option(
        "--filter",
        metavar="FILTER",
        help="""Only documents that match, such as 'text:"late refund" AND reviewed = false' (docs/filters.md).""",
    ),
]
Limit = Annotated[int, typer.Option("--limit", min=1, help="Show at most so many.")]


def list_documents(
    dataset: options.Dataset,
    wanted: FilterText = "",
    source: Source = None,
    limit: Limit = 100,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines instead of a table.")] = False,
) -> None:
    """List documents by source and id, all of them or those that match a filter."""
    with connect(server) as client:
        coverage = _Coverage()
        found = client.dataset(dataset).documents(source, filter=wanted, coverage=coverage.take)
        _show(itertools.islice(found, limit), as_json)
        coverage.tell()


def search(
    dataset: options.Dataset,
    phrase: Annotated[str, typer.Argument(metavar="TEXT", help="Words next to each other.", show_default=False)],
    wanted: FilterText = "",
    source: Source = None,
    limit: Limit = 100,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines instead of a table.")] = False,
) -> None:
    """List documents whose text has these words, whatever their case."""
    chosen = F.text(phrase) & Filter(wanted) if wanted else F.text(phrase)
    with connect(server) as client:
        coverage = _Coverage()
        found = client.dataset(dataset).documents(source, filter=chosen, coverage=coverage.take)
        _show(itertools.islice(found, limit), as_json)
        coverage.tell()


def show(
    dataset: options.Dataset,
    document: Annotated[str, typer.Argument(metavar="ID", help="Id of the document.", show_default=False)],
    source: Source = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show a document."""
    with connect(server) as client:
        found = client.dataset(dataset).document(document, source)
    if as_json:
        print_json(found)
        return
    print_fields(
        [
            ("id", found.id),
            ("source", found.source),
            ("text", found.text),
            ("timestamp", moment(found.timestamp)),
            *((f"metadata.{name}", str(value)) for name, value in sorted(found.metadata.items())),
            ("stored", moment(found.create_time)),
            ("changed", moment(found.update_time)),
        ]
    )


def delete(
    dataset: options.Dataset,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of documents.", show_default=False)] = None,
    wanted: FilterText = "",
    source: Source = None,
    annotated: Annotated[
        pinfold.AnnotatedDocuments,
        typer.Option("--annotated", help="With a filter: what is done with annotated documents."),
    ] = pinfold.AnnotatedDocuments.REFUSE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Delete documents by their ids, with their annotations, or those that match a filter."""
    if bool(ids) == bool(wanted):
        raise typer.BadParameter("name either ids or a --filter")
    if not yes:
        typer.confirm(f"Delete documents of {dataset}?", abort=True, err=True)
    with connect(server) as client:
        handle = client.dataset(dataset)
        if ids:
            done = pinfold.DeletedDocuments(handle.delete_documents(ids, source), 0)
        else:
            done = handle.delete_matching(wanted, source, annotated=annotated, progress=_tell)
    if as_json:
        print_json(done)
    else:
        kept = f"; {done.kept:,} annotated ones were kept" if done.kept else ""
        note(f"{done.deleted:,} documents deleted{kept}.")
        _Coverage(done.coverage).tell()


@dataclass(slots=True)
class _Coverage:
    """What a filter on predictions could see, as the last page told it."""

    told: pinfold.PredictionCoverage | None = None

    def take(self, told: pinfold.PredictionCoverage) -> None:
        self.told = told

    def tell(self) -> None:
        if self.told is not None and self.told.unscored:
            left = f"{self.told.unscored:,} documents are not scored by version {self.told.version}"
            note(f"{left}: they were left out, whatever the model will say of them.")


def _tell(done: pinfold.DeletedDocuments) -> None:
    if done.deleted >= 10_000:
        note(f"{done.deleted:,} documents deleted so far")


def _show(found: Iterable[pinfold.Document], as_json: bool) -> None:
    if as_json:
        for document in found:
            print_json_line(document)
        return
    print_table(
        ["id", "source", "timestamp", "text"],
        ([one.id, one.source, moment(one.timestamp), short(one.text)] for one in found),
        empty="No document matches.",
    )
