"""Group commit: the changes that one process makes at the same time share one flush to disk.

One thread owns the write side, so that nothing blocks the event loop. A change that fails is undone alone; an answer is
given only after the commit that holds it.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import lmdb

from pinfold_server.store.env import Store, Txn

T = TypeVar("T")
_Job = tuple[Callable[[Txn], Any], "asyncio.Future[Any]"]


class GroupWriter:
    """Runs changes on its own thread, as many in one transaction as have gathered."""

    def __init__(self, store: Store, *, group_max: int = 64) -> None:
        self._store = store
        self._group_max = group_max
        self._closed = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    async def run(self, change: Callable[[Txn], T]) -> T:
        """What `change(txn)` returns, once it is committed and flushed; raises what it raises.

        A cancelled caller does not stop a change that was handed over. Raises RuntimeError after `close`.
        """
        if self._closed:
            raise RuntimeError("the writer is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((change, future))
        return await future

    def close(self) -> None:
        """Finishes what was handed over, then ends the thread."""
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            group, last = self._gather(job)
            self._commit(group)
            if last:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        while len(group) < self._group_max:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list[_Job]) -> None:
        if len(group) == 1:
            self._commit_one(group[0])
            return
        outcomes: list[tuple[asyncio.Future[Any], Any, BaseException | None]] = []
        try:
            with self._store.write() as txn:
                for change, future in group:
                    outcomes.append(self._attempt(txn, change, future))
        except Exception:
            # The shared transaction is lost, by whomever's fault: each change gets one of its own.
            for job in group:
                self._commit_one(job)
            return
        for future, result, error in outcomes:
            _answer(future, result, error)

    def _attempt(
        self, txn: Txn, change: Callable[[Txn], Any], future: "asyncio.Future[Any]"
    ) -> tuple["asyncio.Future[Any]", Any, BaseException | None]:
        try:
            with self._store.nested(txn) as part:
                return future, change(part), None
        except lmdb.Error:
            raise
        except Exception as error:
            return future, None, error

    def _commit_one(self, job: _Job) -> None:
        change, future = job
        try:
            with self._store.write() as txn:
                result = change(txn)
        except Exception as error:
            _answer(future, None, error)
        else:
            _answer(future, result, None)


def _answer(future: "asyncio.Future[Any]", result: Any, error: BaseException | None) -> None:
    def settle() -> None:
        if future.cancelled():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    # The caller's loop can be gone when a process ends in a hurry; the change is committed all the same.
    with contextlib.suppress(RuntimeError):
        future.get_loop().call_soon_threadsafe(settle)
