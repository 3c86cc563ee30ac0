"""The command that writes documents and their labels to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pinfold._files.bad_lines import InputError
from pinfold._files.exporting import FileKind
from pinfold.cli import options
from pinfold.cli.output import note, print_json
from pinfold.cli.progress import upload_bar
from pinfold.cli.session import connect


def export(
    dataset: options.Dataset,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write; its ending tells the format.")],
    file_format: Annotated[
        FileKind | None, typer.Option("--format", help="Default: by the ending of the file.", show_default=False)
    ] = None,
    wanted: Annotated[
        str | None,
        typer.Option(
            "--filter",
            metavar="FILTER",
            help="Only documents that match, such as 'assigned:\"Billing\"'.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="ID", help="Only those of this source. Default: all.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Write documents with their labels to a CSV, TSV, JSON Lines or Parquet file, which `upload` reads back.

    For everything of a dataset, versions and history included, see `pinfold archive save`.
    """
    with connect(server) as client:
        if file.exists() and not force:
            raise InputError(f"{file} exists already; --force replaces it")
        with upload_bar("export", shown=not as_json) as progress:
            try:
                rows = client.dataset(dataset).export_file(
                    file, format=file_format, filter=wanted, source=source, progress=progress
                )
            except (OSError, ValueError) as error:
                raise InputError(f"{file}: {getattr(error, 'strerror', None) or error}") from error
    if as_json:
        print_json({"path": str(file), "rows": rows})
    else:
        note(f"{file}: {rows:,} documents")
