"""Runs and their configurations: messages to values, records to messages."""

from dataclasses import fields
from typing import Any

from pinfold.v1.run_pb2 import (
    ALGORITHM_LINEAR_SVM,
    ALGORITHM_LOGISTIC_REGRESSION,
    ALGORITHM_UNSPECIFIED,
    Run,
    RunError,
)
from pinfold.v1.run_pb2 import RunConfig as RunConfigMessage
from pinfold_server.domain import names
from pinfold_server.domain.configs import Algorithm, RunConfig
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert_time import timestamp
from pinfold_server.rpc.convert_versions import metrics_to_pb
from pinfold_server.store.storage_pb2 import RunConfigRecord, RunRecord

_ALGORITHMS = {
    ALGORITHM_LINEAR_SVM: Algorithm.LINEAR_SVM,
    ALGORITHM_LOGISTIC_REGRESSION: Algorithm.LOGISTIC_REGRESSION,
}
_ALGORITHM_NUMBERS = {algorithm: number for number, algorithm in _ALGORITHMS.items()}

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


def config_from_pb(message: RunConfigMessage) -> RunConfig:
    """Options that are not set take their defaults. Raises AppError INVALID for an unknown algorithm."""
    chosen: dict[str, Any] = {
        item.name: getattr(message, item.name)
        for item in fields(RunConfig)
        if item.name != "algorithm" and message.HasField(item.name)
    }
    if message.algorithm != ALGORITHM_UNSPECIFIED:
        if message.algorithm not in _ALGORITHMS:
            raise invalid("config.algorithm", f"is not known to this server: {message.algorithm}", "INVALID_CONFIG")
        chosen["algorithm"] = _ALGORITHMS[message.algorithm]
    return RunConfig(**chosen)


def config_to_pb(record: RunConfigRecord) -> RunConfigMessage:
    values = {item.name: getattr(record, item.name) for item in fields(RunConfig) if item.name != "algorithm"}
    return RunConfigMessage(algorithm=_ALGORITHM_NUMBERS[Algorithm(record.algorithm)], **values)


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
    )
    if record.HasField("seconds_left"):
        message.seconds_left = record.seconds_left
    if record.HasField("metrics"):
        message.metrics.CopyFrom(metrics_to_pb(record.metrics))
    if record.error_reason:
        message.error.CopyFrom(RunError(reason=record.error_reason, message=record.error_message))
    return message
