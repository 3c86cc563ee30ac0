"""Commands about trainings."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options, run_options
from pinfold.cli.output import fail, moment, note, number, print_json, print_table
from pinfold.cli.progress import run_bar
from pinfold.cli.session import ERROR_EXIT, connect
from pinfold.cli.versions import tell_quality


def train(
    dataset: options.Dataset,
    configuration: Annotated[
        str | None,
        typer.Option("--config", metavar="CONFIG", help="Id of a run configuration, without other options."),
    ] = None,
    algorithm: run_options.Algorithm = None,
    word_ngram_min: run_options.WordMin = None,
    word_ngram_max: run_options.WordMax = None,
    char_ngram_min: run_options.CharMin = None,
    char_ngram_max: run_options.CharMax = None,
    char_scope: run_options.CharScope = None,
    max_features: run_options.MaxFeatures = None,
    feature_selection: run_options.Selection = None,
    min_df: run_options.MinDf = None,
    stop_word_list: run_options.StopList = None,
    stop_word: run_options.StopWords = None,
    fold_urls: run_options.FoldUrls = None,
    fold_numbers: run_options.FoldNumbers = None,
    class_weight: run_options.ClassWeight = None,
    label_mode: run_options.LabelMode = None,
    auto_seconds: run_options.AutoSeconds = None,
    regularization: run_options.Regularization = None,
    seed: run_options.Seed = None,
    experiment: run_options.Experiment = None,
    title: run_options.Title = None,
    notes: run_options.Notes = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the end, or print the run at once.")] = True,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Train a new version on what is annotated now. Options that are left out take the server's defaults."""
    options_given = pinfold.RunConfig(
        algorithm=algorithm,
        word_ngram_min=word_ngram_min,
        word_ngram_max=word_ngram_max,
        char_ngram_min=char_ngram_min,
        char_ngram_max=char_ngram_max,
        char_scope=char_scope,
        max_features=max_features,
        feature_selection=feature_selection,
        min_df=min_df,
        stop_word_list=stop_word_list,
        fold_urls=fold_urls,
        fold_numbers=fold_numbers,
        class_weight=class_weight,
        label_mode=label_mode,
        auto_seconds=auto_seconds,
        regularization=regularization,
        seed=seed,
        stop_words=tuple(stop_word or ()),
    )
    if configuration is not None and options_given != pinfold.RunConfig():
        raise typer.BadParameter("a run configuration takes no further options", param_hint="--config")
    with connect(server) as client:
        run = client.dataset(dataset).train(
            configuration or options_given, experiment=experiment, title=title, notes=notes
        )
        if not wait:
            _tell_started(run, dataset, as_json)
            return
        try:
            with run_bar(shown=not as_json) as progress:
                version = run.wait(progress=progress)
        except KeyboardInterrupt:
            note(f"Run {run.number} goes on. Stop it with: pinfold cancel {dataset} {run.number}")
            raise
        if as_json:
            print_json({"run": run.info, "version": version.info})
        else:
            tell_quality(version.info)
            note(f"Next: pinfold pin {dataset} {version.number}, then pinfold tag set {dataset} live {version.number}")


def runs(
    dataset: options.Dataset,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Most runs to list, newest first.")] = 20,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """List the trainings of a dataset, newest first."""
    with connect(server) as client:
        infos = [run.info for run, _ in zip(client.dataset(dataset).runs(), range(limit), strict=False)]
    if as_json:
        print_json(infos)
        return
    print_table(
        [">run", "state", "phase", ">done", ">version", ">macro F1", ">revision", "config", "started", "error"],
        (
            [
                str(info.number),
                info.state or "–",
                info.phase or "–",
                f"{info.fraction:.0%}",
                str(info.version or "–"),
                number(info.metrics.macro_f1 if info.metrics else None),
                str(info.revision),
                info.run_configuration or "–",
                moment(info.start_time),
                info.error.reason if info.error else "",
            ]
            for info in infos
        ),
        empty=f"No run yet. Next: pinfold train {dataset}",
    )


def cancel(
    dataset: options.Dataset,
    run: Annotated[int, typer.Argument(metavar="RUN", min=1, help="Number of the run.")],
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Ask a training to stop."""
    with connect(server) as client:
        info = client.dataset(dataset).run(run).cancel().info
    if as_json:
        print_json(info)
    elif info.done and info.state != pinfold.RunState.CANCELLED:
        fail([f"run {run} has ended already: {info.state}"])
        raise typer.Exit(ERROR_EXIT)
    else:
        note(f"Run {run} stops.")


def _tell_started(run: pinfold.Run, dataset: str, as_json: bool) -> None:
    if as_json:
        print_json(run.info)
    else:
        note(f"Run {run.number} is queued. Follow it with: pinfold runs {dataset}")
