"""Records of a file → rows for `Dataset.upload`. Pure but for the records that it draws."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pinfold._files.bad_lines import BadLines, InputError
from pinfold._files.columns import ColumnChoice, ColumnError, Columns, choose_columns
from pinfold._files.record import Record
from pinfold._rows import RowError, split_number

PATH_SEPARATOR = " > "
METADATA = "metadata"
# Columns of JSON Lines are the keys of so many first objects: the first alone may leave some out.
_PEEK = 200
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
_MILLISECONDS_FROM = 1e11
_SENTIMENTS = '{"Delivery": "-"}'

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class LabelCells:
    """How label cells are written: what parts several labels of one cell, and the parts of a path."""

    separator: str = "|"
    path_separator: str = PATH_SEPARATOR


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file and the columns that they were read from."""

    columns: Columns
    rows: Iterator[Row]


def read_table(
    records: Iterable[Record], choice: ColumnChoice, cells: LabelCells, bad: BadLines | None = None
) -> Table:
    """Chooses the columns by looking at the first records; the rows stream behind.

    Raises InputError for a file without rows or a column that does not exist. For a text or time that cannot be read,
    `bad` decides when its row comes.
    """
    stream = iter(records)
    head = list(itertools.islice(stream, _PEEK))
    if not head:
        raise InputError("the file has a header but no rows")
    names = list(dict.fromkeys(name for record in head for name in record.values))
    try:
        columns = choose_columns(names, choice)
    except ColumnError as error:
        raise InputError(str(error)) from error
    return Table(columns, _apart(_rows(itertools.chain(head, stream), columns, cells, bad or BadLines())))


def _rows(records: Iterable[Record], columns: Columns, cells: LabelCells, bad: BadLines) -> Iterator[Row]:
    for record in records:
        try:
            yield to_row(record, columns, cells)
        except InputError as error:
            bad.add(error)


def to_row(record: Record, columns: Columns, cells: LabelCells) -> Row:
    """One row for `Dataset.upload`, without `labels` where the record tells none: it stays unannotated."""
    row: Row = {"text": _text(record, columns.text)}
    if columns.id is not None and (identifier := record.values.get(columns.id)) not in (None, ""):
        row["id"] = str(identifier)
    told = [value for name in columns.labels if (value := record.values.get(name)) not in (None, "")]
    if told:
        row["labels"] = _said(told, record, columns, cells)
    if (split := _split(record, columns)) is not None:
        row["split"] = split
    if columns.timestamp is not None and (moment := record.values.get(columns.timestamp)) not in (None, ""):
        row["timestamp"] = parse_time(moment, record.place)
    properties = {**_own_metadata(record), **{name: record.values.get(name) for name in columns.metadata}}
    metadata = {name: known for name, value in properties.items() if (known := _property(value)) is not None}
    if metadata:
        row["metadata"] = metadata
    return row


def _apart(rows: Iterator[Row]) -> Iterator[Row]:
    """Gives repeated texts without an id ids of their own, the same ones in every upload of the file.

    The client makes the id of a row without one from its text, so that the second would be refused.
    """
    seen: Counter[bytes] = Counter()
    for row in rows:
        if "id" not in row:
            digest = hashlib.sha256(str(row["text"]).encode("utf-8", "replace")).digest()[:16]
            seen[digest] += 1
            if seen[digest] > 1:
                row["id"] = f"sha256-{digest.hex()}-{seen[digest]}"
        yield row


def _text(record: Record, column: str) -> str:
    value = record.values.get(column)
    if not isinstance(value, str):
        raise InputError(f"{record.place}: {column!r} holds {_kind(value)}, not a text")
    return value


def _said(told: list[object], record: Record, columns: Columns, cells: LabelCells) -> list[str] | dict[str, str]:
    """The labels of a row; with their sentiments where the record has them."""
    told = [_opened(value) for value in told]
    if any(isinstance(value, Mapping) for value in told):
        if not all(isinstance(value, Mapping) for value in told):
            raise InputError(f"{record.place}: either all labels have a sentiment, or none")
        pairs = [pair for value in told if isinstance(value, Mapping) for pair in value.items()]
        if not pairs or not all(isinstance(part, str) for pair in pairs for part in pair):
            raise InputError(f"{record.place}: labels must be texts, or an object of sentiments such as {_SENTIMENTS}")
        return {_path(label, cells.path_separator): sentiment for label, sentiment in pairs}
    labels = [label for value in told for label in _labels(value, record, cells)]
    cell = None if columns.sentiments is None else record.values.get(columns.sentiments)
    if cell in (None, ""):
        return list(dict.fromkeys(labels))
    sentiments = _labels(_opened(cell), record, cells)
    if len(sentiments) == 1:
        sentiments *= len(labels)
    if len(sentiments) != len(labels):
        raise InputError(f"{record.place}: {len(sentiments)} sentiments for {len(labels)} labels")
    return dict(zip(labels, sentiments, strict=True))


def _opened(value: object) -> object:
    """What a cell holds: JSON where it looks like a list or an object."""
    if isinstance(value, str) and (value[:1], value[-1:]) in (("[", "]"), ("{", "}")):
        try:
            return json.loads(value)
        except ValueError:
            return [value]
    return value


def _split(record: Record, columns: Columns) -> str | None:
    """Its part of a training, in any case of letters; None where neither the record nor the import names one."""
    cell = None if columns.split is None else record.values.get(columns.split)
    if cell in (None, ""):
        return columns.split_of_others
    split = str(cell).strip().lower()
    try:
        split_number(split)
    except RowError as error:
        hint = f"; if {columns.split!r} is no split, name another column or none"
        raise InputError(f"{record.place}: {error.message}{hint}") from None
    return split


def _labels(value: object, record: Record, cells: LabelCells) -> list[str]:
    """The paths told by one cell: a list, or a text, perhaps with several parts."""
    if isinstance(value, list):
        if not all(isinstance(label, str) for label in value):
            raise InputError(f"{record.place}: labels must be texts")
        parts = [str(label) for label in value]
    elif isinstance(value, str):
        parts = value.split(cells.separator) if cells.separator else [value]
    elif isinstance(value, int):
        parts = [str(value)]
    else:
        raise InputError(f"{record.place}: labels must be a text or a list of texts, not {_kind(value)}")
    return [_path(part, cells.path_separator) for part in parts if part.strip()]


def _path(label: str, separator: str) -> str:
    if separator == PATH_SEPARATOR or not separator:
        return label.strip()
    return PATH_SEPARATOR.join(part.strip() for part in label.split(separator))


def parse_time(value: object, place: str) -> datetime:
    """ISO 8601, or seconds or milliseconds since 1970; without a zone it is UTC. Raises InputError."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS_FROM else value, UTC)
        moment = datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(f"{place}: {value!r} is not a time; write it as 2026-01-31T09:30:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _own_metadata(record: Record) -> Mapping[str, object]:
    """What a column `metadata` holds as one object, such as in files that Pinfold wrote."""
    value = record.values.get(METADATA)
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def _property(value: object) -> str | float | None:
    """A metadata value: numbers as numbers, everything else as text; None for what is not told."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _kind(value: object) -> str:
    return "nothing" if value is None else f"a {type(value).__name__}"
