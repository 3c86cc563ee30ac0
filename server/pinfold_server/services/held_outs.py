"""What the validations of versions held out, kept in memory: every question of how good a version is starts here."""

import threading
from collections import OrderedDict
from functools import cached_property

from pinfold_server.domain.curves import label_curves
from pinfold_server.domain.held_out import HeldOut
from pinfold_server.domain.metrics import Curve
from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.errors import AppError, precondition
from pinfold_server.services import held_out as reader
from pinfold_server.services import lookup
from pinfold_server.store import held_out, sources, versions
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, VersionLabelRecord, VersionRecord

BYTES_MAX = 64 << 20

#: Dataset uid, version number, uids of the sources that the dataset reads: documents of others are out of sight.
_Key = tuple[int, int, tuple[int, ...]]


class KeptValidation:
    """A version with what its validation held out: `labels` in the order of the columns of `held_out`.

    Immutable; whether `record` is pinned or available may have changed since it was read.
    """

    def __init__(
        self, dataset_id: str, record: VersionRecord, labels: tuple[VersionLabelRecord, ...], held_out: HeldOut
    ) -> None:
        self.dataset_id = dataset_id
        self.record = record
        self.labels = labels
        self.held_out = held_out

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """One a label: the slowest step of most questions, and always the same."""
        return label_curves(self.held_out)

    @property
    def memory_bytes(self) -> int:
        """Of the arrays, curves included: at most a threshold, a count, a precision and a recall a cell."""
        arrays = (self.held_out.truth, self.held_out.known, self.held_out.probabilities)
        return sum(array.nbytes for array in arrays) + 28 * self.held_out.truth.size


class HeldOutCache:
    """Least recently used ones are dropped once `bytes_max` is passed; the one asked for last always stays.

    May be called from any thread; a miss takes milliseconds, so not from the event loop.
    """

    def __init__(self, store: Store, bytes_max: int = BYTES_MAX) -> None:
        self._store = store
        self._bytes_max = bytes_max
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, KeptValidation] = OrderedDict()

    def get(self, dataset_id: str, wanted: VersionRef) -> KeptValidation:
        """Raises AppError NOT_FOUND for a dataset, version or tag that is not there, VALIDATION_NOT_KEPT."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.version(txn, owner, wanted)
            uids = _source_uids(txn, owner)
            if not held_out.is_kept(txn, owner.uid, uids, record.number):
                raise not_kept(dataset_id, record)
            key = (owner.uid, record.number, uids)
            found = self._found(key)
            if found is None:
                labels = tuple(versions.labels(txn, owner.uid, record.number).labels)
                unseen = reader.read(txn, owner, record.number)
                if unseen is None:
                    raise not_kept(dataset_id, record)
                found = KeptValidation(dataset_id, record, labels, unseen)
        self._keep(key, found)
        return found

    def _found(self, key: _Key) -> KeptValidation | None:
        with self._lock:
            return self._kept.get(key)

    def _keep(self, key: _Key, found: KeptValidation) -> None:
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            held = sum(each.memory_bytes for each in self._kept.values())
            while held > self._bytes_max and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                held -= dropped.memory_bytes


def not_kept(dataset_id: str, record: VersionRecord) -> AppError:
    """The refusal for a version of which only the figures are left."""
    return precondition(
        "VALIDATION_NOT_KEPT",
        f"what the validation of version {record.number} held out is not kept: it is of pinned versions and of the "
        "newest 20 others; train again, and pin what is to be compared later",
        name=version_name(dataset_id, record.number),
    )


def _source_uids(txn: Txn, owner: DatasetRecord) -> tuple[int, ...]:
    found = (sources.get(txn, source_id) for source_id in owner.source_ids)
    return tuple(record.uid for record in found if record is not None)
