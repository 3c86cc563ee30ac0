"""Tags of a dataset, and their history."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn, next_number
from pinfold_server.store.storage_pb2 import TagEventRecord, TagRecord
from pinfold_server.store.table import Table

_tags = Table(TagRecord)
_events = Table(TagEventRecord)


def get(txn: Txn, dataset_uid: int, tag: str) -> TagRecord | None:
    return _tags.get(txn, keys.tag(dataset_uid, tag))


def put(txn: Txn, dataset_uid: int, record: TagRecord) -> None:
    _tags.put(txn, keys.tag(dataset_uid, record.tag), record)


def delete(txn: Txn, dataset_uid: int, tag: str) -> None:
    _tags.delete(txn, keys.tag(dataset_uid, tag))


def by_name(txn: Txn, dataset_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, TagRecord]]:
    """Key and record of every tag, by name."""
    return _tags.scan(txn, scope(dataset_uid), start)


def of_version(txn: Txn, dataset_uid: int, number: int) -> list[str]:
    """Names of the tags that point to a version."""
    return [record.tag for _, record in by_name(txn, dataset_uid) if record.version == number]


def every(txn: Txn) -> Iterator[tuple[int, TagRecord]]:
    """Dataset uid and record of every tag of every dataset."""
    for key, record in _tags.scan(txn, keys.TAG):
        yield keys.dataset_uid_of(key), record


def add_event(txn: Txn, dataset_uid: int, record: TagEventRecord) -> int:
    """The number given to the event; it rises over all datasets and never comes twice."""
    number = next_number(txn, "tag event")
    _events.put(txn, keys.tag_event(dataset_uid, number), record)
    return number


def events_newest_first(txn: Txn, dataset_uid: int, before: bytes = b"") -> Iterator[tuple[bytes, TagEventRecord]]:
    """Key and record of every change of the tags, from the newest, or from the one before the key `before`."""
    return _events.scan_back(txn, events_scope(dataset_uid), before)


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.TAG, dataset_uid)


def events_scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.TAG_EVENT, dataset_uid)
