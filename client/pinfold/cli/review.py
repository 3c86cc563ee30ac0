"""Commands that find documents worth annotating, and say what they are."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Annotated

import typer

import pinfold
from pinfold._predict import PredictOptions
from pinfold.cli import options
from pinfold.cli.output import answers, fail, note, number, print_json, print_json_line, print_table, short
from pinfold.cli.session import ERROR_EXIT, connect, told_errors

Mode = Annotated[
    pinfold.RetrievalMode,
    typer.Option("--mode", "-m", help="How documents are chosen."),
]
Label = Annotated[
    str | None,
    typer.Option("--label", metavar="LABEL", help="The label of the modes about one.", show_default=False),
]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter", metavar="FILTER", help="Only documents that match; see docs/filters.md.", show_default=False
    ),
]


def sample(
    dataset: options.Dataset,
    mode: Mode = pinfold.RetrievalMode.SHUFFLE,
    label: Label = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Most documents to list.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Another order of `shuffle` and `rebalance`.")] = 0,
    include_reviewed: Annotated[
        bool, typer.Option("--include-reviewed", help="Also documents that are reviewed already.")
    ] = False,
    cluster: Annotated[
        int | None, typer.Option("--cluster", help="This group of the mode `clusters`.", show_default=False)
    ] = None,
    wanted: Filter = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one document each.")] = False,
) -> None:
    """List documents that are worth annotating next."""
    with told_errors(), connect(server) as client:
        handle = client.dataset(dataset)
        if mode == pinfold.RetrievalMode.CLUSTERS and cluster is None and not as_json:
            _tell_clusters(handle.sample_page(mode, page_size=1).clusters)
        found = handle.sample(
            mode,
            label=label,
            seed=seed,
            include_reviewed=include_reviewed,
            cluster=cluster,
            filter=wanted,
            page_size=min(limit, 100),
        )
        _tell_samples(itertools.islice(found, limit), as_json)


def _tell_clusters(clusters: Iterable[pinfold.Cluster]) -> None:
    print_table(
        [">group", ">documents", ">reviewed", "words"],
        (
            [str(each.id), f"{each.document_count:,}", f"{each.reviewed_count:,}", ", ".join(each.keywords)]
            for each in clusters
        ),
        empty="No groups: there are no documents.",
    )


def _tell_samples(samples: Iterable[pinfold.Sample], as_json: bool) -> None:
    if as_json:
        for one in samples:
            print_json_line(one)
        return
    print_table(
        ["document", ">score", "label", "text", "predicted"],
        (
            [
                one.document.id,
                number(one.score),
                one.label or "" if one.cluster is None or one.label else f"group {one.cluster}",
                short(one.document.text),
                _predicted(one.prediction),
            ]
            for one in samples
        ),
        empty="No document fits.",
    )


def _predicted(prediction: pinfold.Prediction | None) -> str:
    if prediction is None or not prediction.labels:
        return ""
    best = prediction.labels[0]
    return f"{best.name} {number(best.probability, 2)}"


def annotate(
    dataset: options.Dataset,
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Id of the document.", show_default=False)],
    labels: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="LABEL", help="A label that applies; may be given several times."),
    ] = None,
    positive: Annotated[
        list[str] | None,
        typer.Option("--positive", metavar="LABEL", help="With label sentiment: one that applies in a good sense."),
    ] = None,
    negative: Annotated[
        list[str] | None,
        typer.Option("--negative", metavar="LABEL", help="With label sentiment: one that applies in a bad sense."),
    ] = None,
    dismissed: Annotated[
        list[str] | None,
        typer.Option("--dismiss", metavar="LABEL", help="A label that does not apply; may be given several times."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave open whether other labels apply. Default: they do not.")
    ] = False,
    mode: Annotated[
        pinfold.RetrievalMode | None,
        typer.Option("--mode", "-m", help="How the document was found.", show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="ID", help="Source of the document, where there are several.", show_default=False
        ),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Who annotates.", show_default=False)] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Say which labels apply to a document; without any, that none does."""
    sensed = dict.fromkeys(positive or (), pinfold.Sentiment.POSITIVE)
    sensed |= dict.fromkeys(negative or (), pinfold.Sentiment.NEGATIVE)
    if labels and sensed:
        raise typer.BadParameter("--label names labels without a sentiment; use --positive and --negative for all")
    assigned = sensed or labels or []
    change = pinfold.AnnotationChange(
        id=document,
        assigned=None if partial and not assigned else assigned,
        dismissed=dismissed,
        reviewed=None if partial else True,
        retrieval_mode=mode,
        source=source,
    )
    with told_errors(), connect(server, actor=actor) as client:
        report = client.dataset(dataset).annotate([change])
    if as_json:
        print_json(report)
    elif report.failures:
        fail([f"{report.failures[0].message} [{report.failures[0].reason}]"])
    else:
        note(f"{document} is {'annotated' if report.changed else 'annotated so already'}, revision {report.revision}.")
    if report.failures:
        raise typer.Exit(ERROR_EXIT)


def predict_documents(
    dataset: options.Dataset,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="DOCUMENT", help="Ids. Default: every document.", show_default=False)
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="ID", help="Source of the documents.", show_default=False)
    ] = None,
    wanted: Filter = None,
    version: Annotated[str, typer.Option("--version", help="Number of a version, a tag, or `latest`.")] = "live",
    policy: Annotated[
        pinfold.ThresholdPolicy | None,
        typer.Option("--policy", help="Thresholds that the version recommends. Default: balanced.", show_default=False),
    ] = None,
    top_k: Annotated[
        int | None, typer.Option("--top-k", min=1, help="At most so many labels a document.", show_default=False)
    ] = None,
    all_scores: Annotated[bool, typer.Option("--all-scores", help="Every label, whatever its threshold.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines, one object a document.")] = False,
) -> None:
    """Predict the labels of stored documents."""
    if ids and wanted:
        raise typer.BadParameter("give ids or --filter, not both")
    failed = 0
    asked: PredictOptions = {
        "version": options.version_of(version),
        "policy": policy,
        "top_k": top_k,
        "all_scores": all_scores,
    }
    with told_errors(), connect(server) as client:
        handle = client.dataset(dataset)
        if ids:
            found: Iterable[pinfold.DocumentPrediction] = handle.predict_documents(ids, source, **asked)
        else:
            found = handle.predict_all([source] if source else None, filter=wanted, **asked)
        for one in found:
            failed += one.prediction.error is not None
            _tell_prediction(one, as_json)
    if failed:
        note(f"{failed:,} documents could not be answered.")
        raise typer.Exit(ERROR_EXIT)


def _tell_prediction(one: pinfold.DocumentPrediction, as_json: bool) -> None:
    if as_json:
        print_json_line(one)
        return
    error = one.prediction.error
    told = "  ".join(f"{label.name} {number(label.probability)}" for label in one.prediction.labels) or "–"
    answers().print(f"{one.document_id}  {told if error is None else error.message}", markup=False)
