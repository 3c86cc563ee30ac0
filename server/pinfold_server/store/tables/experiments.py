"""Experiments of a dataset: which runs belong together."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import ExperimentRecord
from pinfold_server.store.table import Table, scan

_experiments = Table(ExperimentRecord)


def get(txn: Txn, dataset_uid: int, experiment_id: str) -> ExperimentRecord | None:
    return _experiments.get(txn, keys.experiment(dataset_uid, experiment_id))


def put(txn: Txn, dataset_uid: int, record: ExperimentRecord) -> None:
    _experiments.put(txn, keys.experiment(dataset_uid, record.id), record)


def by_id(txn: Txn, dataset_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, ExperimentRecord]]:
    """Key and record of every experiment, by id, from the first key not before `start`."""
    return _experiments.scan(txn, scope(dataset_uid), start)


def count(txn: Txn, dataset_uid: int) -> int:
    return sum(1 for _ in scan(txn, scope(dataset_uid)))


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.EXPERIMENT, dataset_uid)
