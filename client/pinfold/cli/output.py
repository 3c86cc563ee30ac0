"""What commands print: answers on standard output, everything else on standard error."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pinfold import LabelScore

# Without a terminal nothing may be cut off: the output is read by programs or kept in files.
_WIDTH_WITHOUT_TERMINAL = 10_000


def answers() -> Console:
    """The console of standard output, as it is now (tests and pipes replace it)."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_WITHOUT_TERMINAL, highlight=False)


def notes() -> Console:
    """The console of standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def note(text: str) -> None:
    """Tells the user something that is not the answer."""
    notes().print(escape(text))


def fail(lines: Sequence[str]) -> None:
    """An error in one or two lines, without a traceback."""
    console = notes()
    console.print(f"[bold red]error:[/] {escape(lines[0])}")
    for line in lines[1:]:
        console.print(f"  {escape(line)}")


def print_json(value: object) -> None:
    """One JSON document, indented."""
    sys.stdout.write(json.dumps(as_json(value), indent=2, ensure_ascii=False) + "\n")


def print_json_line(value: object) -> None:
    """One line of JSON Lines."""
    sys.stdout.write(json.dumps(as_json(value), ensure_ascii=False) + "\n")


def as_json(value: object) -> object:
    """Frozen dataclasses, named tuples and times as plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, LabelScore):
        return value._asdict()
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str = "nothing") -> None:
    """A table; a column named `>…` is aligned to the right. `empty` is noted when there is no row."""
    table = make_table(columns)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    if table.row_count:
        answers().print(table)
    else:
        note(empty)


def make_table(columns: Sequence[str]) -> Table:
    """An empty table in the house style."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        right = name.startswith(">")
        table.add_column(name.removeprefix(">"), justify="right" if right else "left", overflow="fold")
    return table


def print_fields(pairs: Iterable[tuple[str, str]]) -> None:
    """One thing: its fields under each other, empty ones left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            table.add_row(name, escape(value))
    answers().print(table)


def number(value: float | None, digits: int = 3) -> str:
    """A figure with fixed digits, a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}"


def moment(value: datetime | None) -> str:
    """A time in UTC to the second."""
    return "–" if value is None else f"{value:%Y-%m-%d %H:%M:%S}"


def short(text: str, width: int = 72) -> str:
    """The text in one line, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
