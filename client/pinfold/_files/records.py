"""Reads CSV, TSV, JSON Lines and Parquet as a stream of records that know their line. Errors name file and line."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pinfold._files import encodings, parquet
from pinfold._files.bad_lines import BadLines, InputError
from pinfold._files.record import Record

STDIN = "-"
_DELIMITERS = ",;\t|"
# One stored text may have 1 MiB; the standard library stops at 128 KiB unless told otherwise.
_MAX_CELL = 4 << 20
# How much of a file is looked at to find its encoding.
_SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How to read a file; None means find out."""

    encoding: str | None = None
    delimiter: str | None = None


def read_records(path: str, file_format: FileFormat | None = None, bad: BadLines | None = None) -> Iterator[Record]:
    """The rows of a file: CSV with a header, TSV, JSON Lines or Parquet; `-` is standard input, which is no Parquet.

    The format is told by the file's ending, else by its first character: `{` begins JSON Lines. Raises InputError,
    also while iterating; for lines that cannot be read, `bad` decides.
    """
    file_format, bad = file_format or FileFormat(), bad or BadLines()
    if path.endswith(parquet.ENDINGS):
        yield from parquet.read(path)
        return
    with open_text(path, file_format.encoding) as stream:
        name = "standard input" if path == STDIN else path
        bad.encoding = stream.encoding
        try:
            yield from _records(stream, name, file_format, bad)
        except UnicodeDecodeError as error:
            hint = "name it with --encoding (for example cp1252)"
            raise InputError(f"{name} is not {error.encoding} text (byte {error.start}): {hint}") from error


@contextlib.contextmanager
def open_text(path: str, encoding: str | None = None) -> Iterator[TextIO]:
    """A file or standard input as text, a byte order mark obeyed and removed; the encoding is found unless told."""
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise InputError(f"there is no encoding {encoding!r}") from error
    try:
        raw = sys.stdin.buffer if path == STDIN else Path(path).open("rb", _SAMPLE_BYTES)  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    sample = raw.peek(_SAMPLE_BYTES) if isinstance(raw, io.BufferedReader) else b""
    with io.TextIOWrapper(raw, encoding=encoding or encodings.guess(sample), newline="") as stream:
        yield stream


def _records(stream: TextIO, name: str, file_format: FileFormat, bad: BadLines) -> Iterator[Record]:
    first = stream.readline()
    if not first:
        raise InputError(f"{name} is empty")
    if first.lstrip().startswith("["):
        raise InputError(f"{name} holds one JSON array; write one object a line (jq -c '.[]' {name})")
    if first.lstrip().startswith("{") and not name.endswith((".csv", ".tsv")):
        yield from _json_records(first, stream, name, bad)
    elif name.endswith((".jsonl", ".ndjson", ".json")):
        raise InputError(f"{name}, line 1: expected a JSON object")
    else:
        delimiter = file_format.delimiter or ("\t" if name.endswith(".tsv") else _delimiter_of(first))
        yield from _csv_records(first, stream, name, delimiter, bad)


def _json_records(first: str, stream: TextIO, name: str, bad: BadLines) -> Iterator[Record]:
    for number, line in enumerate(_chain(first, stream), start=1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            value = json.loads(line)
        except ValueError as error:
            bad.add(InputError(f"{place}: not JSON ({error})"))
            continue
        if isinstance(value, dict):
            yield Record(place, value)
        else:
            bad.add(InputError(f"{place}: expected a JSON object"))


def _csv_records(first: str, stream: TextIO, name: str, delimiter: str, bad: BadLines) -> Iterator[Record]:
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(_chain(first, stream), delimiter=delimiter, strict=True)
    try:
        header = next(reader)
    except csv.Error as error:
        raise InputError(f"{name}, line 1: {error}") from error
    if len(set(header)) != len(header):
        raise InputError(f"{name}, line 1: two columns have the same name")
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.add(InputError(f"{name}, line {reader.line_num}: {error}"))
            continue
        if not any(cells):
            continue
        place = f"{name}, line {reader.line_num}"
        if len(cells) > len(header):
            bad.add(InputError(f"{place}: {len(cells)} cells, but the header names {len(header)}"))
            continue
        yield Record(place, dict(zip(header, cells, strict=False)))


def _delimiter_of(header: str) -> str:
    """The delimiter that occurs most often in the header, the comma when none does."""
    return max(_DELIMITERS, key=lambda mark: (header.count(mark), -_DELIMITERS.index(mark)))


def _chain(first: str, rest: TextIO) -> Iterator[str]:
    yield first
    yield from rest
