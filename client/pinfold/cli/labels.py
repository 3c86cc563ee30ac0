"""Commands about the labels of a dataset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from pinfold._files.bad_lines import InputError
from pinfold._files.records import FileFormat, read_records
from pinfold.cli import options
from pinfold.cli.output import moment, note, print_json, print_table, short
from pinfold.cli.session import connect

LabelName = Annotated[
    str,
    typer.Argument(metavar="LABEL", help="Path of the label, such as 'Billing > Refund'.", show_default=False),
]
_NAME_COLUMNS = ("name", "label", "path")
_COLUMNS = {"description": "description", "external_id": "external_id", "id": "external_id"}


def list_labels(
    dataset: options.Dataset, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False
) -> None:
    """List the labels of a dataset, with how often people assigned them."""
    with connect(server) as client:
        found = client.dataset(dataset).labels()
    if as_json:
        print_json(found)
        return
    print_table(
        ["label", ">assigned", ">dismissed", "description"],
        (
            [label.name, f"{label.assigned_count:,}", f"{label.dismissed_count:,}", short(label.description)]
            for label in found
        ),
        empty="No label yet.",
    )


def import_labels(
    dataset: options.Dataset,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV with a header or JSON Lines; `-` is standard input.")
    ],
    encoding: options.Encoding = None,
    delimiter: options.Delimiter = None,
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Create the labels of a file, or change their descriptions: all of them or none.

    Columns: `name` (or `label`, `path`), and if you like `description` and `external_id` (or `id`).
    """
    with connect(server, actor=actor) as client:
        wanted = list(_labels_of(file, FileFormat(encoding, delimiter)))
        found = client.dataset(dataset).upsert_labels(wanted)
    if as_json:
        print_json(found)
    else:
        note(f"{len(found):,} labels are as the file says.")


def rename(
    dataset: options.Dataset,
    label: LabelName,
    new_label: Annotated[str, typer.Argument(metavar="NEW", help="Its new path.", show_default=False)],
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Give a label another path; labels below it and annotations follow. An existing path makes one of the two."""
    with connect(server, actor=actor) as client:
        done = client.dataset(dataset).rename_label(label, new_label)
    if as_json:
        print_json(done)
    else:
        merged = f", {done.merged:,} merged" if done.merged else ""
        note(f"{done.label.name}: {done.renamed:,} labels renamed{merged}; {done.annotations:,} annotations changed.")


def delete(
    dataset: options.Dataset,
    label: LabelName,
    move_to: Annotated[
        str | None,
        typer.Option("--move-to", metavar="LABEL", help="Label that documents get instead.", show_default=False),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take the labels out of annotations where there is no --move-to.")
    ] = False,
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Delete a label and those below it."""
    with connect(server, actor=actor) as client:
        done = client.dataset(dataset).delete_label(label, move_to=move_to, force=force)
    if as_json:
        print_json(done)
    else:
        note(f"{done.labels:,} labels deleted; {done.annotations:,} annotations changed.")


def copy(
    dataset: options.Dataset,
    from_dataset: Annotated[
        str, typer.Argument(metavar="FROM", help="Id of the dataset that has the labels.", show_default=False)
    ],
    annotations: Annotated[
        bool, typer.Option("--annotations", help="Copy annotations of documents that both read, too.")
    ] = False,
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Create the labels of another dataset in this one."""
    with connect(server, actor=actor) as client:
        done = client.dataset(dataset).copy_taxonomy(from_dataset, annotations=annotations)
    if as_json:
        print_json(done)
    else:
        note(
            f"{done.labels:,} labels created; {done.annotations:,} annotations copied, {done.kept:,} left as they were."
        )


def history(
    dataset: options.Dataset,
    label: Annotated[
        str | None, typer.Argument(metavar="LABEL", help="Only this label. Default: all.", show_default=False)
    ] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show what happened to the labels of a dataset, newest first."""
    with connect(server) as client:
        events = list(client.dataset(dataset).label_history(label))
    if as_json:
        print_json(events)
        return
    print_table(
        ["time", "what", "label", "became", "by", ">revision"],
        (
            [
                moment(event.time),
                str(event.kind or "–"),
                event.from_label or "",
                event.to_label or "",
                event.actor,
                str(event.revision),
            ]
            for event in events
        ),
        empty="No label yet.",
    )


def _labels_of(file: str, file_format: FileFormat) -> Iterator[dict[str, str]]:
    for record in read_records(file, file_format):
        columns = {str(name).strip().lower(): value for name, value in record.values.items()}
        name = next((columns[one] for one in _NAME_COLUMNS if columns.get(one)), None)
        if not isinstance(name, str):
            raise InputError(f"{record.place}: there is no label in the columns {', '.join(_NAME_COLUMNS)}")
        told = {field: str(columns[column]) for column, field in _COLUMNS.items() if columns.get(column)}
        yield {"name": name, **told}
