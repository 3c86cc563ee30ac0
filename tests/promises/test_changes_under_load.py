"""Promise 4: no call fails because of a deploy, a rollback, a training, a rolling restart or a worker's death.

PINFOLD_KILLS sets the number of workers that are killed (default 6).
"""

import asyncio
import os
import signal

from tests.promises.load import load_on, workers
from tests.serving import HANG_SECONDS, ticket_rows, until

KILLS = int(os.environ.get("PINFOLD_KILLS", "6"))


async def test_killed_workers_cost_no_call(busy):
    async with load_on(busy) as (traffic, _):
        for _ in range(KILLS):
            victim = min(workers(busy.server))
            os.kill(victim, signal.SIGKILL)
            await traffic.answers(50)
            await busy.until_replaced({victim})
            await traffic.answers(50)


async def test_answers_come_again_soon_after_all_workers_were_killed(busy):
    async with load_on(busy) as (traffic, _):
        await traffic.answers(50)
        for pid in workers(busy.server):
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        await traffic.answers(50)  # and no call failed for it: `load_on` counts them


async def test_a_rolling_restart_replaces_every_worker_and_costs_no_call(busy_with_trainer):
    busy = busy_with_trainer
    old = workers(busy.server)
    async with load_on(busy) as (traffic, _):
        await traffic.answers(50)
        busy.server.process.send_signal(signal.SIGHUP)
        await busy.until_replaced(old)
        await traffic.answers(200)

    until(lambda: "all workers are new" in busy.server.log.read_text(), busy.server.log.read_text)
    assert busy.server.stop() == 0


async def test_promotions_rollbacks_trainings_and_uploads_cost_no_call(busy_with_trainer):
    trained = busy_with_trainer.trained
    async with load_on(busy_with_trainer) as (traffic, dataset):
        run = await dataset.train(max_features=500)
        for _ in range(10):
            async with traffic.pointer.moving_to(trained.second):
                await dataset.promote("staging", "live")
            await traffic.answers(10)
            async with traffic.pointer.moving_to(trained.first):
                assert (await dataset.rollback("live")).version == trained.first
            await traffic.answers(10)
            await dataset.upload(ticket_rows())
        version = await run.wait(timeout=HANG_SECONDS)
        await version.pin()
