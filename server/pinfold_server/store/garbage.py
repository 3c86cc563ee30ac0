"""What a deletion leaves behind, removed later in small transactions so that no deletion holds up other writers."""

from pinfold_server.store import keys
from pinfold_server.store.env import Txn, next_number
from pinfold_server.store.storage_pb2 import DatasetRecord, GarbageRecord, SourceRecord, VersionRecord
from pinfold_server.store.table import Table, delete_prefix
from pinfold_server.store.tables import artefacts

_garbage = Table(GarbageRecord)
_versions = Table(VersionRecord)


def discard_source(txn: Txn, record: SourceRecord) -> None:
    """Leaves the documents of a source to the sweep, and how they are found."""
    discard_documents(txn, record.uid)
    discard_words(txn, record)


def discard_documents(txn: Txn, source_uid: int) -> None:
    """Leaves the documents of a source, which may never have had a name, to the sweep."""
    for kind in keys.OF_SOURCE:
        _discard(txn, keys.of_source(kind, source_uid))


def discard_stream(txn: Txn, dataset_uid: int, stream_uid: int) -> None:
    """Leaves the exceptions of a stream to the sweep."""
    _discard(txn, keys.stream_exceptions(dataset_uid, stream_uid))


def discard_words(txn: Txn, record: SourceRecord) -> None:
    """Leaves the index of words of a source to the sweep; the caller stores the source, or deletes it."""
    if record.words_uid:
        _discard(txn, keys.words(record.words_uid))
    record.words_uid = record.indexed_number = 0


def discard_dataset(txn: Txn, record: DatasetRecord) -> None:
    """Leaves everything that belongs to a dataset to the sweep."""
    discard_belongings(txn, record.uid)


def discard_belongings(txn: Txn, dataset_uid: int) -> None:
    """Leaves everything below a dataset, which may never have had a name, to the sweep."""
    for kind in keys.OF_DATASET:
        _discard(txn, keys.of_dataset(kind, dataset_uid))


def sweep(txn: Txn, limit: int) -> bool:
    """Deletes about `limit` entries; True when more are left."""
    while limit > 0:
        entry = next(_garbage.scan(txn, keys.GARBAGE), None)
        if entry is None:
            return False
        key, record = entry
        if record.prefix.startswith(keys.VERSION):
            limit = _sweep_versions(txn, record.prefix, limit)
        else:
            limit -= delete_prefix(txn, record.prefix, limit)
        if limit > 0:
            _garbage.delete(txn, key)
    return True


def prefixes(txn: Txn) -> list[bytes]:
    """Key prefixes that wait for the sweep."""
    return [record.prefix for _, record in _garbage.scan(txn, keys.GARBAGE)]


def _discard(txn: Txn, prefix: bytes) -> None:
    _garbage.put(txn, keys.garbage(next_number(txn, "garbage")), GarbageRecord(prefix=prefix))


def _sweep_versions(txn: Txn, prefix: bytes, limit: int) -> int:
    """Deletes versions and gives up their files; what is left of `limit`."""
    while limit > 0:
        entry = next(_versions.scan(txn, prefix), None)
        if entry is None:
            return limit
        key, record = entry
        if record.available:
            artefacts.dereference(txn, record.sha256)
        txn.delete(key)
        limit -= 1
    return limit
