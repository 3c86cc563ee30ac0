"""The command `pinfold demo`: the main job from nothing to a rollback, on real text and a real server."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

import pinfold
from pinfold._files.bad_lines import InputError
from pinfold._files.columns import ColumnChoice
from pinfold._files.rows import PATH_SEPARATOR, LabelCells
from pinfold.cli import options
from pinfold.cli.demo_data import DemoData, documentation, user_file
from pinfold.cli.demo_report import (
    comparison_table,
    measure_cut,
    policy_table,
    prediction_table,
    quality_table,
    reasons,
)
from pinfold.cli.local_server import LocalServer
from pinfold.cli.measure import measure_latency, measure_throughput
from pinfold.cli.output import number
from pinfold.cli.progress import run_bar, upload_bar
from pinfold.cli.session import told_errors
from pinfold.cli.uploads import describe

_TEXTS_SHOWN = 5
_SECOND_CONFIG = pinfold.RunConfig(
    algorithm=pinfold.Algorithm.LOGISTIC_REGRESSION, word_ngram_max=1, char_ngram_min=0, char_ngram_max=0
)


@dataclass(frozen=True, slots=True)
class Stage:
    """What every act of the demo needs."""

    console: Console
    dataset: pinfold.Dataset
    data: DemoData
    seconds: float

    @property
    def new_texts(self) -> list[str]:
        """The texts that were kept back."""
        return [new.text for new in self.data.new]

    def title(self, text: str) -> None:
        """Begins a section."""
        self.console.print()
        self.console.rule(f"[bold]{text}[/]", align="left", style="dim")

    def say(self, text: str) -> None:
        """A sentence; square brackets are markup."""
        self.console.print(text)


def demo(
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            metavar="FILE",
            help="CSV or JSON Lines with texts and labels. Default: the documentation of installed packages.",
            show_default=False,
        ),
    ] = None,
    text_column: options.TextColumn = None,
    label_columns: options.LabelColumns = None,
    label_separator: options.LabelSeparator = "|",
    path_separator: options.PathSeparator = PATH_SEPARATOR,
    dataset_id: Annotated[
        str | None,
        typer.Option("--dataset-id", help="Id of the dataset. Default: from the file.", show_default=False),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            metavar="DIR",
            help="Folder for the server's data. Default: a temporary one, deleted.",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.01, max=60, help="Seconds of each of the three speed measurements.")
    ] = 1.5,
) -> None:
    """Show the main job on real text: upload, train, pin, tag, predict, promote, roll back, report."""
    begun = time.monotonic()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    with told_errors():
        if data is None:
            texts = documentation()
        else:
            choice = ColumnChoice(text=text_column, labels=tuple(label_columns or ()), split="")
            texts = user_file(data, choice, LabelCells(label_separator, path_separator), dataset_id)
        console.print(f"[bold]Pinfold[/] on {len(texts.rows) + len(texts.new):,} {texts.origin}", soft_wrap=True)
        starting = time.monotonic()
        with _folder(keep) as folder, LocalServer(folder) as server, pinfold.Client(server.target) as client:
            console.print(f"A server of its own listens on {server.target}, {time.monotonic() - starting:.1f} s later.")
            dataset = client.create_dataset(dataset_id or texts.dataset_id)
            _play(Stage(console, dataset, texts, seconds), keep)
        _farewell(console, keep, dataset.id, texts, time.monotonic() - begun)


def _play(stage: Stage, keep: Path | None) -> None:
    _upload(stage)
    first = _train(stage, "2  Train", None)
    _predict(stage)
    second = _train(stage, "4  Train another configuration and compare", _SECOND_CONFIG)
    comparison = stage.dataset.compare(first, second)
    stage.say(escape(comparison.summary))
    stage.console.print(comparison_table(comparison))
    _deploy(stage, second)
    _measure(stage)
    _report(stage, first, second, keep)


def _upload(stage: Stage) -> None:
    stage.title("1  Upload")
    start = time.monotonic()
    with upload_bar() as progress:
        report = stage.dataset.upload(stage.data.rows, progress=progress)
    stage.say(f"{describe(report)} {time.monotonic() - start:.1f} s, stored durably.")
    stage.say(f"{len(stage.data.new):,} texts are kept back: they will be the new ones.")


def _train(stage: Stage, title: str, config: pinfold.RunConfig | None) -> pinfold.Version:
    stage.title(title)
    if config is not None:
        stage.say("Logistic regression on single words, without character n-grams:")
    with run_bar() as progress:
        version = stage.dataset.train(config).wait(progress=progress)
    info, metrics = version.info, version.info.metrics
    accuracy = "" if metrics.accuracy is None else f", accuracy [bold]{number(metrics.accuracy)}[/]"
    stage.say(
        f"Version {info.number}: {info.file.feature_count:,} features,"
        f" {info.file.size / 2**20:.1f} MiB of ONNX, trained in {info.train_seconds:.1f} s."
    )
    stage.say(
        f"On {metrics.test_size:,} documents held out of the training: micro F1 [bold]{number(metrics.micro_f1)}[/],"
        f" macro F1 [bold]{number(metrics.macro_f1)}[/]{accuracy}."
    )
    if config is None:
        stage.console.print(quality_table(version.labels))
    version.pin()
    tag = "live" if config is None else "staging"
    stage.dataset.set_tag(tag, version)
    stage.say(f"Version {info.number} is pinned, for ever the same file, and tagged [bold]{tag}[/].")
    return version


def _predict(stage: Stage) -> None:
    stage.title("3  Predict new texts with live")
    shown = stage.data.new[:_TEXTS_SHOWN]
    stage.console.print(prediction_table(stage.dataset.predict([new.text for new in shown], version="live"), shown))
    stage.say(reasons(stage.dataset.explain(shown[0].text, top_k=8, max_contributions=4)))
    stage.say(f"Thresholds decide what is told. All {len(stage.data.new)} new texts:")
    cuts = {
        policy.value.replace("_", " "): measure_cut(
            stage.dataset.predict(stage.new_texts, version="live", policy=policy), stage.data.new
        )
        for policy in pinfold.ThresholdPolicy
    }
    stage.console.print(policy_table(cuts))


def _deploy(stage: Stage, second: pinfold.Version) -> None:
    stage.title("5  Promote and roll back")
    text = stage.new_texts[0]
    stage.say(f"live answers with version [bold]{_answering(stage, text)}[/].")
    stage.say("Say that somebody promotes the other one, sees the figures, and goes back:")
    stage.dataset.promote("staging", "live")
    stage.say(f"  promote staging → live: the next request is answered by [bold]{_answering(stage, text)}[/].")
    stage.dataset.rollback("live")
    stage.say(f"  roll back live: the next request is answered by [bold]{_answering(stage, text)}[/].")
    by_number = stage.dataset.predict([text], version=second.number)
    stage.say(f"Any pinned version can still be asked by its number: {by_number[0].version}.")


def _answering(stage: Stage, text: str) -> int:
    return stage.dataset.predict([text], version="live")[0].version


def _measure(stage: Stage) -> None:
    stage.title("6  Speed, one caller and one worker on this machine")
    dataset, texts = stage.dataset, stage.new_texts
    latency = measure_latency(dataset.predict, texts, stage.seconds)
    stage.say(
        f"1 text a request: p50 [bold]{latency.p50:.2f} ms[/], p99 {latency.p99:.2f} ms ({latency.calls:,} calls)"
    )
    for batch in (64, 512):
        rate = measure_throughput(dataset.predict, texts, batch, stage.seconds)
        stage.say(f"{batch} texts a request: [bold]{rate:,.0f}[/] texts/s")


def _report(stage: Stage, first: pinfold.Version, second: pinfold.Version, keep: Path | None) -> None:
    stage.title("7  The report people look at")
    # It outlives the demo, so a temporary one gets a folder that nobody deletes at the end.
    folder = keep or Path(tempfile.mkdtemp(prefix="pinfold-report-"))
    try:
        file = second.report(folder / "report.html", compare=first)
    except InputError as error:
        stage.console.print(str(error), markup=False, soft_wrap=True)
        return
    compared = f"version {second.number}, compared with version {first.number}"
    stage.say(f"Charts, labels and flipped documents of {compared}; open it in a browser:")
    stage.console.print(str(file), markup=False, soft_wrap=True)


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder of the demo's server. A kept one must be empty: old data would be mixed with the new."""
    if keep is not None:
        if keep.exists() and any(keep.iterdir()):
            raise InputError(f"--keep: {keep} is not empty")
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="pinfold-demo-") as folder:
        yield Path(folder)


