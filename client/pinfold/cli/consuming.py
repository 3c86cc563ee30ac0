"""Commands that consume streams, move them, and tell what could not be dealt with."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import pinfold
from pinfold.cli import options, stream_options
from pinfold.cli.output import answers, moment, note, number, print_json, print_json_line, print_table, short
from pinfold.cli.session import ERROR_EXIT, connect


def fetch(
    dataset: options.Dataset,
    stream: stream_options.Name,
    size: stream_options.Size = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show the next documents of a stream; nothing moves."""
    with connect(server) as client:
        handle = client.dataset(dataset).stream(stream)
        batch = handle.fetch(size)
    if as_json:
        print_json(batch)
        return
    for item in batch.items:
        _tell(item)
    left_out = f", {batch.filtered:,} left out by the filter" if batch.filtered else ""
    more = "there is more" if batch.more else "that is all for now"
    note(f"{len(batch.items):,} documents{left_out}; {more}.")
    if batch.sequence_id != handle.info.sequence_id:
        note(f"When they are done: pinfold stream advance {dataset} {stream} {batch.sequence_id}")


def advance(
    dataset: options.Dataset,
    stream: stream_options.Name,
    sequence_id: Annotated[
        str, typer.Argument(metavar="SEQUENCE_ID", help="Of an item or a batch.", show_default=False)
    ],
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Say that everything up to an item or a batch is done."""
    with connect(server) as client:
        moved = client.dataset(dataset).stream(stream).advance(sequence_id)
    if as_json:
        print_json({"moved": moved})
    else:
        note(f"Stream {stream} is advanced." if moved else f"Stream {stream} was there, or further, already.")


def reset(
    dataset: options.Dataset,
    stream: stream_options.Name,
    to_time: Annotated[
        str, typer.Argument(metavar="TIME", help="Such as 2026-01-31 or 2026-01-31T08:00:00Z.", show_default=False)
    ],
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Move a stream, backwards or forwards, to what was uploaded at a time or later."""
    moment_wanted = stream_options.time_of(to_time)
    with connect(server) as client:
        info = client.dataset(dataset).stream(stream).reset(moment_wanted).info
    if as_json:
        print_json(info)
    else:
        note(f"Stream {stream} goes on with what was uploaded at {moment(moment_wanted)} or later.")


def consume(
    dataset: options.Dataset,
    stream: stream_options.Name,
    size: stream_options.Size = None,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=0.1, help="End after so many seconds. Default: at Ctrl-C.", show_default=False),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one document each.")] = False,
) -> None:
    """Print documents as they are uploaded, and advance over them once they are printed."""
    with connect(server) as client:
        handle = client.dataset(dataset).stream(stream)
        try:
            for batch in handle.consume(size, timeout=seconds):
                with handle.processing(batch):
                    for item in batch.items:
                        if as_json:
                            print_json_line(item)
                        else:
                            _tell(item)
                    sys.stdout.flush()
        except pinfold.DeadlineExceeded:
            if seconds is None:
                raise
        except KeyboardInterrupt:
            note(f"Stream {stream} goes on here next time.")


def exceptions(
    dataset: options.Dataset,
    stream: stream_options.Name,
    put: Annotated[
        list[str] | None,
        typer.Option("--put", metavar="ID", help="This document could not be dealt with.", show_default=False),
    ] = None,
    kind: Annotated[str, typer.Option("--type", metavar="TYPE", help="What is wrong, for --put.")] = "failed",
    delete: Annotated[
        list[str] | None,
        typer.Option("--delete", metavar="ID", help="It is dealt with.", show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="ID", help="Source of these documents. Default: the dataset's own id."),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """List the documents that consumers could not deal with, after --put and --delete."""
    with connect(server) as client:
        handle = client.dataset(dataset).stream(stream)
        told = [pinfold.StreamException(document, source or dataset, kind) for document in put or ()]
        failures = handle.put_exceptions(told).failures if told else ()
        if delete:
            handle.delete_exceptions(delete, source or dataset)
        found = list(handle.exceptions())
    for failure in failures:
        note(f"{failure.message} [{failure.reason}]")
    if as_json:
        print_json(found)
    else:
        print_table(
            ["document", "source", "type", "told"],
            ([each.document_id, each.source, each.type, moment(each.update_time)] for each in found),
            empty="No exceptions.",
        )
    if failures:
        raise typer.Exit(ERROR_EXIT)


def _tell(item: pinfold.StreamItem) -> None:
    console = answers()
    console.print(f"{item.document.id}  {short(item.document.text)}", style="bold", markup=False)
    if item.prediction.error is not None:
        console.print(f"  error: {item.prediction.error.message}", style="red", markup=False)
    for label, probability in item.prediction.labels:
        console.print(f"  {number(probability)}  {label}", markup=False)
