"""Progress bars on standard error for uploads and trainings."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskProgressColumn, TextColumn

import pinfold


@contextlib.contextmanager
def upload_bar(what: str = "upload", *, shown: bool = True) -> Iterator[Callable[[pinfold.UploadProgress], None]]:
    """A callable for `Dataset.upload(progress=…)`; without a known total the bar only moves."""
    with _bar(TextColumn("{task.fields[note]}"), shown=shown) as progress:
        task = progress.add_task(what, total=None, note="")

        def report(state: pinfold.UploadProgress) -> None:
            note = f"{state.done:,} rows" + (f", {state.failed:,} failed" if state.failed else "")
            progress.update(task, completed=state.done, total=state.total, note=note)

        yield report


@contextlib.contextmanager
def transfer_bar(what: str, *, shown: bool = True) -> Iterator[Callable[[pinfold.TransferProgress], None]]:
    """A callable for archives: megabytes, then what the other side does with them."""
    with _bar(TaskProgressColumn(), TextColumn("{task.fields[note]}"), shown=shown) as progress:
        task = progress.add_task(what, total=None, note="")

        def report(state: pinfold.TransferProgress) -> None:
            waits = state.done == state.total and not state.finished
            note = f"{state.done / 1e6:,.1f} MB" + (", the server checks it" if waits else "")
            progress.update(task, completed=state.done, total=max(state.total, 1), note=note)

        yield report


@contextlib.contextmanager
def run_bar(*, shown: bool = True) -> Iterator[Callable[[pinfold.RunInfo], None]]:
    """A callable for `Run.wait(progress=…)`: phase, bar, seconds left."""
    with _bar(TaskProgressColumn(), TextColumn("{task.fields[note]}"), shown=shown) as progress:
        task = progress.add_task("train", total=1.0, note="")

        def report(run: pinfold.RunInfo) -> None:
            left = "" if run.seconds_left is None or run.done else f", {run.seconds_left:.0f} s left"
            fraction = 1.0 if run.state == pinfold.RunState.SUCCEEDED else run.fraction
            doing = run.phase if run.phase and not run.done else run.state
            progress.update(task, completed=fraction, note=f"{doing or ''}{left}")

        yield report


@contextlib.contextmanager
def experiment_bar(*, shown: bool = True) -> Iterator[Callable[[pinfold.ExperimentInfo], None]]:
    """A callable for `Experiment.wait(progress=…)`: all runs as one, and the best figure so far."""
    with _bar(TaskProgressColumn(), TextColumn("{task.fields[note]}"), shown=shown) as progress:
        task = progress.add_task("sweep", total=1.0, note="")

        def report(info: pinfold.ExperimentInfo) -> None:
            best = "" if info.best_score is None else f", best {info.best_score:.3f}"
            ended = info.runs - info.queued - info.running
            progress.update(task, completed=info.fraction, note=f"{ended} of {info.runs} runs{best}")

        yield report


def _bar(*after: ProgressColumn, shown: bool) -> Progress:
    return Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        *after,
        console=Console(stderr=True),
        # A file or a log gets no bars.
        disable=not (shown and sys.stderr.isatty()),
    )
