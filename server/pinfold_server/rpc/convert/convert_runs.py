"""Runs and their configurations: messages to values, records to messages."""

from dataclasses import fields
from typing import Any

from pinfold.v1 import run_pb2, version_pb2
from pinfold.v1.run_pb2 import Run, RunConfiguration, RunError, Selection, SelectionCandidate
from pinfold.v1.run_pb2 import RunConfig as RunConfigMessage
from pinfold_server.domain import names
from pinfold_server.domain.runs.configs import CHOICES, Algorithm, RunConfig
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.rpc.convert.convert_versions import metrics_to_pb
from pinfold_server.services.runs import run_configs
from pinfold_server.store.storage_pb2 import RunConfigRecord, RunConfigurationRecord, RunRecord, SelectionRecord

_ENUMS = {
    "algorithm": run_pb2.Algorithm,
    "char_scope": run_pb2.CharScope,
    "feature_selection": run_pb2.FeatureSelection,
    "stop_word_list": run_pb2.StopWordList,
    "class_weight": run_pb2.ClassWeight,
    "label_mode": version_pb2.LabelMode,
}
_NUMBERS = {
    name: {choice: _ENUMS[name].Value(f"{name.upper()}_{choice.name}") for choice in choices}
    for name, choices in CHOICES.items()
}
"""The values of an option's enum are named like the option and the choice: ALGORITHM_LINEAR_SVM."""

_STATES = {
    "queued": Run.STATE_QUEUED,
    "running": Run.STATE_RUNNING,
    "succeeded": Run.STATE_SUCCEEDED,
    "failed": Run.STATE_FAILED,
    "cancelled": Run.STATE_CANCELLED,
}
_PHASES = {
    "": Run.PHASE_UNSPECIFIED,
    "snapshot": Run.PHASE_SNAPSHOT,
    "features": Run.PHASE_FEATURES,
    "validate": Run.PHASE_VALIDATE,
    "fit": Run.PHASE_FIT,
    "export": Run.PHASE_EXPORT,
    "parity": Run.PHASE_PARITY,
    "publish": Run.PHASE_PUBLISH,
}


def config_from_pb(message: RunConfigMessage, field: str = "config") -> RunConfig:
    """Options that are not set take their defaults. Raises AppError INVALID for an unknown choice, below `field`."""
    chosen: dict[str, Any] = {}
    for name in (item.name for item in fields(RunConfig)):
        value = getattr(message, name)
        if name in CHOICES:
            if value:
                chosen[name] = _choice(name, value, field)
        elif name == "stop_words":
            chosen[name] = tuple(value)
        elif message.HasField(name):
            chosen[name] = value
    return RunConfig(**chosen)


def _choice(name: str, number: int, field: str) -> str:
    for choice, known in _NUMBERS[name].items():
        if known == number:
            return choice
    raise invalid(f"{field}.{name}", f"is not known to this server: {number}", "INVALID_CONFIG")


def config_to_pb(record: RunConfigRecord) -> RunConfigMessage:
    """With every default filled in, those too that an earlier server did not know."""
    config = run_configs.from_record(record)
    values = {item.name: getattr(config, item.name) for item in fields(config)}
    for name, numbers in _NUMBERS.items():
        values[name] = numbers[values[name]]
    return RunConfigMessage(**values)


def configuration_to_pb(record: RunConfigurationRecord) -> RunConfiguration:
    return RunConfiguration(
        name=names.run_configuration_name(record.id),
        description=record.description,
        config=config_to_pb(record.config),
        create_time=timestamp(record.created_us),
    )


def run_to_pb(dataset_id: str, record: RunRecord) -> Run:
    message = Run(
        name=names.run_name(dataset_id, record.number),
        state=_STATES[record.state],
        phase=_PHASES[record.phase],
        fraction=record.fraction,
        config=config_to_pb(record.config),
        revision=record.revision,
        version=record.version,
        cancel_requested=record.cancel_requested,
        attempt=record.attempt,
        create_time=timestamp(record.created_us),
        start_time=timestamp(record.started_us),
        end_time=timestamp(record.ended_us),
        title=record.title,
        notes=record.notes,
        metadata=record.metadata,
        starred=record.starred,
        automatic=record.automatic,
    )
    if record.configuration_id:
        message.run_configuration = names.run_configuration_name(record.configuration_id)
    if record.experiment_id:
        message.experiment = names.experiment_name(dataset_id, record.experiment_id)
    if record.HasField("seconds_left"):
        message.seconds_left = record.seconds_left
    if record.HasField("metrics"):
        message.metrics.CopyFrom(metrics_to_pb(record.metrics))
    if record.HasField("selection"):
        message.selection.CopyFrom(_selection_to_pb(record.selection))
    if record.error_reason:
        message.error.CopyFrom(RunError(reason=record.error_reason, message=record.error_message))
    return message


def _selection_to_pb(record: SelectionRecord) -> Selection:
    algorithms = {choice: run_pb2.Algorithm.Name(number) for choice, number in _NUMBERS["algorithm"].items()}
    return Selection(
        measure=record.measure,
        candidates=[
            SelectionCandidate(algorithm=algorithms[Algorithm(each.algorithm)], score=each.score, seconds=each.seconds)
            for each in record.candidates
        ],
        algorithm=algorithms[Algorithm(record.algorithm)],
    )
