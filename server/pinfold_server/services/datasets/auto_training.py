"""Automatic training: decided and queued in one transaction, so that a crash neither loses nor doubles a run."""

from pinfold_server.domain.runs.auto_training import AutoTraining
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.services.runs import run_configs
from pinfold_server.services.runs.runs import enqueue_run
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AutoTrainingRecord, DatasetRecord, RunRecord
from pinfold_server.store.tables import run_configurations, runs, versions


def to_record(wanted: AutoTraining) -> AutoTrainingRecord:
    return AutoTrainingRecord(
        enabled=wanted.enabled,
        after_changes=wanted.after_changes,
        after_quiet_seconds=wanted.after_quiet_seconds,
        configuration_id=wanted.configuration_id,
    )


def from_record(record: AutoTrainingRecord) -> AutoTraining:
    return AutoTraining(record.enabled, record.after_changes, record.after_quiet_seconds, record.configuration_id)


def is_due(txn: Txn, owner: DatasetRecord, quiet_seconds: float) -> bool:
    """Whether a run is to be queued now: a condition holds, there is something to learn from, and no run is under
    way.
    """
    if not owner.auto_training.enabled or not owner.annotated_count:
        return False
    changes = owner.revision - max(owner.auto_revision, trained_revision(txn, owner))
    return from_record(owner.auto_training).is_due(changes, quiet_seconds) and not any_active(txn, owner.uid)


def queue(txn: Txn, owner: DatasetRecord, now_us: int) -> RunRecord:
    """Queues the run, and notes the revision it is for. A run configuration that is gone means the default options."""
    named = owner.auto_training.configuration_id
    stored = run_configurations.get(txn, named) if named else None
    config = run_configs.to_record(RunConfig()) if stored is None else stored.config
    owner.auto_revision = owner.revision
    wanted = RunRecord(config=config, configuration_id=named if stored else "", automatic=True)
    return enqueue_run(txn, owner, wanted, now_us)


def trained_revision(txn: Txn, owner: DatasetRecord) -> int:
    """Revision that the newest version was trained on; 0 without one."""
    record = versions.get(txn, owner.uid, owner.latest_version) if owner.latest_version else None
    return 0 if record is None else record.revision


def any_active(txn: Txn, dataset_uid: int) -> bool:
    """Whether a run of the dataset waits or works."""
    return any(not RunState(record.state).ended for _, record in runs.newest_first(txn, dataset_uid))
