"""Commands that move a whole dataset as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pinfold
from pinfold._files.bad_lines import InputError
from pinfold.cli import options
from pinfold.cli.output import note, print_json
from pinfold.cli.progress import transfer_bar
from pinfold.cli.session import connect

SUFFIX = ".pinfold"


def save(
    dataset: options.Dataset,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="File to write. Default: DATASET.pinfold.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Save a dataset with its documents, labels, annotations and their history, versions, model files and tags.

    `pinfold archive load` makes the same dataset of it on another server: every version predicts the same bits.
    """
    path = file or Path(dataset + SUFFIX)
    with connect(server) as client:
        if path.exists() and not force:
            raise InputError(f"{path} exists already; --force replaces it")
        with transfer_bar("save", shown=not as_json) as progress:
            try:
                report = client.dataset(dataset).export_archive(path, progress=progress)
            except OSError as error:
                raise InputError(f"{path}: {error.strerror}") from error
    if as_json:
        print_json({**_fields(report), "path": str(report.path)})
    else:
        note(f"{report.path}: {report.size:,} bytes, {_described(report.summary)}")
        note(f"SHA-256 {report.sha256}")


def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File that `archive save` wrote.", show_default=False)],
    dataset: Annotated[
        str | None,
        typer.Option("--as", metavar="DATASET", help="Id of the new dataset. Default: as it was.", show_default=False),
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="OLD=NEW",
            help="New id of a source; may be given several times. Default: as it was, or as the dataset.",
            show_default=False,
        ),
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Make a dataset of a file that `archive save` wrote.

    Nothing can be seen of it before all of it is there and was checked. A file that is cut off, damaged or of
    a newer Pinfold is refused.
    """
    renamed = dict(_renaming(text) for text in sources or ())
    with connect(server) as client, transfer_bar("load", shown=not as_json) as progress:
        try:
            report = client.import_archive(file, dataset_id=dataset, source_ids=renamed, progress=progress)
        except OSError as error:
            raise InputError(f"{file}: {error.strerror}") from error
    if as_json:
        print_json(report)
        return
    note(f"Dataset {report.dataset.id} is ready: {_described(report.summary)}.")
    for kept in report.run_configurations_kept:
        note(f"The options {kept} are other ones here and were left as they are.")


def _fields(report: pinfold.ArchiveReport) -> dict[str, object]:
    return {name: getattr(report, name) for name in report.__dataclass_fields__}


def _renaming(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise typer.BadParameter(f"--source needs OLD=NEW, got {text!r}")
    return old, new


def _described(summary: pinfold.ArchiveSummary) -> str:
    return (
        f"{summary.documents:,} documents, {summary.annotations:,} annotations"
        f" ({summary.events:,} changes), {summary.versions:,} versions, {summary.tags:,} tags"
    )
