"""The command that stores the rows of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import pinfold
from pinfold._files.rows import PATH_SEPARATOR
from pinfold.cli import options
from pinfold.cli.output import fail, note, print_json
from pinfold.cli.progress import upload_bar
from pinfold.cli.session import ERROR_EXIT, connect
from pinfold.cli.splits import Part

_FAILURES_SHOWN = 10


def upload(
    dataset: options.Dataset,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="CSV or TSV with a header, JSON Lines or Parquet; `-` is standard input."),
    ],
    text_column: options.TextColumn = None,
    label_columns: options.LabelColumns = None,
    sentiment_column: Annotated[
        str | None,
        typer.Option(
            "--sentiment-column",
            metavar="NAME",
            help="With label sentiment: column with + or - for each label, or one for all of the row.",
            show_default=False,
        ),
    ] = None,
    id_column: Annotated[
        str | None,
        typer.Option(
            "--id-column",
            metavar="NAME",
            help="Column of the id. Default: guessed, else a hash of the text.",
            show_default=False,
        ),
    ] = None,
    time_column: Annotated[
        str | None,
        typer.Option(
            "--timestamp-column",
            metavar="NAME",
            help="Column of the time (ISO 8601 or seconds). Default: guessed.",
            show_default=False,
        ),
    ] = None,
    split_column: Annotated[
        str | None,
        typer.Option(
            "--split-column",
            metavar="NAME",
            help="Column of the split: train, validation, test, unassigned, default or nothing."
            " Default: `split` where there is one; '' for none.",
            show_default=False,
        ),
    ] = None,
    split: Annotated[
        Part | None, typer.Option("--split", help="Split of all rows that name none.", show_default=False)
    ] = None,
    metadata: Annotated[bool, typer.Option("--metadata", help="Store the other columns as metadata.")] = False,
    label_separator: options.LabelSeparator = "|",
    path_separator: options.PathSeparator = PATH_SEPARATOR,
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="ID",
            help="Source to store in. Default: the dataset's only one.",
            show_default=False,
        ),
    ] = None,
    annotator: Annotated[str | None, typer.Option("--annotator", help="Who annotated.", show_default=False)] = None,
    add: Annotated[
        bool,
        typer.Option("--add", help="Never change what is stored: another document under a stored id fails."),
    ] = False,
    duplicates: Annotated[
        pinfold.DuplicateTexts,
        typer.Option("--duplicates", help="What is done with a text that the source has under another id."),
    ] = pinfold.DuplicateTexts.STORE,
    known_labels_only: Annotated[
        bool,
        typer.Option("--known-labels-only", help="A row with an unknown label fails instead of creating it."),
    ] = False,
    skip_bad_lines: Annotated[
        bool,
        typer.Option("--skip-bad-lines", help="Report lines that cannot be read and go on, instead of stopping."),
    ] = False,
    resume: Annotated[
        Path | None,
        typer.Option(
            "--resume",
            metavar="PATH",
            help="Remember there how far it is; the same command goes on after a kill.",
            show_default=False,
        ),
    ] = None,
    create: Annotated[bool, typer.Option("--create", help="Create the dataset when it does not exist.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Store the rows of a file, and the labels that come with them.

    A row with labels is reviewed: the labels that it does not have do not apply. A row with an empty
    label cell is stored without annotation; `[]` in JSON Lines says that no label applies. A repeat
    stores nothing twice. Encoding and delimiter are found in the file unless they are told.
    """
    with connect(server) as client:
        handle = client.create_dataset(dataset, exist_ok=True) if create else client.dataset(dataset)
        with upload_bar(shown=not as_json) as progress:
            report = handle.import_file(
                file,
                source=source,
                create_labels=not known_labels_only,
                annotator=annotator,
                mode=pinfold.UploadMode.ADD if add else pinfold.UploadMode.UPSERT,
                duplicates=duplicates,
                resume=resume,
                progress=progress,
                text_column=text_column,
                label_columns=label_columns or (),
                sentiment_column=sentiment_column,
                id_column=id_column,
                timestamp_column=time_column,
                split_column=split_column,
                split=None if split is None else split.value,
                metadata=metadata,
                label_separator=label_separator,
                path_separator=path_separator,
                encoding=encoding,
                delimiter=delimiter,
                skip_bad_lines=skip_bad_lines,
            )
    if as_json:
        print_json(_as_json(report))
    else:
        _tell(report)
    if report.upload.failed or report.bad_lines:
        raise typer.Exit(ERROR_EXIT)


def _as_json(report: pinfold.FileReport) -> dict[str, object]:
    """The counts of the upload, and beside them those of the file."""
    counts = {name: getattr(report.upload, name) for name in report.upload.__dataclass_fields__}
    return {
        **counts,
        "columns": report.columns,
        "bad_lines": report.bad_lines,
        "bad_line_messages": report.bad_line_messages,
        "resumed_at": report.resumed_at,
        "encoding": report.encoding,
    }


def _tell(report: pinfold.FileReport) -> None:
    note(report.columns)
    if report.encoding and not report.encoding.startswith("utf"):
        note(f"It was read as {report.encoding}; another encoding is named with --encoding.")
    if report.resumed_at:
        note(f"{report.resumed_at:,} rows were stored before.")
    note(describe(report.upload))
    for message in report.bad_line_messages[:_FAILURES_SHOWN]:
        fail([message])
    if report.bad_lines > _FAILURES_SHOWN:
        note(f"… and {report.bad_lines - _FAILURES_SHOWN:,} more bad lines")
    _tell_failures(report.upload.failures, report.upload.failed)


def describe(report: pinfold.UploadReport) -> str:
    """An upload in one line."""
    counts = [
        (report.new, "new"),
        (report.text_changed, "with a new text"),
        (report.metadata_changed, "with new metadata"),
        (report.unchanged, "unchanged"),
        (report.duplicates, "with a text that is stored under another id"),
        (report.failed, "failed"),
    ]
    told = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing"
    splits = f", {report.split_changed:,} given to another split" if report.split_changed else ""
    labels = f" ({report.labels_created:,} labels created)" if report.labels_created else ""
    return f"{report.total:,} rows: {told}; {report.annotated:,} annotated{labels}{splits}."


def _tell_failures(failures: Sequence[pinfold.ItemFailure], failed: int) -> None:
    for failure in failures[:_FAILURES_SHOWN]:
        fail([f"row {failure.index + 1} ({failure.id}): {failure.message} [{failure.reason}]"])
    if failed > _FAILURES_SHOWN:
        note(f"… and {failed - _FAILURES_SHOWN:,} more (--json tells them all)")
