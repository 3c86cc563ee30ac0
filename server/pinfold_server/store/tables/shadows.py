"""Shadows of tags, with what they would have answered."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import ShadowRecord
from pinfold_server.store.table import Table

_shadows = Table(ShadowRecord)


def get(txn: Txn, dataset_uid: int, tag: str) -> ShadowRecord | None:
    return _shadows.get(txn, keys.shadow(dataset_uid, tag))


def put(txn: Txn, dataset_uid: int, record: ShadowRecord) -> None:
    _shadows.put(txn, keys.shadow(dataset_uid, record.tag), record)


def delete(txn: Txn, dataset_uid: int, tag: str) -> bool:
    """True when there was one."""
    return _shadows.delete(txn, keys.shadow(dataset_uid, tag))


def of_version(txn: Txn, dataset_uid: int, number: int) -> list[str]:
    """Names of the tags that a version is the shadow of."""
    found = _shadows.scan(txn, keys.of_dataset(keys.SHADOW, dataset_uid))
    return [record.tag for _, record in found if record.version == number]


def every(txn: Txn) -> Iterator[tuple[int, ShadowRecord]]:
    """Dataset uid and record of every shadow of every dataset."""
    for key, record in _shadows.scan(txn, keys.SHADOW):
        yield keys.dataset_uid_of(key), record
