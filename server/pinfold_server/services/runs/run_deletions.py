"""Deleting a run for good, with its version: only what nobody uses, and only after a second look."""

import hashlib
from dataclasses import dataclass

from pinfold_server.domain.names import run_name, version_name
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.errors import AppError, Code, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.runs.experiment_runs import leave_experiment
from pinfold_server.services.versions.versions import drop_file
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord, RunRecord
from pinfold_server.store.tables import held_out, monitoring, runs, scores, versions


@dataclass(frozen=True, slots=True)
class Deletion:
    """A run that is to be deleted, or was; `token` is empty when it is gone. `version`: 0 when it made none."""

    token: str
    version: int

    @property
    def consequences(self) -> str:
        """What is lost."""
        if not self.version:
            return "The run with its notes and configuration is lost; it made no version."
        return (
            f"The run and version {self.version} are lost: figures, held-out predictions, notes and configuration. "
            "Comparisons with that version are no longer possible."
        )


class RunDeletionService:
    """Raises AppError NOT_FOUND for a dataset or run that is not there, RUN_NOT_ENDED, VERSION_IN_USE."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    def look(self, dataset_id: str, number: int) -> Deletion:
        """What deleting the run would take with it, and the token to do so."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.run(txn, owner, number)
            _check(txn, owner, record)
            return Deletion(_token(owner, record), record.version)

    async def delete(self, dataset_id: str, number: int, token: str, once: RequestKey | None = None) -> Deletion:
        """Raises AppError CONFIRMATION_STALE unless the token is that of the run as it is."""

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.run(txn, owner, number)
            _check(txn, owner, record)
            if token != _token(owner, record):
                raise AppError(
                    Code.CONFLICT,
                    "CONFIRMATION_STALE",
                    "the confirmation token is not that of the run as it is now: ask for another one, and look again",
                    metadata={"name": run_name(dataset_id, number)},
                )
            _delete(txn, owner, record)
            return CountAnswer(count=record.version)

        return Deletion("", (await self._changes.run(CountAnswer, work, once)).count)


def _check(txn: Txn, owner: DatasetRecord, record: RunRecord) -> None:
    if not RunState(record.state).ended:
        name = run_name(owner.id, record.number)
        raise precondition("RUN_NOT_ENDED", f"run {record.number} is {record.state}: cancel it first", name=name)
    version = versions.get(txn, owner.uid, record.version) if record.version else None
    if version is None:
        return
    why = ""
    if version.pinned:
        why = "it is pinned: unpin it first"
    elif version.number == owner.latest_version:
        why = "it is the newest: train another one first"
    elif scores.get(txn, owner.uid, version.number) is not None:
        why = "documents are still ranked by it: try again once the newest version has scored them"
    if why:
        name = version_name(owner.id, version.number)
        raise precondition("VERSION_IN_USE", f"version {version.number} of this run cannot go, {why}", name=name)


def _token(owner: DatasetRecord, record: RunRecord) -> str:
    """Changes with whatever is said of the run."""
    state = record.SerializeToString(deterministic=True)
    return hashlib.sha256(owner.uid.to_bytes(4, "big") + state).hexdigest()[:32]


def _delete(txn: Txn, owner: DatasetRecord, record: RunRecord) -> None:
    version = versions.get(txn, owner.uid, record.version) if record.version else None
    if version is not None:
        drop_file(txn, owner.uid, version)
        versions.delete(txn, owner.uid, version.number)
        monitoring.delete(txn, owner.uid, version.number)
        for source_uid, number in held_out.kept(txn, owner.uid):
            if number == version.number:
                held_out.delete(txn, owner.uid, source_uid, number)
    leave_experiment(txn, owner, record)
    runs.delete(txn, owner.uid, record.number)
