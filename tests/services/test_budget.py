import asyncio

import pytest

from pinfold_server.services.predictions.budget import TextBudget


def test_what_fits_is_taken_at_once_and_the_rest_is_refused():
    budget = TextBudget(10)

    assert budget.try_take(6)
    assert not budget.try_take(5)
    assert budget.try_take(4)
    budget.give_back(6)
    assert budget.try_take(6)
    assert budget.taken == 10


def test_more_than_the_whole_budget_is_let_in_alone():
    budget = TextBudget(10)

    assert budget.try_take(25)
    assert not budget.try_take(1)
    budget.give_back(25)
    assert budget.taken == 0


async def test_whoever_waits_gets_its_turn_in_order_and_is_not_overtaken():
    budget, turns = TextBudget(10), []
    assert budget.try_take(8)

    async def taker(name: str, texts: int) -> None:
        await budget.take(texts)
        turns.append(name)

    waiting = [asyncio.create_task(taker("large", 9)), asyncio.create_task(taker("small", 1))]
    await asyncio.sleep(0)
    assert not budget.try_take(1)
    budget.give_back(8)
    await asyncio.gather(*waiting)

    assert turns == ["large", "small"]
    assert budget.taken == 10


@pytest.mark.parametrize("after_the_turn", [False, True])
async def test_a_waiter_that_is_cancelled_leaves_nothing_taken(after_the_turn: bool):
    budget = TextBudget(10)
    assert budget.try_take(10)
    waiting = asyncio.create_task(budget.take(5))
    await asyncio.sleep(0)

    if after_the_turn:
        budget.give_back(10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    if not after_the_turn:
        budget.give_back(10)

    assert budget.taken == 0
    assert budget.try_take(10)
