"""Model versions: a small record that predictions read, and apart from it what is known of their labels."""

from collections.abc import Iterable, Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import (
    LabelKeywordsRecord,
    VersionGoldenRecord,
    VersionLabelsRecord,
    VersionRecord,
)
from pinfold_server.store.table import Table, delete_prefix

_versions = Table(VersionRecord)
_labels = Table(VersionLabelsRecord)
_golden = Table(VersionGoldenRecord)
_keywords = Table(LabelKeywordsRecord)

_DELETED_AT_ONCE = 1_000


def get(txn: Txn, dataset_uid: int, number: int) -> VersionRecord | None:
    return _versions.get(txn, keys.version(dataset_uid, number))


def put(txn: Txn, dataset_uid: int, record: VersionRecord) -> None:
    _versions.put(txn, keys.version(dataset_uid, record.number), record)


def delete(txn: Txn, dataset_uid: int, number: int) -> None:
    """With its labels; its file is the caller's."""
    _versions.delete(txn, keys.version(dataset_uid, number))
    _labels.delete(txn, keys.version_labels(dataset_uid, number))


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


def put_keywords(txn: Txn, dataset_uid: int, number: int, records: Iterable[LabelKeywordsRecord]) -> None:
    """One record for each label of the version, in its order."""
    for place, record in enumerate(records):
        _keywords.put(txn, keys.label_keywords(dataset_uid, number, place), record)


def keywords_of(txn: Txn, dataset_uid: int, number: int, label: int) -> LabelKeywordsRecord | None:
    """`label`: its place in the version's order."""
    return _keywords.get(txn, keys.label_keywords(dataset_uid, number, label))


def keywords(
    txn: Txn, dataset_uid: int, number: int, after: bytes = b""
) -> Iterator[tuple[bytes, LabelKeywordsRecord]]:
    """Key and record of every label in the version's order (or of those after the key `after`)."""
    start = keys.after(after) if after else b""
    return _keywords.scan(txn, keys.keywords(dataset_uid, number), start)


def delete_keywords(txn: Txn, dataset_uid: int, number: int) -> None:
    while delete_prefix(txn, keys.keywords(dataset_uid, number), _DELETED_AT_ONCE):
        pass


def newest_first(txn: Txn, dataset_uid: int, before: bytes = b"") -> Iterator[tuple[bytes, VersionRecord]]:
    """Key and record of every version, from the newest (or from the one before the key `before`)."""
    return _versions.scan_back(txn, scope(dataset_uid), before)


def every(txn: Txn) -> Iterator[tuple[int, VersionRecord]]:
    """Dataset uid and record of every version of every dataset."""
    for key, record in _versions.scan(txn, keys.VERSION):
        yield keys.dataset_uid_of(key), record


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.VERSION, dataset_uid)
