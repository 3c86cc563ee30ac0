"""Commands about gates: what a version must show before a tag may point to it."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import note, print_json, print_table
from pinfold.cli.session import connect

GatedTag = Annotated[str, typer.Option("--tag", metavar="TAG", help="The tag whose gate it is.")]
F1Drop = Annotated[
    float | None,
    typer.Option("--max-f1-drop", min=0, max=1, help="Most F1 that a label may lose.", show_default=False),
]
PrecisionDrop = Annotated[
    float | None,
    typer.Option(
        "--max-map-drop",
        min=0,
        max=1,
        help="Most mean average precision that may be lost.",
        show_default=False,
    ),
]
LeastPrecision = Annotated[
    float | None, typer.Option("--min-map", min=0, max=1, help="Least mean average precision.", show_default=False)
]
LeastRating = Annotated[
    float | None, typer.Option("--min-rating", min=0, max=100, help="Least model rating.", show_default=False)
]
Examples = Annotated[
    int, typer.Option("--min-examples", min=1, help="Held-out documents below which a label's F1 is not looked at.")
]
Significant = Annotated[
    bool, typer.Option("--only-significant", help="Count a loss of F1 only where it is more than chance.")
]
SameSplit = Annotated[bool, typer.Option("--same-split", help="Both versions must have been tested by the same rules.")]


def set_gate(
    dataset: options.Dataset,
    tag: GatedTag = "live",
    max_f1_drop: F1Drop = None,
    max_map_drop: PrecisionDrop = None,
    min_map: LeastPrecision = None,
    min_rating: LeastRating = None,
    min_examples: Examples = 5,
    only_significant: Significant = False,
    same_split: SameSplit = False,
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Make conditions for the versions that a tag is pointed to from now on. Rollbacks are never held up."""
    wanted = pinfold.Gate(max_f1_drop, min_examples, only_significant, max_map_drop, min_map, min_rating, same_split)
    with connect(server, actor=actor) as client:
        gate = client.dataset(dataset).set_gate(wanted, tag=tag)
    if as_json:
        print_json(gate)
    else:
        note(f"Tag {tag} has a gate. Next: pinfold gate check {dataset} VERSION --tag {tag}")


def show(
    dataset: options.Dataset,
    tag: GatedTag = "live",
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show the conditions of a tag."""
    with connect(server) as client:
        gate = client.dataset(dataset).gate(tag)
    if as_json:
        print_json(gate)
        return
    made = {
        "most F1 that a label may lose": gate.max_f1_drop,
        "most mean average precision that may be lost": gate.max_mean_average_precision_drop,
        "least mean average precision": gate.min_mean_average_precision,
        "least model rating": gate.min_rating,
        "examples below which a label is not looked at": gate.min_examples,
        "only what is more than chance": gate.only_significant or None,
        "tested by the same rules": gate.same_split or None,
    }
    print_table(["condition", ">value"], ([what, str(value)] for what, value in made.items() if value is not None))


def delete(
    dataset: options.Dataset,
    tag: GatedTag = "live",
    actor: options.Actor = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Delete the conditions of a tag."""
    with connect(server, actor=actor) as client:
        client.dataset(dataset).delete_gate(tag)
    if as_json:
        print_json({"deleted": tag})
    else:
        note(f"Tag {tag} has no gate any more.")


def check(
    dataset: options.Dataset,
    version: options.Version,
    tag: GatedTag = "live",
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show how a version would fare before the gate of a tag; changes nothing. Exit status 1 when it is refused."""
    with connect(server) as client:
        report = client.dataset(dataset).check_gate(options.version_of(version), tag=tag)
    if as_json:
        print_json(report)
    else:
        print_table(
            ["", "condition", ">bound", "what was found"],
            (
                ["ok" if each.passed else "no", str(each.condition or "–"), f"{each.bound:.4g}", each.description]
                for each in report.checks
            ),
            empty="There was nothing to look at: the tag points to this version already.",
        )
    if not report.passed:
        raise typer.Exit(1)
