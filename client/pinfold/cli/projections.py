"""The command that draws the held-out documents of a version in a plane."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import note, number, print_json, print_table
from pinfold.cli.session import connect


def projection(
    dataset: options.Dataset,
    version: options.Version,
    method: Annotated[
        pinfold.ProjectionMethod, typer.Option("--method", help="umap needs umap-learn beside the server.")
    ] = pinfold.ProjectionMethod.PCA,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Most documents.")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of what is drawn at random.")] = 0,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Give two coordinates to each held-out document: those that the model can hardly tell apart lie together."""
    with connect(server) as client:
        held = client.dataset(dataset).version(options.version_of(version))
        found = held.projection(method, limit=limit, seed=seed)
    if as_json:
        print_json(found)
        return
    print_table(
        ["document", ">x", ">y", "labels", "predicted"],
        (
            [
                each.document_id,
                number(each.x),
                number(each.y),
                ", ".join(each.true_labels) or "none",
                ", ".join(each.predicted_labels) or "none",
            ]
            for each in found.documents
        ),
    )
    if found.explained_variance is not None:
        note(f"The plane keeps {found.explained_variance:.0%} of the variance.")
