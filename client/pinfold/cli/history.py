"""Commands about what people said of documents."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import moment, print_json, print_table
from pinfold.cli.session import connect


def history(
    dataset: options.Dataset,
    document: Annotated[
        str,
        typer.Argument(metavar="DOCUMENT", help="Id of the document.", show_default=False, callback=options.name),
    ],
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="ID", help="Its source. Default: the dataset's only one.", show_default=False),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many changes, the newest.")] = 100,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show who said what of a document, newest first."""
    with connect(server) as client:
        events = list(islice(client.dataset(dataset).annotation_history(document, source), limit))
    if as_json:
        print_json(events)
        return
    print_table(
        [">revision", "time", "who", "why", "found by", "change", "reviewed"],
        (
            [
                str(event.revision),
                moment(event.time),
                event.annotator or "–",
                event.cause or "–",
                event.retrieval_mode or "–",
                _change(event),
                "yes" if event.reviewed else "no",
            ]
            for event in events
        ),
        empty="Nobody has said anything of it.",
    )


def _change(event: pinfold.AnnotationEvent) -> str:
    """`+` assigned, `-` taken back, `!` dismissed, `?` no longer dismissed."""
    marked = (
        ("+", event.newly_assigned),
        ("-", event.no_longer_assigned),
        ("!", event.newly_dismissed),
        ("?", event.no_longer_dismissed),
    )
    return ", ".join(f"{mark}{label}" for mark, labels in marked for label in labels) or "–"
