"""Progress for people: a line on standard error, or whatever callable they pass. Never on standard output."""

import sys
from collections.abc import Callable
from typing import TextIO, TypeVar

from pinfold._enums import RunState
from pinfold._experiments import ExperimentInfo
from pinfold._model_types import RunInfo
from pinfold._types import TransferProgress, UploadProgress

T = TypeVar("T")

TransferReport = bool | Callable[[TransferProgress], object]

_BAR_WIDTH = 24
_LINE_WIDTH = 79


class ProgressLine:
    """One line of a terminal that is written over and over."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = ""

    def show(self, text: str, last: bool) -> None:
        line = text[:_LINE_WIDTH]
        if line != self._shown:
            self._stream.write("\r" + line.ljust(len(self._shown)))
            self._shown = line
        if last:
            self._stream.write("\n")
            self._shown = ""
        self._stream.flush()


def upload_text(progress: UploadProgress, what: str = "upload") -> str:
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    if not progress.total:
        return f"{what}  {progress.done:,} rows{failed}"
    return f"{what}  {_bar(progress.done / progress.total)}  {progress.done:,}/{progress.total:,} rows{failed}"


def run_text(run: RunInfo) -> str:
    doing = run.phase.value if run.phase else (run.state.value if run.state else "")
    left = "" if run.seconds_left is None or run.done else f"  {_duration(run.seconds_left)} left"
    fraction = 1.0 if run.state is RunState.SUCCEEDED else run.fraction
    return f"run {run.number}  {_bar(fraction)}  {doing}{left}"


def transfer_text(what: str, progress: TransferProgress) -> str:
    done, total = progress.done / 1e6, progress.total / 1e6
    fraction = progress.done / progress.total if progress.total else 1.0
    doing = "" if progress.finished or progress.done < progress.total else "  the server checks it"
    return f"{what}  {_bar(fraction)}  {done:,.1f}/{total:,.1f} MB{doing}"


def transfer_reporter(what: str, progress: TransferReport) -> Callable[[TransferProgress], object]:
    return _reporter(progress, lambda state: transfer_text(what, state), lambda state: state.finished)


def upload_reporter(
    progress: bool | Callable[[UploadProgress], object], what: str = "upload"
) -> Callable[[UploadProgress], object]:
    return _reporter(progress, lambda state: upload_text(state, what), lambda state: state.finished)


def run_reporter(progress: bool | Callable[[RunInfo], object]) -> Callable[[RunInfo], object]:
    return _reporter(progress, run_text, lambda run: run.done)


def experiment_text(experiment: ExperimentInfo) -> str:
    ended = experiment.runs - experiment.queued - experiment.running
    best = "" if experiment.best_score is None else f"  best {experiment.best_score:.3f}"
    return f"{experiment.id}  {_bar(experiment.fraction)}  {ended}/{experiment.runs} runs{best}"


def experiment_reporter(progress: bool | Callable[[ExperimentInfo], object]) -> Callable[[ExperimentInfo], object]:
    return _reporter(progress, experiment_text, lambda experiment: experiment.done)


def _reporter(
    progress: bool | Callable[[T], object], text: Callable[[T], str], last: Callable[[T], bool]
) -> Callable[[T], object]:
    """False is silent, True writes to standard error where it is a terminal, a callable gets every state."""
    if callable(progress):
        return progress
    if not progress or not sys.stderr.isatty():
        return _silent
    line = ProgressLine(sys.stderr)
    return lambda state: line.show(text(state), last(state))


def _silent(_: object) -> None:
    pass


def _bar(fraction: float) -> str:
    filled = round(min(max(fraction, 0.0), 1.0) * _BAR_WIDTH)
    return f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {fraction:4.0%}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
