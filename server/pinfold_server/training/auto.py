"""Looks which datasets are to train by themselves. The rule is `domain/runs/auto_training.py`."""

import logging
from collections.abc import Callable

from pinfold_server.services.datasets import auto_training
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord
from pinfold_server.store.tables import datasets

log = logging.getLogger(__name__)


class AutoTrainer:
    """Quiet is counted from when this process first saw a revision: after a restart it is counted anew."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._seen: dict[int, tuple[int, int]] = {}  # dataset uid: revision, microseconds of when it was seen

    def tick(self) -> int:
        """Queues what is due; how many runs. Writes only then."""
        with self._store.read() as txn:
            owners = [owner for owner in datasets.every(txn) if owner.auto_training.enabled]
            due = [owner.id for owner in owners if self._is_due(txn, owner)]
        self._seen = {owner.uid: self._seen[owner.uid] for owner in owners}
        return sum(map(self._queue, due))

    def _queue(self, dataset_id: str) -> bool:
        """Decided again where it counts: another trainer may have been first."""
        with self._store.write() as txn:
            owner = datasets.get(txn, dataset_id)
            if owner is None or not self._is_due(txn, owner):
                return False
            record = auto_training.queue(txn, owner, self._clock())
        log.info("run %d of %s was queued automatically at revision %d", record.number, dataset_id, owner.revision)
        return True

    def _is_due(self, txn: Txn, owner: DatasetRecord) -> bool:
        now = self._clock()
        revision, since = self._seen.get(owner.uid, (-1, now))
        if revision != owner.revision:
            since = now
            self._seen[owner.uid] = (owner.revision, now)
        return auto_training.is_due(txn, owner, (now - since) / 1e6)
