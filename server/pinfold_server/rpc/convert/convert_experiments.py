"""Experiments, sweeps and what people say of runs: messages to values, results to messages."""

import itertools

from pinfold.v1 import experiment_pb2 as pb
from pinfold.v1.model_service_pb2 import TrainRequest
from pinfold.v1.run_pb2 import RunConfig as RunConfigMessage
from pinfold_server.domain import names
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.experiments import SWEEP_RUNS_MAX, RunMetric, RunNotes
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_runs import config_from_pb
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.runs.experiments import ExperimentInfo, Sweep, score_of
from pinfold_server.services.runs.run_deletions import Deletion

_METRICS = {
    RunMetric.MICRO_F1: pb.RUN_METRIC_MICRO_F1,
    RunMetric.MACRO_F1: pb.RUN_METRIC_MACRO_F1,
    RunMetric.MEAN_AVERAGE_PRECISION: pb.RUN_METRIC_MEAN_AVERAGE_PRECISION,
    RunMetric.ACCURACY: pb.RUN_METRIC_ACCURACY,
    RunMetric.CALIBRATION_ERROR: pb.RUN_METRIC_CALIBRATION_ERROR,
}
_UPDATABLE = frozenset({"title", "notes", "metadata", "starred"})


def metric_from_pb(number: int, field: str) -> RunMetric | None:
    """None for none. Raises AppError INVALID."""
    for metric, known in _METRICS.items():
        if known == number:
            return metric
    if number:
        raise invalid(field, f"is not known to this server: {number}")
    return None


def sweep_from_pb(request: pb.CreateSweepRequest) -> Sweep:
    """Raises AppError INVALID, INVALID_SWEEP, INVALID_CONFIG."""
    return Sweep(
        request.experiment_id,
        request.title,
        request.description,
        metric_from_pb(request.metric, "metric") or RunMetric.MICRO_F1,
        _listed(request) if request.configs else _grid(request),
        is_grid=not request.configs,
    )


def notes_of_training(request: TrainRequest) -> RunNotes:
    return RunNotes(request.title, request.notes, dict(request.metadata))


def notes_from_pb(request: pb.UpdateRunRequest) -> RunNotes:
    """The fields that the mask names; without one, those that are not empty. Raises AppError INVALID."""
    run = request.run
    chosen = set(request.update_mask.paths) or _UPDATABLE & {each.name for each, _ in run.ListFields()}
    for path in sorted(chosen - _UPDATABLE):
        raise invalid("update_mask", f"must name only {', '.join(sorted(_UPDATABLE))}, got {path!r}")
    return RunNotes(
        title=run.title if "title" in chosen else None,
        notes=run.notes if "notes" in chosen else None,
        metadata=dict(run.metadata) if "metadata" in chosen else None,
        starred=run.starred if "starred" in chosen else None,
    )


def experiment_to_pb(dataset_id: str, info: ExperimentInfo) -> pb.Experiment:
    record, best = info.record, info.best
    message = pb.Experiment(
        name=names.experiment_name(dataset_id, record.id),
        title=record.title,
        description=record.description,
        metric=_METRICS[info.metric],
        run_count=len(info.runs),
        queued_count=info.count(RunState.QUEUED),
        running_count=info.count(RunState.RUNNING),
        succeeded_count=info.count(RunState.SUCCEEDED),
        failed_count=info.count(RunState.FAILED),
        cancelled_count=info.count(RunState.CANCELLED),
        fraction=info.fraction,
        create_time=timestamp(record.created_us),
    )
    if best is not None:
        message.best_run = names.run_name(dataset_id, best.number)
        message.best_version = best.version
        message.best_score = score_of(best, info.metric) or 0.0
    return message


def deletion_to_pb(deletion: Deletion) -> pb.DeleteRunResponse:
    return pb.DeleteRunResponse(
        deleted=not deletion.token,
        confirmation_token=deletion.token,
        consequences=deletion.consequences,
        version=deletion.version,
    )


def _listed(request: pb.CreateSweepRequest) -> list[RunConfig]:
    for field, is_set in (("base", request.HasField("base")), ("axes", bool(request.axes))):
        if is_set:
            raise invalid(field, "must not be set together with configs: a sweep is a list or a grid", "INVALID_SWEEP")
    return [config_from_pb(config, f"configs[{place}]") for place, config in enumerate(request.configs)]


def _grid(request: pb.CreateSweepRequest) -> list[RunConfig]:
    """Every combination of one value of each axis, the last axis the fastest."""
    if not request.axes:
        raise invalid("configs", "must hold a configuration, or axes a grid: nothing would be trained", "INVALID_SWEEP")
    runs = 1
    for place, axis in enumerate(request.axes):
        _check_axis(axis, place)
        runs *= len(axis.values)
        if runs > SWEEP_RUNS_MAX:
            raise invalid("axes", f"must make at most {SWEEP_RUNS_MAX} runs together", "INVALID_SWEEP")
    combinations = itertools.product(*(axis.values for axis in request.axes))
    return [config_from_pb(_merged(request.base, chosen), "axes") for chosen in combinations]


def _check_axis(axis: pb.SweepAxis, place: int) -> None:
    if not axis.values:
        raise invalid(f"axes[{place}].values", "must hold at least one value", "INVALID_SWEEP")
    for index, value in enumerate(axis.values):
        if not value.ListFields():
            raise invalid(f"axes[{place}].values[{index}]", "must set at least one option", "INVALID_SWEEP")


def _merged(base: RunConfigMessage, chosen: tuple[RunConfigMessage, ...]) -> RunConfigMessage:
    merged = RunConfigMessage()
    for part in (base, *chosen):
        if part.stop_words:
            merged.ClearField("stop_words")  # a list takes the place of another, it is not added to it
        merged.MergeFrom(part)
    return merged
