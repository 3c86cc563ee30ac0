"""Promise 3: a switch of tag is atomic and seen at once, and no call notices it (PINFOLD_SWITCHES, default 300)."""

import itertools
import os

from tests.promises.load import load_on

SWITCHES = int(os.environ.get("PINFOLD_SWITCHES", "300"))
CALLS_A_SWITCH = 5


async def test_every_answer_is_wholly_by_a_version_that_the_tag_pointed_to(busy):
    trained = busy.trained
    async with load_on(busy) as (traffic, dataset):
        for version in itertools.islice(itertools.cycle((trained.second, trained.first)), SWITCHES):
            async with traffic.pointer.moving_to(version):
                await dataset.set_tag("live", version)
            await traffic.answers(CALLS_A_SWITCH)

    assert traffic.tally.calls >= SWITCHES * CALLS_A_SWITCH
    assert traffic.tally.switching
    assert traffic.answered_by == {trained.first, trained.second}
