"""Commands about trainings."""

from __future__ import annotations

from typing import Annotated

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import fail, moment, note, number, print_json, print_table
from pinfold.cli.progress import run_bar
from pinfold.cli.session import ERROR_EXIT, connect
from pinfold.cli.versions import tell_quality


def train(
    dataset: options.Dataset,
    algorithm: Annotated[
        pinfold.Algorithm | None, typer.Option("--algorithm", help="Learning algorithm.", show_default=False)
    ] = None,
    word_ngram_min: Annotated[
        int | None, typer.Option("--word-ngram-min", help="Shortest word n-gram.", show_default=False)
    ] = None,
    word_ngram_max: Annotated[
        int | None,
        typer.Option("--word-ngram-max", help="Longest word n-gram; both 0 for no words.", show_default=False),
    ] = None,
    char_ngram_min: Annotated[
        int | None, typer.Option("--char-ngram-min", help="Shortest character n-gram.", show_default=False)
    ] = None,
    char_ngram_max: Annotated[
        int | None,
        typer.Option("--char-ngram-max", help="Longest character n-gram; both 0 for none.", show_default=False),
    ] = None,
    max_features: Annotated[
        int | None, typer.Option("--max-features", help="Most n-grams kept.", show_default=False)
    ] = None,
    min_df: Annotated[
        int | None, typer.Option("--min-df", help="Fewest documents that an n-gram must be in.", show_default=False)
    ] = None,
    regularization: Annotated[
        float | None,
        typer.Option("--regularization", help="Larger fits the training texts more closely.", show_default=False),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Seed of the training.", show_default=False)] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the end, or print the run at once.")] = True,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Train a new version on what is annotated now. Options that are left out take the server's defaults."""
    config = pinfold.RunConfig(
        algorithm=algorithm,
        word_ngram_min=word_ngram_min,
        word_ngram_max=word_ngram_max,
        char_ngram_min=char_ngram_min,
        char_ngram_max=char_ngram_max,
        max_features=max_features,
        min_df=min_df,
        regularization=regularization,
        seed=seed,
    )
    with connect(server) as client:
        run = client.dataset(dataset).train(config)
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
        [">run", "state", "phase", ">done", ">version", ">macro F1", ">revision", "started", "error"],
        (
            [
                str(info.number),
                info.state or "–",
                info.phase or "–",
                f"{info.fraction:.0%}",
                str(info.version or "–"),
                number(info.metrics.macro_f1 if info.metrics else None),
                str(info.revision),
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
