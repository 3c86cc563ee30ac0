"""Reads CSV and JSON Lines as a stream of records that know their line. Errors name the file and the line."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

STDIN = "-"
_DELIMITERS = ",;\t|"
# One stored text may have 1 MiB; the standard library stops at 128 KiB unless told otherwise.
_MAX_CELL = 4 << 20


class InputError(Exception):
    """The user's file cannot be read as told; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file: its place for error messages, and its values by column."""

    place: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How to read a file; None means find out."""

    encoding: str | None = None
    delimiter: str | None = None


def read_records(path: str, file_format: FileFormat | None = None) -> Iterator[Record]:
    """The rows of a CSV (with a header) or JSON Lines file, or of standard input for `-`.

    The format is told by the file's ending, else by its first character: `{` begins JSON Lines.
    Raises InputError, also while iterating.
    """
    file_format = file_format or FileFormat()
    with open_text(path, file_format.encoding) as stream:
        name = "standard input" if path == STDIN else path
        try:
            yield from _records(stream, name, file_format)
        except UnicodeDecodeError as error:
            hint = "name it with --encoding (for example cp1252)"
            raise InputError(f"{name} is not {error.encoding} text (byte {error.start}): {hint}") from error


@contextlib.contextmanager
def open_text(path: str, encoding: str | None = None) -> Iterator[TextIO]:
    """A file or standard input as text, a byte order mark obeyed and removed; UTF-8 unless told otherwise."""
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError as error:
        raise InputError(f"there is no encoding {encoding!r}") from error
    try:
        raw = sys.stdin.buffer if path == STDIN else Path(path).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    head = raw.peek(2)[:2] if isinstance(raw, io.BufferedReader) else b""
    with io.TextIOWrapper(raw, encoding=encoding or _encoding_of(head), newline="") as stream:
        yield stream


def _encoding_of(head: bytes) -> str:
    return "utf-16" if head in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _records(stream: TextIO, name: str, file_format: FileFormat) -> Iterator[Record]:
    first = stream.readline()
    if not first:
        raise InputError(f"{name} is empty")
    if first.lstrip().startswith("["):
        raise InputError(f"{name} holds one JSON array; write one object a line (jq -c '.[]' {name})")
    if first.lstrip().startswith("{") and not name.endswith((".csv", ".tsv")):
        yield from _json_records(first, stream, name)
    elif name.endswith((".jsonl", ".ndjson", ".json")):
        raise InputError(f"{name}, line 1: expected a JSON object")
    else:
        yield from _csv_records(first, stream, name, file_format.delimiter)


def _json_records(first: str, stream: TextIO, name: str) -> Iterator[Record]:
    for number, line in enumerate(_chain(first, stream), start=1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            value = json.loads(line)
        except ValueError as error:
            raise InputError(f"{place}: not JSON ({error})") from error
        if not isinstance(value, dict):
            raise InputError(f"{place}: expected a JSON object")
        yield Record(place, value)


def _csv_records(first: str, stream: TextIO, name: str, delimiter: str | None) -> Iterator[Record]:
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(_chain(first, stream), delimiter=delimiter or _delimiter_of(first), strict=True)
    try:
        header = next(reader)
        if len(set(header)) != len(header):
            raise InputError(f"{name}, line 1: two columns have the same name")
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) > len(header):
                raise InputError(
                    f"{name}, line {reader.line_num}: {len(cells)} cells, but the header names {len(header)}"
                )
            yield Record(f"{name}, line {reader.line_num}", dict(zip(header, cells, strict=False)))
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: {error}") from error


def _delimiter_of(header: str) -> str:
    """The delimiter that occurs most often in the header, the comma when none does."""
    return max(_DELIMITERS, key=lambda mark: (header.count(mark), -_DELIMITERS.index(mark)))


def _chain(first: str, rest: TextIO) -> Iterator[str]:
    yield first
    yield from rest
