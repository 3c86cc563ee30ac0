"""Commands about slices: parts of the documents, and how good a version is there."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import answers, note, number, print_fields, print_json, print_table, short
from pinfold.cli.session import connect

SliceId = Annotated[
    str, typer.Argument(metavar="SLICE", help="Id of the slice.", show_default=False, callback=options.name)
]
Filter = Annotated[str, typer.Option("--filter", help="Which documents, as of `pinfold document list`.")]
Outcome = Annotated[
    pinfold.Outcome | None, typer.Option("--outcome", help="Only with this outcome.", show_default=False)
]
Label = Annotated[
    str | None, typer.Option("--label", help="The label that outcome and confidence are of.", show_default=False)
]
MinConfidence = Annotated[
    float | None, typer.Option("--min-confidence", min=0, max=1, help="Least probability.", show_default=False)
]
MaxConfidence = Annotated[
    float | None, typer.Option("--max-confidence", min=0, max=1, help="Highest probability.", show_default=False)
]
VersionOption = Annotated[str, typer.Option("--version", help="Number of a version, a tag, or `latest`.")]


def create(
    dataset: options.Dataset,
    slice_id: SliceId,
    filter: Filter = "",
    outcome: Outcome = None,
    label: Label = None,
    min_confidence: MinConfidence = None,
    max_confidence: MaxConfidence = None,
    description: Annotated[str, typer.Option("--description", help="What it is for.")] = "",
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Store a slice: which held-out documents belong to it."""
    criteria = pinfold.SliceCriteria(filter, outcome, label, min_confidence, max_confidence)
    with connect(server) as client:
        made = client.dataset(dataset).create_slice(slice_id, criteria, description=description)
    if as_json:
        print_json(made)
    else:
        note(f"Slice {slice_id} is stored. Next: pinfold slice show {dataset} {slice_id}")


def list_slices(
    dataset: options.Dataset, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False
) -> None:
    """List the slices of a dataset, the built-in ones first."""
    with connect(server) as client:
        slices = client.dataset(dataset).slices()
    if as_json:
        print_json(slices)
        return
    print_table(
        ["slice", "", "documents", "description"],
        ([each.id, "built-in" if each.built_in else "", _told(each.criteria), each.description] for each in slices),
    )


def show(
    dataset: options.Dataset,
    slice_id: SliceId,
    version: VersionOption = "latest",
    limit: Annotated[int, typer.Option("--limit", min=0, max=1_000, help="Documents to list.")] = 10,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show how good a version is on the held-out documents of a slice."""
    with connect(server) as client:
        found = client.dataset(dataset).evaluate_slice(slice_id, options.version_of(version), limit=limit)
    if as_json:
        print_json(found)
        return
    print_fields(
        [
            ("version", str(found.version)),
            ("documents", f"{found.documents:,} of {found.total:,} held-out ones"),
            ("micro F1", number(found.quality.f1)),
            ("elsewhere", number(None if found.rest is None else found.rest.f1)),
            ("all labels right", number(found.exact_match)),
        ]
    )
    answers().print()
    print_table(
        ["label", ">positive", ">predicted", ">precision", ">recall", ">F1"],
        ([each.label, str(each.positives), str(each.predicted), *_figures(each)] for each in found.labels),
    )
    if found.shown:
        answers().print()
        print_table(
            ["document", ">confidence", "text", "labels", "predicted"],
            (
                [
                    each.document_id,
                    number(each.confidence, 2),
                    short(each.text, 48),
                    ", ".join(each.true_labels) or "none",
                    ", ".join(each.predicted_labels) or "none",
                ]
                for each in found.shown
            ),
        )


def delete(
    dataset: options.Dataset,
    slice_id: SliceId,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Delete a slice."""
    with connect(server) as client:
        client.dataset(dataset).delete_slice(slice_id)
    if as_json:
        print_json({"slice": slice_id, "deleted": True})
    else:
        note(f"Slice {slice_id} is deleted.")


def weak(
    dataset: options.Dataset,
    version: VersionOption = "latest",
    min_documents: Annotated[int, typer.Option("--min-documents", min=5, max=10_000, help="Of a slice.")] = 20,
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="Slices to list.")] = 20,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Find the metadata values where a version does worse than elsewhere."""
    with connect(server) as client:
        handle = client.dataset(dataset)
        found = handle.weak_slices(options.version_of(version), min_documents=min_documents, limit=limit)
    if as_json:
        print_json(found)
        return
    print_table(
        ["filter", ">documents", ">F1", ">elsewhere", ">all right", ">elsewhere", ">p", ""],
        (
            [
                each.filter,
                f"{each.documents:,}",
                *map(number, (each.f1, each.rest_f1, each.exact_match, each.rest_exact_match, each.p_value)),
                "significant" if each.significant else "",
            ]
            for each in found
        ),
        empty="The version does not do worse anywhere, by the metadata of its held-out documents.",
    )


def _figures(label: pinfold.SliceLabel) -> list[str]:
    return [number(figure) for figure in (label.quality.precision, label.quality.recall, label.quality.f1)]


def _told(criteria: pinfold.SliceCriteria) -> str:
    parts = [str(criteria.filter)] if criteria.filter else []
    if criteria.outcome is not None:
        parts.append(f"{criteria.outcome} of {criteria.label or 'any label'}")
    if criteria.min_confidence is not None:
        parts.append(f"confidence >= {criteria.min_confidence:g}")
    if criteria.max_confidence is not None:
        parts.append(f"confidence <= {criteria.max_confidence:g}")
    return "; ".join(parts) or "all"
