"""Promise 3: a switch of tag is atomic and seen at once, and no call notices it.

PINFOLD_SWITCHES sets how often the tag is switched (default 300), PINFOLD_CALLS_A_SWITCH how many calls are answered
before the next time, at least (default 5).
"""

import itertools
import os

from tests.promises.load import load_on

SWITCHES = int(os.environ.get("PINFOLD_SWITCHES", "300"))
CALLS_A_SWITCH = int(os.environ.get("PINFOLD_CALLS_A_SWITCH", "5"))


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
