"""A file, or a table of any kind, as the rows of one upload, and what became of it as one report."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypedDict

from pinfold._files.bad_lines import BadLines, InputError
from pinfold._files.class_labels import name_class_labels, names_by_column
from pinfold._files.columns import ColumnChoice
from pinfold._files.record import Record
from pinfold._files.records import STDIN, FileFormat, read_records
from pinfold._files.resuming import Resume
from pinfold._files.rows import PATH_SEPARATOR, LabelCells, Row, Table, read_table
from pinfold._progress import upload_reporter
from pinfold._quality_enums import DEFAULT_SPLIT, SPLITS, Split
from pinfold._types import FileReport, ItemFailure, UploadProgress, UploadReport

UploadReporter = bool | Callable[[UploadProgress], object]


class ColumnOptions(TypedDict, total=False):
    """Which columns are what; those that are not named are guessed by their names.

    `metadata` stores the columns that are nothing else as properties. Labels are a list, or a text whose labels are
    parted by `label_separator` ("|"; "" for none) and their levels by `path_separator` (" > "). In a dataset with label
    sentiment, `sentiment_column` has one for each label (or one for all), or labels are objects: `{"Delivery": "-"}`.
    `split_column` has `train`, `validation`, `test`, `unassigned`, `default` (the hash decides again) or nothing, which
    leaves what was chosen; "" says that no column has it. `split` is the part of all rows that name none.
    """

    text_column: str | None
    label_columns: Iterable[str]
    id_column: str | None
    timestamp_column: str | None
    metadata: bool
    label_separator: str
    path_separator: str
    sentiment_column: str | None
    split_column: str | None
    split: Split | str | None


class FileOptions(ColumnOptions, total=False):
    """`encoding` and `delimiter` are found in the file unless told. A bad line ends the import unless
    `skip_bad_lines`.
    """

    encoding: str | None
    delimiter: str | None
    skip_bad_lines: bool


class FileImport:
    """One import: send `rows`, tell `report` how far it is, and give `finish` the report of the upload."""

    def __init__(
        self, table: Table, bad: BadLines, resume: Resume | None = None, progress: UploadReporter = False
    ) -> None:
        self.columns = table.columns
        self._bad = bad
        self._resume = resume
        self._start = 0 if resume is None else resume.start
        self._tell = upload_reporter(progress)
        # Rows that are stored already are read again, because ids of repeated texts depend on them.
        self.rows: Iterator[Row] = itertools.islice(table.rows, self._start, None)

    def report(self, state: UploadProgress) -> None:
        """How far the upload is, which counts from the first row that is sent."""
        if self._resume is not None and state.settled:
            self._resume.save(self._start + state.settled)
        self._tell(replace(state, done=self._start + state.done, settled=self._start + state.settled))

    def finish(self, upload: UploadReport) -> FileReport:
        if self._resume is not None:
            self._resume.done()
        failures = tuple(_shifted(failure, self._start) for failure in upload.failures)
        return FileReport(
            upload=replace(upload, failures=failures),
            columns=self.columns.describe(),
            bad_lines=self._bad.count,
            bad_line_messages=tuple(self._bad.messages),
            encoding=self._bad.encoding,
            resumed_at=self._start,
        )


def of_file(
    path: str | PathLike[str],
    target: str,
    resume: str | PathLike[str] | None,
    progress: UploadReporter,
    options: FileOptions,
) -> FileImport:
    """Raises InputError for a file that cannot be read, and TypeError for an unknown option."""
    _check_known(options, FileOptions)
    name = fspath(path)
    bad = BadLines(skip=options.get("skip_bad_lines", False))
    if resume is not None and name == STDIN:
        raise InputError("an import of standard input cannot be resumed")
    resuming = None if resume is None else Resume(Path(resume), Path(name), target)
    records = read_records(name, FileFormat(options.get("encoding"), options.get("delimiter")), bad)
    return FileImport(_table(records, options, bad), bad, resuming, progress)


def of_records(records: Iterable[Mapping[str, Any]], progress: UploadReporter, options: ColumnOptions) -> FileImport:
    """Of mappings, such as a split of Hugging Face `datasets`. Raises InputError for a record that cannot be read."""
    _check_known(options, ColumnOptions)
    classes = names_by_column(getattr(records, "features", None))
    read = (Record(f"record {number}", name_class_labels(values, classes)) for number, values in enumerate(records, 1))
    bad = BadLines()
    return FileImport(_table(read, options, bad), bad, None, progress)


def _table(records: Iterable[Record], options: ColumnOptions, bad: BadLines) -> Table:
    labels = options.get("label_columns", ())
    choice = ColumnChoice(
        text=options.get("text_column"),
        labels=(labels,) if isinstance(labels, str) else tuple(labels),
        id=options.get("id_column"),
        timestamp=options.get("timestamp_column"),
        keep_others=options.get("metadata", False),
        sentiments=options.get("sentiment_column"),
        split=options.get("split_column"),
        split_of_others=_split(options),
    )
    cells = LabelCells(options.get("label_separator", "|"), options.get("path_separator", PATH_SEPARATOR))
    return read_table(records, choice, cells, bad)


def _split(options: ColumnOptions) -> str | None:
    """That of all rows. Raises ValueError."""
    split = options.get("split")
    if split is None or split == DEFAULT_SPLIT:
        return split
    SPLITS.number(split, "split")
    return str(split)


def _check_known(options: Mapping[str, object], known: type) -> None:
    for name in options:
        if name not in known.__annotations__:
            raise TypeError(f"unknown option {name!r}; known are {', '.join(sorted(known.__annotations__))}")


def _shifted(failure: ItemFailure, start: int) -> ItemFailure:
    """Counted from the first row of the file."""
    field = failure.field.replace(f"rows[{failure.index}]", f"rows[{failure.index + start}]", 1)
    return replace(failure, index=failure.index + start, field=field)
