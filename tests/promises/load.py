"""A server of two workers under load while something happens to it; every answer is checked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pinfold
from bench.traffic import Golden, Pointer, Traffic, connected
from tests.crash.test_kills import children
from tests.scraping import until_up
from tests.serving import HANG_SECONDS, TOPICS, Server, Trained

TEXTS = [f"please help me with the {word} and the {words[0]}" for words in TOPICS.values() for word in words]


def workers(server: Server) -> set[int]:
    return {pid for role, pid in children(server) if role == "worker"}


@dataclass(frozen=True, slots=True)
class Busy:
    """A server of two workers with a trained dataset."""

    trained: Trained
    metrics_port: int

    @property
    def server(self) -> Server:
        return self.trained.server

    async def until_replaced(self, old: set[int]) -> None:
        """Returns when two workers serve and none of them is an old one."""
        async with asyncio.timeout(HANG_SECONDS):
            while len(workers(self.server)) != 2 or workers(self.server) & old:
                await asyncio.sleep(0.02)
        await until_up(self.metrics_port, 2)


@asynccontextmanager
async def load_on(busy: Busy) -> AsyncIterator[tuple[Traffic, pinfold.AsyncDataset]]:
    """Eight callers for the length of the block; no answer may be missing, mixed or stale. Their calls have the retry
    policy that all have, and time enough on a machine of any speed.
    """
    trained = busy.trained
    async with connected(busy.server.target, 4, predict_timeout=HANG_SECONDS) as clients:
        dataset = clients[0].dataset(trained.dataset)
        golden = await Golden.ask(dataset, (trained.first, trained.second), TEXTS)
        traffic = Traffic(golden, Pointer(trained.first))
        async with traffic.running(clients, callers=8):
            yield traffic, dataset
    assert traffic.tally.faults == (0, 0, 0), traffic.tally.errors
