"""Which calls count as what."""

import asyncio
from collections.abc import Sequence

import pytest

import pinfold
from bench import traffic
from bench.traffic import Golden, Pointer, Traffic

TEXT = "where is my refund"


class OneAnswer:
    """Answers as a dataset would, once it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def predict(self, texts: Sequence[str], **_: object) -> list[pinfold.Prediction]:
        await self.may_answer.wait()
        return [pinfold.Prediction(labels=(), version=1, tag="live") for _ in texts]


@pytest.fixture
def callers() -> Traffic:
    return Traffic(Golden("tickets", (TEXT,), {(1, TEXT): ()}), Pointer(1))


async def test_a_call_that_ran_while_a_worker_was_killed_is_neither_at_rest_nor_during_a_switch(callers):
    dataset = OneAnswer()
    call = asyncio.create_task(callers._call(dataset, [TEXT]))
    await asyncio.sleep(0)
    with callers.shaken():
        dataset.may_answer.set()
        await call
    await callers._call(dataset, [TEXT])

    tally = callers.tally
    assert (len(tally.shaken), len(tally.switching), len(tally.at_rest)) == (1, 0, 1)
    assert tally.faults == (0, 0, 0), tally.errors


async def test_a_call_beside_a_move_counts_as_one_during_a_switch(callers, monkeypatch):
    monkeypatch.setattr(traffic, "SWITCH_SECONDS", 3600.0)
    dataset = OneAnswer()
    dataset.may_answer.set()
    async with callers.pointer.moving_to(1):
        await callers._call(dataset, [TEXT])
    await callers._call(dataset, [TEXT])

    assert (len(callers.tally.switching), len(callers.tally.at_rest)) == (2, 0)
