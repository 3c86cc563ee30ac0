"""Which part of a training documents are for, where people chose one. Nothing is stored of all the others.

What was chosen for a source stays when a dataset no longer reads it, and holds again when it does.
"""

from collections.abc import Iterable, Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import SplitRecord
from pinfold_server.store.table import Table

_splits = Table(SplitRecord)


def get(txn: Txn, dataset_uid: int, source_uid: int, document_id: str) -> int:
    """0 where nothing was chosen."""
    record = _splits.get(txn, keys.split(dataset_uid, source_uid, document_id))
    return 0 if record is None else record.split


def put_many(txn: Txn, dataset_uid: int, chosen: Iterable[tuple[tuple[int, str], int]]) -> None:
    """Stores the part of each document, named by source uid and id; 0 leaves nothing stored of it.

    In key order: a page of the tree is then touched once, not once for each document.
    """
    kept: list[tuple[bytes, bytes]] = []
    for (source_uid, document_id), split in chosen:
        key = keys.split(dataset_uid, source_uid, document_id)
        if split:
            kept.append((key, SplitRecord(split=split).SerializeToString()))
        else:
            _splits.delete(txn, key)
    with txn.cursor() as cursor:
        cursor.putmulti(sorted(kept))


def delete(txn: Txn, dataset_uid: int, source_uid: int, document_id: str) -> bool:
    """True when there was one."""
    return _splits.delete(txn, keys.split(dataset_uid, source_uid, document_id))


def scope(dataset_uid: int) -> bytes:
    """Prefix of those of a dataset."""
    return keys.of_dataset(keys.SPLIT, dataset_uid)


def by_document(txn: Txn, dataset_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, SplitRecord]]:
    """Key and record, by source and document id; `keys.split_document` takes a key apart."""
    return _splits.scan(txn, scope(dataset_uid), start)
