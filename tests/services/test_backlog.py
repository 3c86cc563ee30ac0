"""Work that nobody waits for: bounded in memory and in time, and done in small steps."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from pinfold_server.services.common.backlog import Backlog, Pace

STEP = 16


class Looks:
    """What was looked at, in order."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seen: list[tuple[str, list[str]]] = []
        self._seconds = seconds

    async def __call__(self, owner: str, texts: Sequence[str]) -> None:
        time.sleep(self._seconds)
        self.seen.append((owner, list(texts)))


async def work(backlog: Backlog[str], looks: Looks, texts: int) -> None:
    """Until so many texts were looked at, and a moment longer."""
    task = asyncio.create_task(backlog.work(looks))
    while sum(len(seen) for _, seen in looks.seen) < texts:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_texts_are_looked_at_in_order_and_in_small_steps() -> None:
    backlog: Backlog[str] = Backlog(texts_max=100, characters_max=1_000, pace=Pace(STEP, 1.0))
    many = [str(number) for number in range(STEP + 3)]
    assert backlog.offer("a", ["x"])
    assert backlog.offer("b", many)
    looks = Looks()
    await work(backlog, looks, len(many) + 1)
    assert looks.seen == [("a", ["x"]), ("b", many[:STEP]), ("b", many[STEP:])]


async def test_what_finds_no_room_is_refused_until_there_is_some() -> None:
    backlog: Backlog[str] = Backlog(texts_max=3, characters_max=10, pace=Pace(STEP, 1.0))
    assert backlog.offer("a", ["x", "y"])
    assert not backlog.offer("a", ["x", "y"])
    assert backlog.offer("a", ["a long text"])
    assert not backlog.offer("a", [])  # no room for characters
    looks = Looks()
    await work(backlog, looks, 3)
    assert looks.seen == [("a", ["x", "y", "a long text"])]  # what belongs together is looked at together
    assert backlog.offer("a", ["x", "y", "z"])


async def test_it_takes_no_more_than_its_share_of_the_time() -> None:
    backlog: Backlog[str] = Backlog(texts_max=100, characters_max=1_000, pace=Pace(STEP, 0.2))
    for owner in "abcde":
        assert backlog.offer(owner, ["x"])
    began = time.monotonic()
    await work(backlog, Looks(seconds=0.01), 5)
    # Five looks and four pauses of four times as long.
    assert time.monotonic() - began >= 0.01 * (5 + 4 * 4)


async def test_a_look_that_fails_harms_no_other(caplog: pytest.LogCaptureFixture) -> None:
    backlog: Backlog[str] = Backlog(texts_max=100, characters_max=1_000, pace=Pace(STEP, 1.0))
    seen: list[str] = []

    async def look(owner: str, texts: Sequence[str]) -> None:
        seen.append(owner)
        if owner == "bad":
            raise ValueError("unforeseen")

    for owner in ("good", "bad", "good again"):
        assert backlog.offer(owner, ["x"])
    task = asyncio.create_task(backlog.work(look))
    while len(seen) < 3:
        await asyncio.sleep(0.001)
    task.cancel()
    assert seen == ["good", "bad", "good again"]
    assert "could not be looked at" in caplog.text
