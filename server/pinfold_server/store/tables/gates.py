"""Conditions of tags. They outlive a cleared tag, or clearing it would be a way around them."""

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import GateRecord
from pinfold_server.store.table import Table

_gates = Table(GateRecord)


def get(txn: Txn, dataset_uid: int, tag: str) -> GateRecord | None:
    return _gates.get(txn, keys.gate(dataset_uid, tag))


def put(txn: Txn, dataset_uid: int, record: GateRecord) -> None:
    _gates.put(txn, keys.gate(dataset_uid, record.tag), record)


def delete(txn: Txn, dataset_uid: int, tag: str) -> bool:
    """True when there was one."""
    return _gates.delete(txn, keys.gate(dataset_uid, tag))
