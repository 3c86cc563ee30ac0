"""Labels of a dataset, by number and by name."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import LabelRecord
from pinfold_server.store.table import Table, scan

_labels = Table(LabelRecord)


def get(txn: Txn, dataset_uid: int, number: int) -> LabelRecord | None:
    return _labels.get(txn, keys.label(dataset_uid, number))


def number_of(txn: Txn, dataset_uid: int, name: str) -> int | None:
    value = txn.get(keys.label_name(dataset_uid, name))
    return None if value is None else keys.decode_number(value)


def put(txn: Txn, dataset_uid: int, record: LabelRecord) -> None:
    _labels.put(txn, keys.label(dataset_uid, record.number), record)


def put_name(txn: Txn, dataset_uid: int, record: LabelRecord) -> None:
    """Makes a label findable by its name."""
    txn.put(keys.label_name(dataset_uid, record.name), keys.encode_number(record.number))


def by_number(txn: Txn, dataset_uid: int) -> Iterator[LabelRecord]:
    """Every label of a dataset in the order of creation."""
    for _, record in _labels.scan(txn, scope(dataset_uid)):
        yield record


def names(txn: Txn, dataset_uid: int) -> dict[int, str]:
    """Names of all labels by number."""
    return {record.number: record.name for record in by_number(txn, dataset_uid)}


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.LABEL, dataset_uid)


def drop_name(txn: Txn, dataset_uid: int, name: str) -> None:
    txn.delete(keys.label_name(dataset_uid, name))


def retire(txn: Txn, dataset_uid: int, record: LabelRecord) -> None:
    """Removes a label; its number is never used again, and the history of annotations goes on naming it."""
    txn.delete(keys.label(dataset_uid, record.number))
    txn.put(keys.former_label(dataset_uid, record.number), record.name.encode())


def revive(txn: Txn, dataset_uid: int, record: LabelRecord) -> None:
    """Stores a label again that was retired."""
    txn.delete(keys.former_label(dataset_uid, record.number))
    put(txn, dataset_uid, record)
    put_name(txn, dataset_uid, record)


def names_ever(txn: Txn, dataset_uid: int) -> dict[int, str]:
    """Names of all labels by number, those that were deleted or merged under their last names."""
    prefix = keys.of_dataset(keys.FORMER_LABEL, dataset_uid)
    former = {keys.number_of_label(key): value.decode() for key, value in scan(txn, prefix)}
    return former | names(txn, dataset_uid)
