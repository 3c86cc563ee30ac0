"""Runs as experiments: the calls, and what callers hold of the answers (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import grpc

from pinfold import _methods, _model_convert, _names
from pinfold._calls import Call, Listing, call, listing
from pinfold._convert import time_from
from pinfold._enums import Wire
from pinfold._errors import DeadlineExceeded
from pinfold._model_types import RunConfig, RunInfo
from pinfold._runs import merged_config
from pinfold.v1 import experiment_pb2 as pb
from pinfold.v1 import model_service_pb2, run_pb2

Grid = Mapping[str, Sequence[Any]]


class RunMetric(StrEnum):
    """A figure of a run on held-out documents; the best is the highest, of the calibration error the lowest."""

    MICRO_F1 = "micro_f1"
    MACRO_F1 = "macro_f1"
    MEAN_AVERAGE_PRECISION = "mean_average_precision"
    ACCURACY = "accuracy"
    CALIBRATION_ERROR = "calibration_error"


RUN_METRICS = Wire(RunMetric, pb.RunMetric, "RUN_METRIC")


@dataclass(frozen=True, slots=True)
class ExperimentInfo:
    """Runs that belong together, as the server last told it.

    `fraction`: part of all its runs that is done, 0 to 1. `best_run`, `best_version` and `best_score` are None while
    no run has the figure `metric`.
    """

    id: str
    title: str
    description: str
    metric: RunMetric | None
    runs: int
    queued: int
    running: int
    succeeded: int
    failed: int
    cancelled: int
    fraction: float
    best_run: int | None
    best_version: int | None
    best_score: float | None
    create_time: datetime

    @property
    def done(self) -> bool:
        """No run waits or works."""
        return not self.queued and not self.running


@dataclass(frozen=True, slots=True)
class RunDeletion:
    """What a deletion takes with it, or took. While `deleted` is False, `token` confirms it."""

    deleted: bool
    token: str | None
    consequences: str
    version: int | None


@dataclass(frozen=True, slots=True)
class RunNotes:
    """What people say of a run; None leaves it as it is, an empty one clears it."""

    title: str | None = None
    notes: str | None = None
    metadata: Mapping[str, str] | None = None
    starred: bool | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """Runs to be queued as one experiment: a list of configurations, or the options of a grid over `base`."""

    experiment_id: str
    configs: Iterable[RunConfig] | None = None
    grid: Grid | None = None
    base: RunConfig | None = None
    title: str = ""
    description: str = ""
    metric: RunMetric | str | None = None


def create_sweep(dataset_id: str, sweep: Sweep) -> Call[ExperimentInfo]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    if (sweep.configs is None) == (sweep.grid is None):
        raise TypeError("a sweep takes either configs or a grid")
    request = pb.CreateSweepRequest(
        dataset=_names.dataset(dataset_id),
        experiment_id=_names.text_argument(sweep.experiment_id, "experiment_id"),
        title=sweep.title,
        description=sweep.description,
        metric=None if sweep.metric is None else RUN_METRICS.encode(sweep.metric, "metric"),
        configs=[_model_convert.run_config_message(config) for config in sweep.configs or ()],
    )
    if sweep.base is not None:
        request.base.CopyFrom(_model_convert.run_config_message(sweep.base))
    for option, values in (sweep.grid or {}).items():
        request.axes.append(_axis(option, values))
    return call(_methods.CREATE_SWEEP, request, experiment_info)


def get_experiment(dataset_id: str, experiment_id: str) -> Call[ExperimentInfo]:
    request = pb.GetExperimentRequest(name=_names.experiment(dataset_id, experiment_id))
    return call(_methods.GET_EXPERIMENT, request, experiment_info)


def list_experiments(dataset_id: str) -> Listing[ExperimentInfo]:
    request = pb.ListExperimentsRequest(dataset=_names.dataset(dataset_id))
    return listing(_methods.LIST_EXPERIMENTS, request, lambda page: page.experiments, experiment_info)


def cancel_experiment(dataset_id: str, experiment_id: str) -> Call[ExperimentInfo]:
    request = pb.CancelExperimentRequest(name=_names.experiment(dataset_id, experiment_id))
    return call(_methods.CANCEL_EXPERIMENT, request, experiment_info)


def list_experiment_runs(
    dataset_id: str, experiment_id: str | None, order_by: RunMetric | str | None, starred_only: bool
) -> Listing[RunInfo]:
    """Of one experiment, or of all runs when it is None."""
    request = model_service_pb2.ListRunsRequest(
        dataset=_names.dataset(dataset_id),
        order_by=None if order_by is None else RUN_METRICS.encode(order_by, "order_by"),
        starred_only=starred_only,
    )
    if experiment_id is not None:
        request.experiment_id = _names.text_argument(experiment_id, "experiment")
    return listing(_methods.LIST_RUNS, request, lambda page: page.runs, _model_convert.run_info)


def update_run(dataset_id: str, number: int, said: RunNotes) -> Call[RunInfo]:
    run = run_pb2.Run(name=_names.run(dataset_id, number))
    request = pb.UpdateRunRequest(run=run)
    for field in ("title", "notes", "starred", "metadata"):
        value = getattr(said, field)
        if value is None:
            continue
        request.update_mask.paths.append(field)
        request.run.MergeFrom(run_pb2.Run(**{field: value}))
    if not request.update_mask.paths:
        raise TypeError("update() takes title, notes, metadata or starred")
    return call(_methods.UPDATE_RUN, request, _model_convert.run_info)


def delete_run(dataset_id: str, number: int, token: str | None) -> Call[RunDeletion]:
    request = pb.DeleteRunRequest(name=_names.run(dataset_id, number), confirmation_token=token)
    return call(_methods.DELETE_RUN, request, _run_deletion)


def not_ended(experiment_id: str) -> DeadlineExceeded:
    """What a wait raises when its time is over."""
    text = f"the time to wait for experiment {experiment_id} is over; its runs go on"
    return DeadlineExceeded(text, grpc.StatusCode.DEADLINE_EXCEEDED)


def experiment_info(message: pb.Experiment) -> ExperimentInfo:
    return ExperimentInfo(
        id=_names.last_part(message.name),
        title=message.title,
        description=message.description,
        metric=RUN_METRICS.decode(message.metric),
        runs=message.run_count,
        queued=message.queued_count,
        running=message.running_count,
        succeeded=message.succeeded_count,
        failed=message.failed_count,
        cancelled=message.cancelled_count,
        fraction=message.fraction,
        best_run=int(_names.last_part(message.best_run)) if message.best_run else None,
        best_version=message.best_version or None,
        best_score=message.best_score if message.HasField("best_score") else None,
        create_time=time_from(message.create_time),
    )


def _axis(option: str, values: Sequence[Any]) -> pb.SweepAxis:
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise TypeError(f"grid[{option!r}] must be a list of values, got {type(values).__name__}")
    configs = [merged_config(None, {option: value}) for value in values]  # type: ignore[misc]  # checked by the call
    return pb.SweepAxis(values=[_model_convert.run_config_message(config) for config in configs])


def _run_deletion(message: pb.DeleteRunResponse) -> RunDeletion:
    return RunDeletion(
        message.deleted, message.confirmation_token or None, message.consequences, message.version or None
    )
