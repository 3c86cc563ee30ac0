"""What versions answered, by windows of time of several lengths."""

from collections.abc import Iterator
from itertools import takewhile

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import MonitoringRecord
from pinfold_server.store.table import Table, delete_prefix, scan

_windows = Table(MonitoringRecord)

_DELETED_AT_ONCE = 1_000


def get(txn: Txn, dataset_uid: int, version: int, seconds: int, begin: int) -> MonitoringRecord | None:
    """The window that is `seconds` long and begins at `begin`, in seconds since 1970."""
    return _windows.get(txn, keys.monitoring_window(dataset_uid, version, seconds, begin))


def put(txn: Txn, dataset_uid: int, version: int, window: tuple[int, int], record: MonitoringRecord) -> None:
    """`window`: its length and its begin, in seconds."""
    _windows.put(txn, keys.monitoring_window(dataset_uid, version, *window), record)


def between(
    txn: Txn, dataset_uid: int, version: int, seconds: int, begin: int, end: int
) -> Iterator[tuple[int, MonitoringRecord]]:
    """Begin and record of the windows of one length that begin from `begin` to before `end`, oldest first."""
    start = keys.monitoring_window(dataset_uid, version, seconds, begin)
    for key, record in _windows.scan(txn, keys.monitoring(dataset_uid, version, seconds), start):
        if keys.begin_of_window(key) >= end:
            return
        yield keys.begin_of_window(key), record


def forget_before(txn: Txn, dataset_uid: int, version: int, seconds: int, begin: int) -> None:
    """Deletes the windows of one length that begin before `begin`."""
    kept = (key for key, _ in scan(txn, keys.monitoring(dataset_uid, version, seconds)))
    for key in list(takewhile(lambda key: keys.begin_of_window(key) < begin, kept)):
        txn.delete(key)


def delete(txn: Txn, dataset_uid: int, version: int) -> None:
    """Deletes every window of a version; their number is bounded by how long each length is kept."""
    while delete_prefix(txn, keys.monitored(dataset_uid, version), _DELETED_AT_ONCE):
        pass
