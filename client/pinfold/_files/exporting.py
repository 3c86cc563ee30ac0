"""Documents and what is said of them as rows of a file: CSV, TSV, JSON Lines or Parquet."""

import csv
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from os import PathLike
from pathlib import Path
from typing import Any, TextIO

from pinfold._files import parquet
from pinfold._files.bad_lines import InputError
from pinfold._files.columns import SENTIMENT_COLUMN
from pinfold._types import Annotation, Document

Row = dict[str, Any]
Write = Callable[[Row], object]

COLUMNS = ("id", "source", "text", "labels", "assigned", "dismissed", "split", "timestamp", "metadata")


def columns(*, sentiments: bool) -> tuple[str, ...]:
    """Columns of a file; with sentiments, those of `labels` and `assigned` are parallel to them."""
    return (*COLUMNS, SENTIMENT_COLUMN) if sentiments else COLUMNS


class FileKind(StrEnum):
    """Formats of files."""

    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"


def row_of(document: Document, annotation: Annotation | None, split: str | None) -> Row:
    """`labels` are those of a complete annotation, so that what is imported again says the same; None where there is
    none. What an incomplete one assigns is in `assigned`. `split` is None where nobody chose one.
    """
    said = annotation is not None
    reviewed = annotation is not None and annotation.reviewed
    return {
        "id": document.id,
        "source": document.source,
        "text": document.text,
        "labels": list(annotation.assigned) if annotation is not None and reviewed else None,
        "assigned": list(annotation.assigned) if annotation is not None and not reviewed else None,
        "dismissed": list(annotation.dismissed) if annotation is not None and said else None,
        "split": split,
        "timestamp": document.timestamp,
        "metadata": dict(document.metadata),
        SENTIMENT_COLUMN: _sentiments(annotation),
    }


def _sentiments(annotation: Annotation | None) -> list[str] | None:
    if annotation is None or not annotation.sentiments:
        return None
    return [annotation.sentiments[label].value for label in annotation.assigned]


def kind_of(path: str | PathLike[str], chosen: str | None) -> FileKind:
    """As chosen, else by the ending. Raises ValueError."""
    ending = {"ndjson": "jsonl", "json": "jsonl", "pq": "parquet"}
    told = chosen or Path(path).suffix.lstrip(".").lower()
    try:
        return FileKind(ending.get(told, told))
    except ValueError:
        known = ", ".join(FileKind)
        raise ValueError(f"format must be one of {known}, or the file have such an ending; got {told!r}") from None


@contextmanager
def writing(path: Path, kind: FileKind, names: Sequence[str] = COLUMNS) -> Iterator[Write]:
    """A function that writes a row. The file appears at `path` whole, or not at all."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with _parquet(partial, names) if kind is FileKind.PARQUET else _text(partial, kind, names) as write:
            yield write
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def text_writer(stream: TextIO, kind: FileKind, names: Sequence[str] = COLUMNS) -> Write:
    """Of every kind but Parquet."""
    if kind is FileKind.JSONL:
        return lambda row: stream.write(json.dumps(_told(row), ensure_ascii=False, default=_time) + "\n")
    if kind is FileKind.PARQUET:
        raise InputError("Parquet cannot be written to a stream; name a file")
    table = csv.writer(stream, delimiter="\t" if kind is FileKind.TSV else ",", lineterminator="\n")
    table.writerow(names)
    return lambda row: table.writerow([_cell(row[name]) for name in names])


@contextmanager
def _text(path: Path, kind: FileKind, names: Sequence[str]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as stream:
        yield text_writer(stream, kind, names)


@contextmanager
def _parquet(path: Path, names: Sequence[str]) -> Iterator[Write]:
    arrow = parquet.pyarrow()
    texts = arrow.list_(arrow.string())
    kinds = dict.fromkeys(("labels", "assigned", "dismissed", SENTIMENT_COLUMN), texts)
    kinds["timestamp"] = arrow.timestamp("us", tz="UTC")
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in names])
    rows: list[Row] = []
    with arrow.parquet.ParquetWriter(path, schema) as writer:

        def flush() -> None:
            if rows:
                writer.write_batch(arrow.RecordBatch.from_pylist(rows, schema))
                rows.clear()

        def write(row: Row) -> None:
            rows.append({**{name: row[name] for name in names}, "metadata": _cell(row["metadata"])})
            if len(rows) == parquet.ROWS_A_BATCH:
                flush()

        yield write
        flush()


def _told(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None and value != {}}


def _cell(value: Any) -> str:
    """Lists and objects as JSON, which an import reads as what they are."""
    if value is None or value == {}:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else _time(value)


def _time(value: Any) -> str:
    return str(value.isoformat())
