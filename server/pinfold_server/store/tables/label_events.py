"""What happened to the labels of a dataset, newest kept."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, LabelEventRecord
from pinfold_server.store.table import Table

#: Events of a dataset that are kept.
KEPT_MAX = 10_000

_events = Table(LabelEventRecord)


def append(txn: Txn, owner: DatasetRecord, event: LabelEventRecord) -> None:
    """The caller stores the dataset, which counts its events."""
    owner.last_label_event += 1
    _events.put(txn, keys.label_event(owner.uid, owner.last_label_event), event)
    if owner.last_label_event > KEPT_MAX:
        txn.delete(keys.label_event(owner.uid, owner.last_label_event - KEPT_MAX))


def newest_first(txn: Txn, dataset_uid: int, before: bytes = b"") -> Iterator[tuple[bytes, LabelEventRecord]]:
    """Key and record of every event; `before` is the key after which a page goes on."""
    return _events.scan_back(txn, scope(dataset_uid), before)


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.LABEL_EVENT, dataset_uid)
