"""Scores all documents of a dataset by its newest version, so that training modes can rank them at once.

Done by the trainer, between trainings: a worker's event loop is kept free of it, every worker reads the same result,
and a restart loses nothing. What is stored can be computed anew at any time. A pass is made when a version was
published, and when the texts of the sources have changed and rested for a moment.

Runs come first: a pass ends when one is queued and begins again after it, or not at all when a newer version has come
of it. A dataset that is trained without a break would never be scored so; a pass that has waited for `PATIENCE_US` runs
to its end.
"""

import logging

from pinfold_server.domain.runs.sampling import sample_shift
from pinfold_server.engine.session import ModelDamaged
from pinfold_server.errors import AppError
from pinfold_server.services.runs import claims
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import ContentsRecord
from pinfold_server.store.tables import datasets, scores, versions
from pinfold_server.training.scoring import pools
from pinfold_server.training.scoring.scoring_pass import Interrupted, Pass, ScorerOptions, Task

log = logging.getLogger(__name__)

#: Texts that have changed are scored once they have rested so long: an upload is not chased batch by batch.
REST_US = 1_000_000
#: Another trainer that was heard of within this time is left to its work.
LEASE_US = 15_000_000
#: What failed (a damaged file, a full disk) is tried again after so long.
PAUSE_US = 60_000_000
#: For so long the passes of a dataset give way to runs.
PATIENCE_US = 30_000_000


class _GivenWay(Interrupted):
    """A run waits."""


class Scorer:
    """One pass at a time."""

    def __init__(self, store: Store, options: ScorerOptions) -> None:
        self._store = store
        self._options = options
        self._rested: dict[int, tuple[list[ContentsRecord], int]] = {}
        self._not_before: dict[tuple[int, int], int] = {}  # dataset uid and version: time
        self._gave_way: dict[int, int] = {}  # dataset uid: since when its passes have ended early
        self._at_work = False

    @property
    def at_work(self) -> bool:
        """A pass is being made; may be asked in any thread."""
        return self._at_work

    def tick(self) -> bool:
        """Brings one dataset up to date; False when all are, their texts have not rested yet, or a run waits."""
        with self._store.read() as txn:
            task = self._next(txn)
        if task is None:
            return False
        try:
            self._pass(task)
        except _GivenWay:
            self._gave_way.setdefault(task.uid, self._options.clock())
            return False
        except Interrupted as reason:
            log.info("scoring of %s was interrupted: %s", task.dataset_id, reason)
            return False
        except (AppError, ModelDamaged) as error:
            log.error("the documents of %s cannot be scored now: %s", task.dataset_id, error)
            self._not_before[task.uid, task.version] = self._options.clock() + PAUSE_US
            return False
        self._gave_way.pop(task.uid, None)
        return True

    def _pass(self, task: Task) -> None:
        since = self._gave_way.get(task.uid)
        patient = since is None or self._options.clock() - since < PATIENCE_US

        def look() -> None:
            if self._options.should_stop():
                raise Interrupted("the trainer stops")
            if patient and self._a_run_waits():
                raise _GivenWay

        look()
        self._at_work = True
        try:
            Pass(self._store, self._options, task, look).run()
        finally:
            self._at_work = False

    def _a_run_waits(self) -> bool:
        with self._store.read() as txn:
            return claims.any_waits(txn)

    def _next(self, txn: Txn) -> Task | None:
        now = self._options.clock()
        owners = list(datasets.every(txn))
        for uid in self._rested.keys() - {owner.uid for owner in owners}:
            del self._rested[uid]
            self._gave_way.pop(uid, None)
        for owner in owners:
            found = pools.sources_of(txn, owner)
            contents = pools.contents_of(found)
            total = sum(record.document_count for record in found)
            record = scores.get(txn, owner.uid, owner.latest_version)
            if not total or pools.is_current(record, contents):
                continue
            if now < self._not_before.get((owner.uid, owner.latest_version), 0):
                continue
            if record is not None and record.worker != self._options.name and now - record.touched_us < LEASE_US:
                continue
            begun = owner.latest_version > 0 and (record is None or not record.complete)
            if begun or self._has_rested(owner.uid, contents, now):
                labels = len(versions.labels(txn, owner.uid, owner.latest_version).labels)
                return Task(owner.id, owner.uid, owner.latest_version, contents, sample_shift(total, labels), total)
        return None

    def _has_rested(self, uid: int, contents: list[ContentsRecord], now: int) -> bool:
        seen = self._rested.get(uid)
        if seen is None or seen[0] != contents:
            self._rested[uid] = (contents, now)
            return False
        return now - seen[1] >= REST_US
