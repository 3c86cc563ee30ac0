"""Commands about runs as experiments: sweeps, what people say of runs, deletion."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

import pinfold
from pinfold.cli import options
from pinfold.cli.output import moment, note, number, print_fields, print_json, print_table
from pinfold.cli.progress import experiment_bar
from pinfold.cli.session import connect

ExperimentId = Annotated[
    str, typer.Argument(metavar="EXPERIMENT", help="Id of the experiment.", show_default=False, callback=options.name)
]
Metric = Annotated[
    pinfold.RunMetric | None, typer.Option("--metric", help="What the best run has the best of.", show_default=False)
]
RunNumber = Annotated[int, typer.Argument(metavar="RUN", min=1, help="Number of the run.")]


def sweep(
    dataset: options.Dataset,
    experiment: ExperimentId,
    vary: Annotated[
        list[str],
        typer.Option(
            "--vary",
            metavar="OPTION=VALUE,VALUE",
            help="An option of the training and its values, such as regularization=0.3,0.7; several make a grid.",
            show_default=False,
        ),
    ],
    fixed: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="An option that all runs share.", show_default=False),
    ] = None,
    metric: Metric = None,
    title: Annotated[str, typer.Option("--title", help="Title of the experiment.")] = "",
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for all runs, with one bar.")] = True,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Train one version for each combination of options, as one experiment."""
    grid = dict(map(_axis, vary))
    shared = {name: values[0] for name, values in map(_axis, fixed or ())}
    base = pinfold.RunConfig(**shared)
    with connect(server) as client:
        made = client.dataset(dataset).create_sweep(experiment, grid=grid, base=base, metric=metric, title=title)
        if not wait:
            _tell(made.info, as_json)
            return
        try:
            with experiment_bar(shown=not as_json) as progress:
                made.wait(progress=progress)
        except KeyboardInterrupt:
            note(f"The runs go on. Stop them with: pinfold experiment cancel {dataset} {experiment}")
            raise
        _tell_runs(made, metric, as_json)


def list_experiments(
    dataset: options.Dataset, server: options.Server = options.DEFAULT_SERVER, as_json: options.Json = False
) -> None:
    """List the experiments of a dataset."""
    with connect(server) as client:
        infos = [experiment.info for experiment in client.dataset(dataset).experiments()]
    if as_json:
        print_json(infos)
        return
    print_table(
        ["experiment", ">runs", ">done", ">best run", ">version", "metric", ">score", "created", "title"],
        (
            [
                info.id,
                f"{info.runs:,}",
                f"{info.fraction:.0%}",
                str(info.best_run or "–"),
                str(info.best_version or "–"),
                info.metric or "–",
                number(info.best_score),
                moment(info.create_time),
                info.title,
            ]
            for info in infos
        ),
        empty=f"No experiment yet. Next: pinfold sweep {dataset} first --vary regularization=0.3,0.7,1.5",
    )


def show(
    dataset: options.Dataset,
    experiment: ExperimentId,
    metric: Metric = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Show the runs of an experiment, the best first."""
    with connect(server) as client:
        _tell_runs(client.dataset(dataset).experiment(experiment), metric, as_json)


def cancel(
    dataset: options.Dataset,
    experiment: ExperimentId,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Ask every run of an experiment to stop."""
    with connect(server) as client:
        _tell(client.dataset(dataset).experiment(experiment).cancel().info, as_json)


def describe(
    dataset: options.Dataset,
    run: RunNumber,
    title: Annotated[str | None, typer.Option("--title", help="New title.", show_default=False)] = None,
    notes: Annotated[str | None, typer.Option("--notes", help="New notes.", show_default=False)] = None,
    metadata: Annotated[
        list[str] | None,
        typer.Option("--metadata", metavar="NAME=VALUE", help="New properties, all of them.", show_default=False),
    ] = None,
    star: Annotated[bool | None, typer.Option("--star/--no-star", help="Mark the run.", show_default=False)] = None,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Change what people say of a run: title, notes, properties, star."""
    properties = None if metadata is None else dict(_pair(each, "--metadata") for each in metadata)
    if title is None and notes is None and properties is None and star is None:
        raise typer.BadParameter("say what to change: --title, --notes, --metadata or --star")
    with connect(server) as client:
        held = client.dataset(dataset).run(run)
        info = held.update(title=title, notes=notes, metadata=properties, starred=star).info
    if as_json:
        print_json(info)
    else:
        note(f"Run {run} is changed.")


def delete(
    dataset: options.Dataset,
    run: RunNumber,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    server: options.Server = options.DEFAULT_SERVER,
    as_json: options.Json = False,
) -> None:
    """Delete a run with its version, for good; asks first."""
    with connect(server) as client:
        held = client.dataset(dataset).run(run)
        look = held.delete()
        if not yes:
            typer.confirm(f"{look.consequences} Delete run {run}?", abort=True, err=True)
        done = held.delete(look.token)
    if as_json:
        print_json(done)
    else:
        note(f"Run {run} is deleted.")


def _axis(text: str) -> tuple[str, list[Any]]:
    name, values = _pair(text, "--vary")
    option = name.replace("-", "_")
    if option not in pinfold.RunConfig.__dataclass_fields__:
        raise typer.BadParameter(f"there is no option {name!r} of a training: see pinfold train --help")
    return option, [_value(value) for value in values.split(",")]


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise typer.BadParameter(f"must look like NAME=VALUE, got {text!r}", param_hint=option)
    return options.name(name.strip()), value


def _value(text: str) -> Any:
    """Numbers and switches as such, everything else as the word that it is."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    return value if isinstance(value, bool | int | float) else text.strip()


def _tell(info: pinfold.ExperimentInfo, as_json: bool) -> None:
    if as_json:
        print_json(info)
        return
    print_fields(
        [
            ("experiment", info.id),
            ("title", info.title),
            ("runs", f"{info.runs:,}, {info.fraction:.0%} done"),
            ("best run", "" if info.best_run is None else f"{info.best_run}, version {info.best_version}"),
            (f"best {info.metric}", "" if info.best_score is None else number(info.best_score)),
        ]
    )


def _tell_runs(experiment: pinfold.Experiment, metric: pinfold.RunMetric | None, as_json: bool) -> None:
    info = experiment.info
    runs = [run.info for run in experiment.runs(metric or info.metric or pinfold.RunMetric.MICRO_F1)]
    if as_json:
        print_json({"experiment": info, "runs": runs})
        return
    _tell(info, as_json=False)
    varied = _varied(runs)
    print_table(
        [">run", "", "state", ">version", ">micro F1", ">macro F1", ">MAP", *varied, "title"],
        ([*_cells(run), *(str(getattr(run.config, name)) for name in varied), run.title] for run in runs),
    )


def _varied(runs: list[pinfold.RunInfo]) -> list[str]:
    """Options in which the runs differ."""
    names = pinfold.RunConfig.__dataclass_fields__
    return [name for name in names if len({str(getattr(run.config, name)) for run in runs}) > 1]


def _cells(run: pinfold.RunInfo) -> list[str]:
    metrics = run.metrics
    figures = (metrics.micro_f1, metrics.macro_f1, metrics.mean_average_precision) if metrics else (None, None, None)
    return [
        str(run.number),
        "*" if run.starred else "",
        run.state or "–",
        str(run.version or "–"),
        *map(number, figures),
    ]
