"""The command that writes the report people look at."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pinfold.cli import options
from pinfold.cli.output import note, print_json
from pinfold.cli.session import connect

Compare = Annotated[
    str | None,
    typer.Option(
        "--compare", metavar="VERSION", help="Say also whether it is better than this one.", show_default=False
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        dir_okay=False,
        writable=True,
        help="Where to. Default: DATASET-VERSION.html.",
        show_default=False,
    ),
]


def report(
    dataset: options.Dataset,
    version: options.Version = "latest",
    compare: Compare = None,
    output: Output = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Write one HTML file that shows how good a version is, in charts and tables; needs `pinfold[report]`."""
    base = None if compare is None else options.version_of(compare)
    with connect(server) as client:
        found = client.dataset(dataset).version(options.version_of(version))
        path = output or Path(f"{dataset}-{found.number}.html")
        try:
            found.report(path, compare=base)
        except OSError as error:
            raise typer.BadParameter(f"{path}: {error.strerror}", param_hint="--output") from None
    if as_json:
        print_json({"path": str(path), "version": found.number})
    else:
        note(f"The report of version {found.number} is in {path}.")
