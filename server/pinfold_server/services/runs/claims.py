"""Runs, as trainers see them: claimed, reported on, published or failed. Callers' side is `runs.py`.

A claim names its trainer. A trainer that dies leaves its run RUNNING; the next trainer in the same place queues it
again. Publishing is one transaction: version, labels, file reference, metrics, newest version, end of the run, or
nothing of it.
"""

from dataclasses import dataclass

from pinfold_server.domain.runs.runs import ATTEMPTS_MAX, RunState
from pinfold_server.services.versions.versions import drop_file
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import (
    DatasetRecord,
    RunConfigRecord,
    RunRecord,
    VersionLabelsRecord,
    VersionRecord,
)
from pinfold_server.store.tables import artefacts, datasets, runs, versions


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that one trainer works on; `attempt` tells it from an earlier claim by the same trainer."""

    trainer: str
    dataset_id: str
    dataset_uid: int
    run: int
    attempt: int
    config: RunConfigRecord


@dataclass(frozen=True, slots=True)
class Progress:
    phase: str
    fraction: float
    seconds_left: float | None


class ClaimLost(Exception):
    """The run is no longer this trainer's: it was given to another, or its dataset was deleted."""


def any_waits(txn: Txn) -> bool:
    """True when a run waits. Cheap, and blocks no writer."""
    return next(runs.waiting(txn), None) is not None


def claim(txn: Txn, trainer: str, now_us: int) -> Claim | None:
    """Takes the run that waits longest; None when none does."""
    owners = {record.uid: record for record in datasets.every(txn)}
    for queue_key, dataset_uid, number in list(runs.waiting(txn)):
        runs.dequeue(txn, queue_key)
        owner = owners.get(dataset_uid)
        record = runs.get(txn, dataset_uid, number)
        if owner is None or record is None or record.state != RunState.QUEUED:
            continue
        record.state, record.claimed_by = RunState.RUNNING, trainer
        record.attempt += 1
        record.started_us = record.started_us or now_us
        record.phase, record.fraction = "snapshot", 0.0
        runs.put(txn, dataset_uid, record)
        return Claim(trainer, owner.id, dataset_uid, number, record.attempt, record.config)
    return None


def queue_again(txn: Txn, trainer: str, now_us: int) -> int:
    """Queues the runs that a dead trainer of this name left; gives up one that killed its trainer too often. How
    many.
    """
    left = [
        (uid, record)
        for uid, record in runs.every(txn)
        if record.state == RunState.RUNNING and record.claimed_by == trainer
    ]
    for dataset_uid, record in left:
        if record.cancel_requested:
            _end(record, RunState.CANCELLED, now_us)
        elif record.attempt >= ATTEMPTS_MAX:
            record.error_reason = "TRAINER_DIED"
            record.error_message = (
                f"the trainer died {record.attempt} times in this run; the dataset may need more memory than there is"
            )
            _end(record, RunState.FAILED, now_us)
        else:
            give_back(record)
            runs.enqueue(txn, dataset_uid, record.number)
        runs.put(txn, dataset_uid, record)
    return len(left)


def give_back(record: RunRecord) -> None:
    """Makes a running record a waiting one."""
    record.state, record.claimed_by, record.phase, record.fraction = RunState.QUEUED, "", "", 0.0
    record.ClearField("seconds_left")


def release(txn: Txn, held: Claim) -> None:
    """Gives a run back unharmed, because its trainer was told to stop; the attempt does not count."""
    record = _held(txn, held)
    give_back(record)
    record.attempt -= 1
    runs.put(txn, held.dataset_uid, record)
    runs.enqueue(txn, held.dataset_uid, held.run)


def is_cancelled(txn: Txn, held: Claim) -> bool:
    """True when somebody asked the run to stop, or it is no longer ours."""
    try:
        return _held(txn, held).cancel_requested
    except ClaimLost:
        return True


def report(txn: Txn, held: Claim, progress: Progress) -> None:
    record = _held(txn, held)
    record.phase, record.fraction = progress.phase, progress.fraction
    record.ClearField("seconds_left")
    if progress.seconds_left is not None:
        record.seconds_left = progress.seconds_left
    runs.put(txn, held.dataset_uid, record)


def publish(txn: Txn, held: Claim, version: VersionRecord, labels: VersionLabelsRecord, now_us: int) -> int:
    """Makes the trained model the newest version and ends the run; returns the version's number.

    `version` comes without number and times; its file is staged already. Raises ClaimLost.
    """
    record = _held(txn, held)
    owner = _owner(txn, held)
    # Before the drop: the new file may be, bit for bit, the one that is dropped.
    artefacts.reference(txn, version.sha256)
    _drop_files_not_kept(txn, owner)
    owner.last_version += 1
    version.number, version.run, version.created_us, version.available = owner.last_version, held.run, now_us, True
    version.train_seconds = (now_us - record.started_us) / 1e6
    owner.latest_version = version.number
    versions.put(txn, owner.uid, version)
    versions.put_labels(txn, owner.uid, version.number, labels)
    datasets.put(txn, owner)
    record.version, record.revision = version.number, version.revision
    record.metrics.CopyFrom(version.metrics)
    if version.HasField("selection"):
        record.selection.CopyFrom(version.selection)
    _end(record, RunState.SUCCEEDED, now_us)
    runs.put(txn, owner.uid, record)
    return version.number


def fail(txn: Txn, held: Claim, reason: str, message: str, now_us: int) -> None:
    """Ends the run without a version."""
    record = _held(txn, held)
    record.error_reason, record.error_message = reason, message
    _end(record, RunState.FAILED, now_us)
    runs.put(txn, held.dataset_uid, record)


def cancelled(txn: Txn, held: Claim, now_us: int) -> None:
    """Ends the run as somebody asked."""
    record = _held(txn, held)
    _end(record, RunState.CANCELLED, now_us)
    runs.put(txn, held.dataset_uid, record)


def _end(record: RunRecord, state: RunState, now_us: int) -> None:
    record.state, record.ended_us, record.phase, record.claimed_by = state, now_us, "", ""
    record.cancel_requested = False
    record.ClearField("seconds_left")
    if state is RunState.SUCCEEDED:
        record.fraction = 1.0


def _held(txn: Txn, held: Claim) -> RunRecord:
    _owner(txn, held)
    record = runs.get(txn, held.dataset_uid, held.run)
    if record is None or (record.state, record.claimed_by, record.attempt) != (
        RunState.RUNNING,
        held.trainer,
        held.attempt,
    ):
        raise ClaimLost(f"run {held.run} of {held.dataset_id}")
    return record


def _owner(txn: Txn, held: Claim) -> DatasetRecord:
    owner = datasets.get(txn, held.dataset_id)
    if owner is None or owner.uid != held.dataset_uid:
        raise ClaimLost(f"dataset {held.dataset_id} was deleted")
    return owner


def _drop_files_not_kept(txn: Txn, owner: DatasetRecord) -> None:
    """Only pinned versions outlive a newer one; the newest so far is the only other that still has its file."""
    latest = versions.get(txn, owner.uid, owner.latest_version) if owner.latest_version else None
    if latest is not None and not latest.pinned:
        drop_file(txn, owner.uid, latest)
        versions.put(txn, owner.uid, latest)
