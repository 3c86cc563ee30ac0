"""What a dataset is doing: asked once, or watched."""

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from itertools import islice

from pinfold_server.domain.runs.runs import RunState
from pinfold_server.errors import AppError, Code, invalid
from pinfold_server.services.common import lookup
from pinfold_server.services.datasets.auto_training import trained_revision
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, RunRecord, ScoringRecord
from pinfold_server.store.tables import runs, scores, sources

WATCH_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
HEARTBEAT_SECONDS_MAX = 300.0
LIFE_SECONDS = 3_600.0
WATCHES_MAX = 256

#: The newest runs that are looked through for active ones, and the most that are told.
RUNS_LOOKED_AT = 256
ACTIVE_MAX = 16


@dataclass(frozen=True, slots=True)
class Status:
    """A dataset at one moment. `scoring` is that of the newest version, None before it began."""

    owner: DatasetRecord
    trained_revision: int
    document_count: int
    active: tuple[RunRecord, ...]
    scoring: ScoringRecord | None
    ranking_version: int


class StatusService:
    """Every method raises AppError NOT_FOUND for a dataset that is not there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watches = 0

    def get(self, dataset_id: str) -> Status:
        """Reads counters, not documents."""
        with self._store.read() as txn:
            return _status(txn, lookup.dataset(txn, dataset_id))

    async def watch(self, dataset_id: str, heartbeat: float | None) -> AsyncGenerator[Status, None]:
        """The status now, after changes, and every `heartbeat` seconds; for an hour at most.

        Raises AppError INVALID for a heartbeat out of range, TOO_MANY_WATCHES.
        """
        seconds = HEARTBEAT_SECONDS if heartbeat is None else heartbeat
        if not 1 <= seconds <= HEARTBEAT_SECONDS_MAX:
            raise invalid("heartbeat", f"must be 1 to {HEARTBEAT_SECONDS_MAX:.0f} seconds, got {seconds:g}")
        if self._watches >= WATCHES_MAX:
            description = f"{self._watches} watches run in this worker already, the most allowed: ask now and then"
            raise AppError(Code.EXHAUSTED, "TOO_MANY_WATCHES", description, retry_after=5.0)
        self._watches += 1
        try:
            async for status in self._follow(dataset_id, seconds):
                yield status
        finally:
            self._watches -= 1

    async def _follow(self, dataset_id: str, heartbeat: float) -> AsyncGenerator[Status, None]:
        began = told = time.monotonic()
        seen = self._store.last_change
        status = self.get(dataset_id)
        yield status
        while time.monotonic() - began < LIFE_SECONDS:
            await asyncio.sleep(WATCH_SECONDS)
            latest, change = status, self._store.last_change
            if change != seen:
                seen = change
                latest = self.get(dataset_id)
            if latest != status or time.monotonic() - told >= heartbeat:
                status, told = latest, time.monotonic()
                yield status


def _status(txn: Txn, owner: DatasetRecord) -> Status:
    found = (sources.get(txn, source_id) for source_id in owner.source_ids)
    ranking = scores.newest_complete(txn, owner.uid)
    newest = islice(runs.newest_first(txn, owner.uid), RUNS_LOOKED_AT)
    active = [record for _, record in newest if not RunState(record.state).ended]
    return Status(
        owner,
        trained_revision(txn, owner),
        sum(record.document_count for record in found if record is not None),
        tuple(reversed(active[:ACTIVE_MAX])),
        scores.get(txn, owner.uid, owner.latest_version),
        0 if ranking is None else ranking.version,
    )
