"""Model versions: a small record that predictions read, and apart from it what is known of their labels."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import VersionGoldenRecord, VersionLabelsRecord, VersionRecord
from pinfold_server.store.table import Table

_versions = Table(VersionRecord)
_labels = Table(VersionLabelsRecord)
_golden = Table(VersionGoldenRecord)


def get(txn: Txn, dataset_uid: int, number: int) -> VersionRecord | None:
    return _versions.get(txn, keys.version(dataset_uid, number))


def put(txn: Txn, dataset_uid: int, record: VersionRecord) -> None:
    _versions.put(txn, keys.version(dataset_uid, record.number), record)


def labels(txn: Txn, dataset_uid: int, number: int) -> VersionLabelsRecord:
    """Labels in the order of the model's output."""
    return _labels.get(txn, keys.version_labels(dataset_uid, number)) or VersionLabelsRecord()


def put_labels(txn: Txn, dataset_uid: int, number: int, record: VersionLabelsRecord) -> None:
    _labels.put(txn, keys.version_labels(dataset_uid, number), record)


def golden(txn: Txn, dataset_uid: int, number: int) -> VersionGoldenRecord:
    """Texts and what the version must answer; empty for a version without a file."""
    return _golden.get(txn, keys.version_golden(dataset_uid, number)) or VersionGoldenRecord()


def put_golden(txn: Txn, dataset_uid: int, number: int, record: VersionGoldenRecord) -> None:
    _golden.put(txn, keys.version_golden(dataset_uid, number), record)


def delete_golden(txn: Txn, dataset_uid: int, number: int) -> None:
    _golden.delete(txn, keys.version_golden(dataset_uid, number))


def newest_first(txn: Txn, dataset_uid: int, before: bytes = b"") -> Iterator[tuple[bytes, VersionRecord]]:
    """Key and record of every version, from the newest (or from the one before the key `before`)."""
    return _versions.scan_back(txn, scope(dataset_uid), before)


def every(txn: Txn) -> Iterator[tuple[int, VersionRecord]]:
    """Dataset uid and record of every version of every dataset."""
    for key, record in _versions.scan(txn, keys.VERSION):
        yield keys.dataset_uid_of(key), record


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.VERSION, dataset_uid)
