"""Datasets by id."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord
from pinfold_server.store.table import Table

_datasets = Table(DatasetRecord)

SCOPE = keys.DATASET


def get(txn: Txn, dataset_id: str) -> DatasetRecord | None:
    return _datasets.get(txn, keys.dataset(dataset_id))


def put(txn: Txn, record: DatasetRecord) -> None:
    _datasets.put(txn, keys.dataset(record.id), record)


def delete(txn: Txn, dataset_id: str) -> None:
    """Removes the name; what belongs to the dataset stays under its uid."""
    _datasets.delete(txn, keys.dataset(dataset_id))


def by_id(txn: Txn, start: bytes = b"") -> Iterator[tuple[bytes, DatasetRecord]]:
    """Key and record of every dataset, by id."""
    return _datasets.scan(txn, SCOPE, start)


def every(txn: Txn) -> Iterator[DatasetRecord]:
    return (record for _, record in by_id(txn))


def reading(txn: Txn, source_id: str) -> list[DatasetRecord]:
    """The datasets that read a source."""
    return [record for record in every(txn) if source_id in record.source_ids]
