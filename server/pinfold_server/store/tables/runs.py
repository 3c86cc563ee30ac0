"""Runs of a dataset, and the queue of those that wait for a trainer."""

from collections.abc import Iterable, Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn, next_number
from pinfold_server.store.storage_pb2 import RunRecord
from pinfold_server.store.table import Table, scan

_runs = Table(RunRecord)


def get(txn: Txn, dataset_uid: int, number: int) -> RunRecord | None:
    return _runs.get(txn, keys.run(dataset_uid, number))


def put(txn: Txn, dataset_uid: int, record: RunRecord) -> None:
    _runs.put(txn, keys.run(dataset_uid, record.number), record)


def delete(txn: Txn, dataset_uid: int, number: int) -> None:
    _runs.delete(txn, keys.run(dataset_uid, number))


def newest_first(txn: Txn, dataset_uid: int, before: bytes = b"") -> Iterator[tuple[bytes, RunRecord]]:
    """Key and record of every run, from the newest (or from the one before the key `before`)."""
    return _runs.scan_back(txn, scope(dataset_uid), before)


def named(txn: Txn, dataset_uid: int, numbers: Iterable[int], before: bytes = b"") -> Iterator[tuple[bytes, RunRecord]]:
    """Key and record of those of these runs that are there, in the order of the numbers, below the key `before`."""
    for number in numbers:
        key = keys.run(dataset_uid, number)
        record = _runs.get(txn, key) if not before or key < before else None
        if record is not None:
            yield key, record


def every(txn: Txn) -> Iterator[tuple[int, RunRecord]]:
    """Dataset uid and record of every run of every dataset."""
    for key, record in _runs.scan(txn, keys.RUN):
        yield keys.dataset_uid_of(key), record


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.RUN, dataset_uid)


def enqueue(txn: Txn, dataset_uid: int, number: int) -> None:
    """Puts a run at the end of the queue."""
    txn.put(keys.waiting_run(next_number(txn, "ticket")), keys.encode_run_reference(dataset_uid, number))


def waiting(txn: Txn) -> Iterator[tuple[bytes, int, int]]:
    """Queue key, dataset uid and run number of every run that waits, first come first."""
    for key, value in scan(txn, keys.WAITING_RUN):
        dataset_uid, number = keys.decode_run_reference(value)
        yield key, dataset_uid, number


def dequeue(txn: Txn, queue_key: bytes) -> None:
    txn.delete(queue_key)
