"""Typed access to one kind of record: bytes of a key to a protobuf message and back."""

import itertools
from collections.abc import Iterator
from typing import Generic, TypeVar

from google.protobuf.message import Message

from pinfold_server.store import keys
from pinfold_server.store.env import Txn

M = TypeVar("M", bound=Message)


class Table(Generic[M]):
    """Records of one message type. Stateless: the caller owns the transaction and builds keys with `store.keys`."""

    def __init__(self, record_type: type[M]) -> None:
        self._type = record_type

    def get(self, txn: Txn, key: bytes) -> M | None:
        value = txn.get(key)
        return None if value is None else self._type.FromString(value)

    def put(self, txn: Txn, key: bytes, record: M) -> None:
        txn.put(key, record.SerializeToString(deterministic=True))

    def delete(self, txn: Txn, key: bytes) -> bool:
        """True when there was one."""
        return bool(txn.delete(key))

    def scan(self, txn: Txn, prefix: bytes, start: bytes = b"") -> Iterator[tuple[bytes, M]]:
        """Records whose key has `prefix`, from the first key not before `start`, in key order."""
        for key, value in scan(txn, prefix, start):
            yield key, self._type.FromString(value)

    def scan_back(self, txn: Txn, prefix: bytes, before: bytes = b"") -> Iterator[tuple[bytes, M]]:
        """Records whose key has `prefix`, from the last key before `before`, in falling key order."""
        for key, value in scan_back(txn, prefix, before):
            yield key, self._type.FromString(value)


def scan(txn: Txn, prefix: bytes, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
    """Key and value of every entry with `prefix`, from the first key not before `start`."""
    with txn.cursor() as cursor:
        if cursor.set_range(max(prefix, start)):
            for key, value in cursor:
                if not key.startswith(prefix):
                    return
                yield key, value


def keys_between(txn: Txn, first: bytes, past: bytes, most: int | None = None) -> list[bytes]:
    """Keys from `first` on that sort before `past`, at most so many, at the speed of LMDB's cursor."""
    with txn.cursor() as cursor:
        if not cursor.set_range(first):
            return []
        within = itertools.takewhile(past.__gt__, cursor.iternext(keys=True, values=False))
        return list(itertools.islice(within, most))


def scan_back(txn: Txn, prefix: bytes, before: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
    """Key and value of every entry with `prefix`, from the last key before `before` (default: the last one)."""
    past = keys.past(prefix)
    end = min(before or past, past)
    with txn.cursor() as cursor:
        found = cursor.prev() if cursor.set_range(end) else cursor.last()
        while found and (key := cursor.key()).startswith(prefix):
            yield key, cursor.value()
            found = cursor.prev()


def delete_prefix(txn: Txn, prefix: bytes, limit: int) -> int:
    """Deletes up to `limit` entries with `prefix`; returns how many."""
    deleted = 0
    with txn.cursor() as cursor:
        found = cursor.set_range(prefix)
        while found and deleted < limit and cursor.key().startswith(prefix):
            found = cursor.delete()
            deleted += 1
    return deleted
