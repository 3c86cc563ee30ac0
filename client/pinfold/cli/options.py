"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

DEFAULT_SERVER = "localhost:7463"


def name(text: str) -> str:
    """A name that can be sent: the shell lets an empty one and bytes that are not UTF-8 through."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("it is not UTF-8") from None
    if not encoded:
        raise typer.BadParameter("it is empty")
    return text


Server = Annotated[
    str,
    typer.Option("--server", envvar="PINFOLD_SERVER", metavar="HOST:PORT", help="Where the server listens."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Dataset = Annotated[
    str,
    typer.Argument(metavar="DATASET", help="Id of the dataset.", show_default=False, callback=name),
]
Version = Annotated[
    str,
    typer.Argument(metavar="VERSION", help="Number of a version, a tag, or `latest`.", show_default=False),
]
TagName = Annotated[
    str,
    typer.Argument(metavar="TAG", help="Name of the tag, such as `live`.", show_default=False, callback=name),
]
Actor = Annotated[str | None, typer.Option("--actor", help="Who does it, for the tag's history.", show_default=False)]
TextColumn = Annotated[
    str | None,
    typer.Option("--text-column", metavar="NAME", help="Column of the text. Default: guessed.", show_default=False),
]
LabelColumns = Annotated[
    list[str] | None,
    typer.Option(
        "--label-column",
        metavar="NAME",
        help="Column of the labels; may be given several times. Default: guessed.",
        show_default=False,
    ),
]
LabelSeparator = Annotated[
    str,
    typer.Option("--label-separator", metavar="TEXT", help="Parts several labels in one cell; '' for none."),
]
PathSeparator = Annotated[
    str,
    typer.Option("--path-separator", metavar="TEXT", help="Parts the levels of a label, as in 'Billing > Refund'."),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        help="Encoding of the file. Default: UTF-8, or as its byte order mark says.",
        show_default=False,
    ),
]
Delimiter = Annotated[
    str | None,
    typer.Option("--delimiter", metavar="CHAR", help="Delimiter of a CSV. Default: guessed.", show_default=False),
]


def version_of(text: str) -> int | str:
    """A version number or a tag, as the client takes it: a tag never begins with a digit."""
    if not text.isdecimal():
        return name(text)
    if not 1 <= int(text) < 2**31:
        raise typer.BadParameter(f"versions are numbered from 1, got {text}")
    return int(text)
