"""Statuses of datasets and their automatic training: values to messages, and back."""

from pinfold.v1.dataset_pb2 import AutoTraining as AutoTrainingMessage
from pinfold.v1.dataset_status_pb2 import DatasetStatus, ScoringStatus, WatchDatasetRequest
from pinfold_server.domain import names
from pinfold_server.domain.runs import auto_training
from pinfold_server.domain.runs.auto_training import AutoTraining
from pinfold_server.rpc.convert.convert_runs import run_to_pb
from pinfold_server.services.datasets.statuses import Status
from pinfold_server.store.storage_pb2 import DatasetRecord


def auto_training_to_pb(owner: DatasetRecord) -> AutoTrainingMessage | None:
    """None for a dataset of which nobody asked it."""
    if not owner.HasField("auto_training"):
        return None
    record = owner.auto_training
    return AutoTrainingMessage(
        enabled=record.enabled,
        after_changes=record.after_changes,
        after_quiet_seconds=record.after_quiet_seconds,
        run_configuration=names.run_configuration_name(record.configuration_id) if record.configuration_id else "",
    )


def auto_training_from_pb(message: AutoTrainingMessage) -> AutoTraining:
    """Raises AppError INVALID."""
    changes, quiet = auto_training.AFTER_CHANGES, auto_training.AFTER_QUIET_SECONDS
    named, field = message.run_configuration, "dataset.auto_training.run_configuration"
    return AutoTraining(
        message.enabled,
        message.after_changes if message.HasField("after_changes") else changes,
        message.after_quiet_seconds if message.HasField("after_quiet_seconds") else quiet,
        names.parse_run_configuration(named, field) if named else "",
    )


def heartbeat_from_pb(request: WatchDatasetRequest) -> float | None:
    """Seconds; None where none are told."""
    if not request.HasField("heartbeat"):
        return None
    return request.heartbeat.seconds + request.heartbeat.nanos / 1e9


def status_to_pb(status: Status) -> DatasetStatus:
    owner, scoring = status.owner, status.scoring
    message = DatasetStatus(
        dataset=names.dataset_name(owner.id),
        revision=owner.revision,
        latest_version=owner.latest_version,
        trained_revision=status.trained_revision,
        changes_behind=owner.revision - status.trained_revision,
        document_count=status.document_count,
        annotated_count=owner.annotated_count,
        reviewed_count=owner.reviewed_count,
        label_count=owner.label_count,
        active_runs=[run_to_pb(owner.id, record) for record in status.active],
        scoring=ScoringStatus(version=owner.latest_version, ranking_version=status.ranking_version),
        auto_training=auto_training_to_pb(owner),
    )
    if scoring is not None:
        message.scoring.complete = scoring.complete
        message.scoring.scored_count = scoring.scored_count
        message.scoring.document_count = scoring.document_count
    return message
