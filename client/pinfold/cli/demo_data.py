"""The texts of the demo: the user's file, or the documentation of installed packages; some are kept back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pinfold._files.bad_lines import InputError
from pinfold._files.columns import ColumnChoice
from pinfold._files.records import read_records
from pinfold._files.rows import PATH_SEPARATOR, LabelCells, Row, read_table
from pinfold.cli.corpus import PARTS, read_corpus

# One text in so many is kept back from the upload and predicted as a new one.
_KEPT_BACK = 12
_MAX_NEW = 400
_MIN_CORPUS = 1_000


@dataclass(frozen=True, slots=True)
class NewText:
    """A text that the server never saw, and every label that it has, parents included."""

    text: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class DemoData:
    """What the demo works on: where it comes from, the rows to upload, the texts kept back."""

    origin: str
    dataset_id: str
    rows: list[Row]
    new: list[NewText]


def documentation() -> DemoData:
    """Paragraphs of the docstrings of installed packages. Raises InputError where these are too few."""
    rows: list[Row] = [{"id": text.id, "text": text.text, "labels": [text.label]} for text in read_corpus()]
    if len(rows) < _MIN_CORPUS:
        raise InputError(
            "the packages of the server are not installed here: pip install 'pinfold[server]', or --data FILE"
        )
    packages = ", ".join(name for name in PARTS if name != "python")
    return _divided(f"paragraphs from the documentation of Python, {packages}", "docs", rows)


def user_file(path: str, choice: ColumnChoice, cells: LabelCells, dataset_id: str | None) -> DemoData:
    """The rows of a CSV or JSON Lines file. Raises InputError."""
    table = read_table(read_records(path), choice, cells)
    origin = f"rows of {path} ({table.columns.describe()})"
    return _divided(origin, dataset_id or dataset_id_of(path), list(table.rows))


def dataset_id_of(path: str) -> str:
    """An id from the name of a file, with its folder's where the name says little: `banking77-train`."""
    file = Path(path).resolve()
    name = f"{file.parent.name}-{file.stem}" if file.stem in ("train", "data", "all") else file.stem
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63] or "demo"


def with_parents(labels: Iterable[str]) -> frozenset[str]:
    """The labels and every level above them."""
    paths = (label.split(PATH_SEPARATOR) for label in labels)
    return frozenset(PATH_SEPARATOR.join(path[:depth]) for path in paths for depth in range(1, len(path) + 1))


def _divided(origin: str, dataset_id: str, rows: Sequence[Row]) -> DemoData:
    new: dict[str, NewText] = {}
    kept: list[Row] = []
    for row in rows:
        text, labels = str(row["text"]), cast("list[str]", row.get("labels", []))
        # By the text itself: one that is there twice must not be on both sides.
        if labels and _digest(text)[0] % _KEPT_BACK == 0 and (text in new or len(new) < _MAX_NEW):
            new[text] = NewText(text, with_parents(labels))
        else:
            kept.append(row)
    if not new:
        raise InputError(f"{origin}: too few rows have labels to keep some back; name the column: --label-column")
    # Mixed, because files are often sorted by label.
    return DemoData(origin, dataset_id, kept, sorted(new.values(), key=lambda text: _digest(text.text)[1:]))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
