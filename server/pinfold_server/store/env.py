"""The one LMDB environment of a process, and its transactions.

Transactions are short: read what a request needs, copy it out, close, then compute. None is ever held over an `await`,
a wait or an inference, because an open reader keeps every page that is overwritten meanwhile.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import lmdb

from pinfold_server.errors import AppError, Code, StoreBroken, StoreFormatError
from pinfold_server.store import keys
from pinfold_server.write_mark import WriteMark

Txn: TypeAlias = "lmdb.Transaction[bytes]"

FORMAT = 1
MAX_READERS = 4096
MAX_KEY_BYTES = 511

_FATAL = (lmdb.PanicError, lmdb.CorruptedError, lmdb.PageNotFoundError, lmdb.BadRslotError)


class Store:
    """An open environment. Not usable after a fork: every process opens its own."""

    def __init__(self, env: lmdb.Environment, mark: WriteMark) -> None:
        self._env = env
        self._mark = mark
        self._pid = os.getpid()

    @classmethod
    def open(cls, folder: Path, *, map_bytes: int, read_only: bool = False) -> "Store":
        """Opens the environment in `folder`, and makes it when it is not there.

        `map_bytes` is address space, not disk; it must be the same in every process and is never changed while open.
        Raises StoreFormatError for a store of a newer format.
        """
        if not read_only:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        env = lmdb.open(
            str(folder),
            map_size=map_bytes,
            max_readers=MAX_READERS,
            max_dbs=0,
            readonly=read_only,
            mode=0o600,
            max_spare_txns=8,
            lib_version=0,  # file format 0.9: what every liblmdb in the field reads
        )
        store = cls(env, WriteMark(folder))
        try:
            store._check_format(read_only)
            env.reader_check()
        except BaseException:
            env.close()
            raise
        return store

    def close(self) -> None:
        self._env.close()
        self._mark.close()

    @contextmanager
    def read(self) -> Iterator[Txn]:
        """A consistent snapshot. Copy out what is needed and leave at once."""
        try:
            txn = self._env.begin()
        except lmdb.ReadersFullError:
            self._env.reader_check()
            txn = self._env.begin()
        try:
            yield txn
        except _FATAL as error:
            raise StoreBroken(str(error)) from error
        finally:
            txn.abort()

    @contextmanager
    def write(self) -> Iterator[Txn]:
        """The only writer of all processes; committed and flushed to disk on leaving, undone by an exception.

        Raises AppError STORAGE_FULL when the disk or the map is full; nothing is lost then.
        """
        assert os.getpid() == self._pid, "a store must not be used after a fork"
        txn = self._env.begin(write=True)
        self._mark.take()
        try:
            yield txn
            txn.commit()
        except BaseException as error:
            txn.abort()
            if isinstance(error, _FATAL):
                raise StoreBroken(str(error)) from error
            full = _storage_full(error)
            if full is not None:
                raise full from error
            raise
        finally:
            self._mark.clear()

    @contextmanager
    def nested(self, parent: Txn) -> Iterator[Txn]:
        """A part of a write transaction that an exception undoes alone."""
        txn = self._env.begin(write=True, parent=parent)
        try:
            yield txn
            txn.commit()
        except BaseException:
            txn.abort()
            raise

    @property
    def last_change(self) -> int:
        """Number of the last transaction that readers see, of any process: has anything changed?

        Not the `last_txnid` of LMDB's info, which rises before readers see the change: who reads then and waits for the
        next number has missed it.
        """
        with self.read() as txn:
            return txn.id()

    def clear_dead_readers(self) -> int:
        """Frees the reader slots of processes that died; they would keep old pages for ever."""
        return int(self._env.reader_check())

    def usage(self) -> dict[str, int]:
        """Bytes of the data file that are in use, bytes of the map, readers."""
        info, stat = self._env.info(), self._env.stat()
        return {
            "used_bytes": (info["last_pgno"] + 1) * stat["psize"],
            "map_bytes": info["map_size"],
            "readers": info["num_readers"],
        }

    def copy(self, folder: Path) -> None:
        """A compact, consistent copy of the environment, made while others write.

        Raises OSError, or AppError STORAGE_FULL, when it cannot be written.
        """
        try:
            self._env.copy(str(folder), compact=True)
        except lmdb.Error as error:
            full = _storage_full(error)
            if full is not None:
                raise full from error
            raise OSError(f"the copy could not be written: {error}") from error

    def _check_format(self, read_only: bool) -> None:
        with self.read() as txn:
            value = txn.get(keys.meta("format"))
            empty = txn.stat()["entries"] == 0
        if value is None:
            if not empty:
                raise StoreFormatError("the data folder holds an LMDB environment that is not Pinfold's")
            if read_only:
                raise StoreFormatError("the data folder holds no store")
            with self.write() as txn:
                txn.put(keys.meta("format"), keys.encode_number(FORMAT), overwrite=False)
            return
        found = keys.decode_number(value)
        if found > FORMAT:
            raise StoreFormatError(
                f"the store has format {found}, this Pinfold reads up to {FORMAT}: use a newer Pinfold"
            )


def last_number(txn: Txn, name: str) -> int:
    """The number that a counter gave out last; 0 before the first."""
    value = txn.get(keys.counter(name))
    return 0 if value is None else keys.decode_number(bytes(value))


def next_number(txn: Txn, name: str) -> int:
    """The next number of a counter: 1, 2, 3, … and never one twice."""
    number = last_number(txn, name) + 1
    txn.put(keys.counter(name), keys.encode_number(number))
    return number


def _storage_full(error: BaseException) -> AppError | None:
    """LMDB reports a full disk as an input/output error of the commit."""
    full = isinstance(error, lmdb.MapFullError | lmdb.DiskError)
    if not full and isinstance(error, lmdb.Error):
        full = "Input/output error" in str(error) or "No space left" in str(error)
    if not full:
        return None
    return AppError(
        Code.EXHAUSTED,
        "STORAGE_FULL",
        "the store is full: nothing was changed; delete data, free disk space or raise the store's size limit",
    )
