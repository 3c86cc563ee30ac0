"""Datasets that are being imported: everything is stored, bit by bit, under uids that no name leads to yet.

Publishing gives the names in one small transaction. What never gets there is left to the sweep of deletions.
"""

from collections.abc import Iterator

from pinfold_server.store import garbage, keys
from pinfold_server.store.env import Txn, next_number
from pinfold_server.store.storage_pb2 import ImportRecord
from pinfold_server.store.table import Table

#: An import into which nothing came for so long has lost its worker.
KEPT_US = 30 * 60 * 1_000_000

_imports = Table(ImportRecord)


def begin(txn: Txn, source_count: int, now_us: int) -> ImportRecord:
    """Gives out a dataset uid and source uids of its own."""
    record = ImportRecord(
        dataset_uid=next_number(txn, "dataset"),
        source_uids=[next_number(txn, "source") for _ in range(source_count)],
        touched_us=now_us,
    )
    _imports.put(txn, keys.importing(record.dataset_uid), record)
    return record


def touch(txn: Txn, dataset_uid: int, now_us: int) -> bool:
    """Says that the import goes on; False when it was given up."""
    record = _imports.get(txn, keys.importing(dataset_uid))
    if record is None:
        return False
    record.touched_us = now_us
    _imports.put(txn, keys.importing(dataset_uid), record)
    return True


def end(txn: Txn, dataset_uid: int) -> bool:
    """What was stored has an owner now; False when the import was given up before."""
    return _imports.delete(txn, keys.importing(dataset_uid))


def abandon(txn: Txn, dataset_uid: int) -> None:
    """Leaves what was stored to the sweep; nothing to do for an import that has ended."""
    record = _imports.get(txn, keys.importing(dataset_uid))
    if record is None:
        return
    _imports.delete(txn, keys.importing(dataset_uid))
    garbage.discard_belongings(txn, dataset_uid)
    for source_uid in record.source_uids:
        garbage.discard_documents(txn, source_uid)


def expire(txn: Txn, now_us: int) -> None:
    """Gives up the imports whose worker has gone."""
    for record in list(every(txn)):
        if record.touched_us < now_us - KEPT_US:
            abandon(txn, record.dataset_uid)


def every(txn: Txn) -> Iterator[ImportRecord]:
    return (record for _, record in _imports.scan(txn, keys.IMPORT))
