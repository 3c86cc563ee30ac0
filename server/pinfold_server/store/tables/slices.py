"""Slices of a dataset: which of its documents belong to a named part."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import SliceRecord
from pinfold_server.store.table import Table

_slices = Table(SliceRecord)


def get(txn: Txn, dataset_uid: int, slice_id: str) -> SliceRecord | None:
    return _slices.get(txn, keys.slice_of(dataset_uid, slice_id))


def put(txn: Txn, dataset_uid: int, record: SliceRecord) -> None:
    _slices.put(txn, keys.slice_of(dataset_uid, record.id), record)


def delete(txn: Txn, dataset_uid: int, slice_id: str) -> None:
    _slices.delete(txn, keys.slice_of(dataset_uid, slice_id))


def by_id(txn: Txn, dataset_uid: int) -> Iterator[SliceRecord]:
    for _, record in _slices.scan(txn, keys.of_dataset(keys.SLICE, dataset_uid)):
        yield record
