"""What the validation of a version said of documents that it had not seen, beside what people had said of them.

Kept while the version is pinned, and of the newest others: whoever asks how good a version is, or which of two is
better, computes it from these.
"""

from collections.abc import Iterable, Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import HeldOutRecord
from pinfold_server.store.table import Table, delete_prefix

_records = Table(HeldOutRecord)

_DELETED_AT_ONCE = 1_000


def put(txn: Txn, dataset_uid: int, source_uid: int, version: int, records: Iterable[HeldOutRecord]) -> None:
    """Those of one source, in the order in which they are to be read."""
    for number, record in enumerate(records):
        _records.put(txn, keys.held_out_chunk(dataset_uid, source_uid, version, number), record)


def of_version(
    txn: Txn, dataset_uid: int, source_uids: Iterable[int], version: int
) -> Iterator[tuple[int, HeldOutRecord]]:
    """Source uid and record, source by source in the given order; nothing once they were dropped."""
    for source_uid in source_uids:
        for _, record in _records.scan(txn, keys.held_out(dataset_uid, source_uid, version)):
            yield source_uid, record


def kept(txn: Txn, dataset_uid: int) -> set[tuple[int, int]]:
    """Source uid and version of all that is kept of a dataset. Reads one entry of each, not all."""
    prefix = keys.of_dataset(keys.HELD_OUT, dataset_uid)
    found = set()
    with txn.cursor() as cursor:
        more = cursor.set_range(prefix)
        while more and cursor.key().startswith(prefix):
            source_uid, version = keys.held_out_of(cursor.key())
            found.add((source_uid, version))
            more = cursor.set_range(keys.past(keys.held_out(dataset_uid, source_uid, version)))
    return found


def is_kept(txn: Txn, dataset_uid: int, source_uids: Iterable[int], version: int) -> bool:
    """Whether anything of a version is kept; reads no record."""
    prefixes = (keys.held_out(dataset_uid, source_uid, version) for source_uid in source_uids)
    with txn.cursor() as cursor:
        return any(cursor.set_range(prefix) and cursor.key().startswith(prefix) for prefix in prefixes)


def delete(txn: Txn, dataset_uid: int, source_uid: int, version: int) -> None:
    while delete_prefix(txn, keys.held_out(dataset_uid, source_uid, version), _DELETED_AT_ONCE):
        pass
