"""The command that predicts: texts as arguments, from a file, or from standard input."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer

import pinfold
from pinfold._files.bad_lines import InputError
from pinfold._files.columns import ColumnChoice
from pinfold._files.records import STDIN, FileFormat, open_text, read_records
from pinfold._files.rows import LabelCells, read_table
from pinfold.cli import options
from pinfold.cli.output import answers, note, number, print_json_line, short
from pinfold.cli.session import ERROR_EXIT, connect, told_errors

# Texts of one call: enough to keep the client's pipeline busy, few enough to answer a stream as it comes.
_TEXTS_PER_CALL = 4096
_TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json")


@dataclass(frozen=True, slots=True)
class _Item:
    """One text to predict; the id of its row where it has one."""

    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """How to cut the scores: the options of one command."""

    thresholds: dict[str, float]
    policy: pinfold.ThresholdPolicy | None
    default_threshold: float | None
    labels: list[str] | None
    top_k: int | None
    all_scores: bool


def predict(
    dataset: options.Dataset,
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT", help="Texts. Default: one a line of standard input.", show_default=False),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--file",
            "-f",
            metavar="FILE",
            help="CSV or JSON Lines by its ending, else one text a line; `-` is standard input.",
            show_default=False,
        ),
    ] = None,
    text_column: options.TextColumn = None,
    version: Annotated[str, typer.Option("--version", help="Number of a version, a tag, or `latest`.")] = "live",
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            "--threshold",
            "-t",
            metavar="LABEL=0.4",
            help="Least probability of one label; may be given several times.",
            show_default=False,
        ),
    ] = None,
    policy: Annotated[
        pinfold.ThresholdPolicy | None,
        typer.Option("--policy", help="Thresholds that the version recommends. Default: balanced.", show_default=False),
    ] = None,
    default_threshold: Annotated[
        float | None,
        typer.Option(
            "--default-threshold",
            min=0,
            max=1,
            help="Least probability of labels without one.",
            show_default=False,
        ),
    ] = None,
    labels: Annotated[
        list[str] | None,
        typer.Option(
            "--label",
            metavar="LABEL",
            help="Only this label; may be given several times.",
            show_default=False,
        ),
    ] = None,
    top_k: Annotated[
        int | None, typer.Option("--top-k", min=1, help="At most so many labels a text.", show_default=False)
    ] = None,
    all_scores: Annotated[bool, typer.Option("--all-scores", help="Every label, whatever its threshold.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one object a text.")] = False,
) -> None:
    """Predict the labels of texts."""
    question = _Question(thresholds_of(threshold or []), policy, default_threshold, labels, top_k, all_scores)
    failed = 0
    with told_errors(), connect(server) as client:
        items = _items(texts or [], file, text_column)
        for item, prediction in _predictions(client.dataset(dataset), items, options.version_of(version), question):
            failed += prediction.error is not None
            _tell(item, prediction, as_json)
    if failed:
        note(f"{failed:,} texts could not be answered.")
        raise typer.Exit(ERROR_EXIT)


def thresholds_of(told: Iterable[str]) -> dict[str, float]:
    found = {}
    for text in told:
        label, _, value = text.rpartition("=")
        try:
            found[label.strip()] = float(value)
        except ValueError:
            label = ""
        if not label.strip():
            raise typer.BadParameter(f"{text!r} is not LABEL=0.4", param_hint="--threshold")
    return found


def _items(texts: list[str], file: str | None, text_column: str | None) -> Iterator[_Item]:
    if texts and file:
        raise typer.BadParameter("give texts or --file, not both")
    if texts:
        return (_Item(text) for text in texts)
    if file is None and sys.stdin.isatty():
        raise typer.BadParameter("give texts, --file, or lines on standard input")
    path = file or STDIN
    if text_column or path.endswith(_TABLES):
        return _rows(path, text_column)
    return _lines(path)


def _rows(path: str, text_column: str | None) -> Iterator[_Item]:
    table = read_table(read_records(path, FileFormat()), ColumnChoice(text=text_column, split=""), LabelCells())
    note(f"text: {table.columns.text}")
    for row in table.rows:
        identifier = row.get("id")
        yield _Item(str(row["text"]), None if identifier is None else str(identifier))


def _lines(path: str) -> Iterator[_Item]:
    with open_text(path) as stream:
        try:
            for line in stream:
                if line.strip():
                    yield _Item(line.rstrip("\r\n"))
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not UTF-8 text (byte {error.start})") from error


def _predictions(
    dataset: pinfold.Dataset, items: Iterator[_Item], version: int | str, question: _Question
) -> Iterator[tuple[_Item, pinfold.Prediction]]:
    """Items in order, all by one version: the one that answers the first call answers the others too."""
    while batch := list(itertools.islice(items, _TEXTS_PER_CALL)):
        try:
            answered = dataset.predict(
                [item.text for item in batch],
                version=version,
                thresholds=question.thresholds or None,
                policy=question.policy,
                default_threshold=question.default_threshold,
                labels=question.labels,
                top_k=question.top_k,
                all_scores=question.all_scores,
            )
        except ValueError as error:
            # What the client refuses before it calls: texts that cannot be sent, such as halves of surrogate pairs.
            raise InputError(str(error)) from error
        version = answered[0].version
        yield from zip(batch, answered, strict=True)


def _tell(item: _Item, prediction: pinfold.Prediction, as_json: bool) -> None:
    if as_json:
        print_json_line(
            {
                **({"id": item.id} if item.id is not None else {}),
                "text": item.text,
                "labels": prediction.labels,
                "version": prediction.version,
                "tag": prediction.tag,
                "truncated": prediction.truncated,
                **({"sentiments": prediction.sentiments} if prediction.sentiments else {}),
                "error": prediction.error,
            }
        )
        return
    console = answers()
    console.print(short(item.text), style="bold", markup=False)
    if prediction.error is not None:
        console.print(f"  error: {prediction.error.message} [{prediction.error.reason}]", style="red", markup=False)
    elif not prediction.labels:
        console.print("  no label reaches its threshold", style="dim")
    for name, probability in prediction.labels:
        sense = f"  {prediction.sentiments[name]:+.2f}" if name in prediction.sentiments else ""
        console.print(f"  {number(probability)}  {name}{sense}", markup=False)
    if prediction.truncated:
        console.print("  only the beginning was read", style="dim")
