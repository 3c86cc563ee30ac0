"""Commands about datasets and their labels."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import moment, note, print_fields, print_json, print_table, short
from pinfold.cli.session import connect

Title = Annotated[str, typer.Option("--title", help="Title for people.")]
Description = Annotated[str, typer.Option("--description", help="Description for people.")]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="ID",
        help="Source to read; may be given several times. Default: a new one of the dataset's id.",
        show_default=False,
    ),
]


LabelMode = Annotated[
    pinfold.LabelMode | None,
    typer.Option(
        "--label-mode",
        help="Whether leaf labels exclude each other, where a training does not say so itself.",
        show_default=False,
    ),
]


def create(
    dataset: options.Dataset,
    title: Title = "",
    description: Description = "",
    sources: Sources = None,
    label_sentiment: Annotated[
        bool, typer.Option("--label-sentiment", help="Each assigned label is positive or negative; cannot be changed.")
    ] = False,
    label_mode: LabelMode = None,
    exist_ok: Annotated[bool, typer.Option("--exist-ok", help="No error when it exists already.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Create a dataset."""
    with connect(server) as client:
        made = client.create_dataset(
            dataset,
            title=title,
            description=description,
            sources=sources or (),
            label_sentiment=label_sentiment,
            label_mode=label_mode,
            exist_ok=exist_ok,
        )
        if as_json:
            print_json(made.info)
        else:
            note(f"Dataset {made.id} is ready. Next: pinfold upload {made.id} FILE")


def list_datasets(server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False) -> None:
    """List the datasets."""
    with connect(server) as client:
        infos = [dataset.info for dataset in client.list_datasets()]
    if as_json:
        print_json(infos)
        return
    print_table(
        ["dataset", "title", ">labels", ">annotated", ">reviewed", ">latest", ">pinned"],
        (
            [
                info.id,
                short(info.title, 40),
                f"{info.label_count:,}",
                f"{info.annotated_count:,}",
                f"{info.reviewed_count:,}",
                str(info.latest_version or "–"),
                str(info.pinned_count),
            ]
            for info in infos
        ),
        empty="No dataset yet. Next: pinfold dataset create ID",
    )


def show(
    dataset: options.Dataset, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False
) -> None:
    """Show a dataset: its size, its versions, its tags."""
    with connect(server) as client:
        handle = client.get_dataset(dataset)
        info, tags = handle.info, handle.tags()
    if as_json:
        print_json({"dataset": info, "tags": tags})
        return
    print_fields(
        [
            ("dataset", info.id),
            ("title", info.title),
            ("description", info.description),
            ("sources", ", ".join(info.sources)),
            ("labels", f"{info.label_count:,}"),
            ("annotated", f"{info.annotated_count:,} documents, {info.reviewed_count:,} of them reviewed"),
            ("label mode", info.label_mode.value),
            ("revision", str(info.revision)),
            ("latest version", str(info.latest_version or "–")),
            ("pinned versions", str(info.pinned_count)),
            ("tags", ", ".join(f"{tag.name} → {tag.version}" for tag in tags)),
            ("created", moment(info.create_time)),
        ]
    )


def update(
    dataset: options.Dataset,
    title: Annotated[str | None, typer.Option("--title", help="Title for people.", show_default=False)] = None,
    description: Annotated[
        str | None, typer.Option("--description", help="Description for people.", show_default=False)
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="ID",
            help="Source to read from now on, instead of those before; may be given several times.",
            show_default=False,
        ),
    ] = None,
    label_mode: LabelMode = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Change a dataset's title, description, sources or label mode; what is left out stays."""
    if title is None and description is None and not sources and label_mode is None:
        raise typer.BadParameter("name something to change: --title, --description, --source or --label-mode")
    with connect(server) as client:
        changed = client.dataset(dataset).update(
            title=title, description=description, sources=sources or None, label_mode=label_mode
        )
        if as_json:
            print_json(changed.info)
        else:
            note(f"Dataset {dataset} is changed.")


def delete(
    dataset: options.Dataset,
    force: Annotated[bool, typer.Option("--force", help="Delete even though tags are set.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Delete a dataset with its labels, annotations and versions. Its sources stay."""
    if not yes:
        typer.confirm(f"Delete {dataset} with all its versions?", abort=True, err=True)
    with connect(server) as client:
        client.delete_dataset(dataset, force=force)
    if as_json:
        print_json({"deleted": dataset})
    else:
        note(f"Dataset {dataset} is deleted.")
