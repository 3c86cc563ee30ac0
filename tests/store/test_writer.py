import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from pinfold_server.errors import AppError
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.writer import GroupWriter
from tests.serving import HANG_SECONDS
from tests.stores import open_store


class Refused(Exception):
    pass


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with open_store(tmp_path / "store", map_bytes=1 << 22) as opened:
        yield opened


@pytest.fixture
async def writer(store: Store) -> AsyncIterator[GroupWriter]:
    writer = GroupWriter(store)
    yield writer
    writer.close()


def put(key: str, value: bytes = b"1"):  # type: ignore[no-untyped-def]
    def change(txn: Txn) -> str:
        txn.put(b"\x10" + key.encode(), value)
        return key

    return change


def put_and_fail(key: str):  # type: ignore[no-untyped-def]
    def change(txn: Txn) -> str:
        txn.put(b"\x10" + key.encode(), b"1")
        raise Refused(key)

    return change


def stored(store: Store) -> set[str]:
    with store.read() as txn:
        return {bytes(key)[1:].decode() for key, _ in txn.cursor() if bytes(key).startswith(b"\x10")}


class Gate:
    """Holds the writer inside a change until it is opened, so that what comes meanwhile becomes one group."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.entered = threading.Event()

    def wait(self, txn: Txn) -> None:
        self.entered.set()
        assert self._open.wait(HANG_SECONDS)

    def open(self) -> None:
        self._open.set()


async def gathered(writer: GroupWriter, *changes):  # type: ignore[no-untyped-def]
    """Outcomes of changes that share one transaction."""
    gate = Gate()
    held = asyncio.create_task(writer.run(gate.wait))
    await asyncio.to_thread(gate.entered.wait, HANG_SECONDS)
    tasks = [asyncio.create_task(writer.run(change)) for change in changes]
    await asyncio.sleep(0)
    gate.open()
    await held
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_changes_that_come_together_share_one_commit(store: Store, writer: GroupWriter) -> None:
    before = store.last_change
    outcomes = await gathered(writer, *(put(f"k{n}") for n in range(20)))
    assert outcomes == [f"k{n}" for n in range(20)]
    # The gate's own transaction changed nothing, so LMDB gave it no number.
    assert store.last_change == before + 1
    assert len(stored(store)) == 20


async def test_a_change_that_fails_is_undone_alone(store: Store, writer: GroupWriter) -> None:
    outcomes = await gathered(writer, put("a"), put_and_fail("b"), put("c"), put_and_fail("d"), put("e"))
    assert [str(outcome) for outcome in outcomes] == ["a", "b", "c", "d", "e"]
    assert [type(outcome) for outcome in outcomes] == [str, Refused, str, Refused, str]
    assert stored(store) == {"a", "c", "e"}


async def test_a_change_that_fills_the_store_does_not_fail_its_neighbours(store: Store, writer: GroupWriter) -> None:
    outcomes = await gathered(writer, put("a"), put("big", b"x" * (1 << 23)), put("c"))
    assert outcomes[0] == "a"
    assert isinstance(outcomes[1], AppError)
    assert outcomes[1].reason == "STORAGE_FULL"
    assert outcomes[2] == "c"
    assert stored(store) == {"a", "c"}


async def test_a_store_that_is_full_takes_changes_again_when_there_is_room(store: Store, writer: GroupWriter) -> None:
    with pytest.raises(AppError):
        await writer.run(put("big", b"x" * (1 << 23)))
    assert await writer.run(put("small")) == "small"


async def test_each_change_of_a_group_sees_those_before_it(store: Store, writer: GroupWriter) -> None:
    outcomes = await gathered(writer, *[lambda txn: next_number(txn, "n")] * 10)
    assert outcomes == list(range(1, 11))


async def test_an_answer_is_given_only_after_the_commit(store: Store, writer: GroupWriter) -> None:
    for number in range(20):
        await writer.run(put(str(number)))
        assert str(number) in stored(store)


async def test_a_caller_that_leaves_does_not_stop_its_change(store: Store, writer: GroupWriter) -> None:
    gate = Gate()
    held = asyncio.create_task(writer.run(gate.wait))
    await asyncio.to_thread(gate.entered.wait, HANG_SECONDS)
    left = asyncio.create_task(writer.run(put("a")))
    await asyncio.sleep(0)
    left.cancel()
    gate.open()
    await held
    await writer.run(put("b"))
    assert stored(store) == {"a", "b"}


async def test_closing_finishes_what_was_handed_over(store: Store) -> None:
    writer = GroupWriter(store)
    tasks = [asyncio.create_task(writer.run(put(f"k{n}"))) for n in range(200)]
    await asyncio.sleep(0)
    await asyncio.to_thread(writer.close)
    assert len(await asyncio.gather(*tasks)) == len(stored(store)) == 200
    with pytest.raises(RuntimeError, match="closed"):
        await writer.run(put("late"))


def test_a_writer_outlives_the_loop_of_a_caller(store: Store) -> None:
    writer = GroupWriter(store)
    gate = Gate()

    async def leave_at_once() -> None:
        waiting = asyncio.ensure_future(writer.run(gate.wait))
        await asyncio.to_thread(gate.entered.wait, HANG_SECONDS)
        waiting.cancel()

    asyncio.run(leave_at_once())
    gate.open()
    assert asyncio.run(writer.run(put("a"))) == "a"
    writer.close()
    assert stored(store) == {"a"}