def _farewell(console: Console, keep: Path | None, dataset_id: str, data: DemoData, seconds: float) -> None:
    console.print()
    console.rule(f"[bold]That was all, in {seconds:.0f} s.[/] Go on by hand:", align="left", style="dim")
    program = _program()
    folder = keep or Path("pinfold-demo")
    if keep is None:
        console.print(f"{program} demo --keep {folder}    [dim]# the same again, data kept[/]", soft_wrap=True)
    text = shlex.quote(" ".join(data.new[0].text.split()[:8]))
    for command in (
        f"serve --data {shlex.quote(str(folder / 'data'))} &",
        f"version {dataset_id} live",
        f"predict {dataset_id} {text} --policy high_recall",
        f"tag history {dataset_id}",
        "dataset create mine && pinfold upload mine FILE.csv && pinfold train mine".replace("pinfold", program),
        f"download {dataset_id} live --output model.onnx",
        f"report {dataset_id} staging --compare live --output report.html",
    ):
        console.print(f"{program} {command}", soft_wrap=True, markup=False)


def _program() -> str:
    """How the user can call this command line again."""
    called = Path(sys.argv[0])
    if called.name != "pinfold":
        return "python -m pinfold.cli"
    found = shutil.which("pinfold")
    return "pinfold" if found and Path(found).samefile(called) else os.path.relpath(called)
