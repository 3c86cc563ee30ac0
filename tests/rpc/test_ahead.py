"""The next item is made ready while the caller works on one: order, failures and early ends are as without."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from pinfold_server.rpc.ahead import ahead


class Numbers:
    """Counts from 0, and remembers what it was asked for and that it was ended."""

    def __init__(self, count: int, fails_at: int | None = None) -> None:
        self.count = count
        self.fails_at = fails_at
        self.begun: list[int] = []
        self.cancelled = False

    async def __aiter__(self) -> AsyncIterator[int]:
        try:
            for number in range(self.count):
                self.begun.append(number)
                await asyncio.sleep(0)
                if number == self.fails_at:
                    raise ValueError(number)
                yield number
        except asyncio.CancelledError:
            self.cancelled = True
            raise


async def passes() -> None:
    """As many turns of the loop as any of these iterators needs for an item."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize("count", [0, 1, 2, 7])
async def test_items_come_whole_and_in_order(count: int) -> None:
    assert [number async for number in ahead(aiter(Numbers(count)))] == list(range(count))


async def test_one_item_is_made_ready_beside_the_work_and_no_more() -> None:
    numbers = Numbers(5)
    async with aclosing(ahead(aiter(numbers))) as items:
        async for number in items:
            await passes()
            assert numbers.begun == list(range(min(number + 2, 5)))


async def test_a_failure_comes_behind_the_items_before_it() -> None:
    items = ahead(aiter(Numbers(5, fails_at=2)))
    assert await anext(items) == 0
    await passes()
    assert await anext(items) == 1
    await passes()
    with pytest.raises(ValueError, match="2"):
        await anext(items)


async def test_who_stops_early_leaves_nothing_running() -> None:
    numbers = Numbers(5)
    async with aclosing(ahead(aiter(numbers))) as items:
        assert await anext(items) == 0
        await asyncio.sleep(0)  # the next one is under way, not done
    assert numbers.begun == [0, 1]
    assert numbers.cancelled
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_failure_that_nobody_waits_for_is_not_left_over() -> None:
    async with aclosing(ahead(aiter(Numbers(5, fails_at=1)))) as items:
        assert await anext(items) == 0
        await passes()
    assert asyncio.all_tasks() == {asyncio.current_task()}
