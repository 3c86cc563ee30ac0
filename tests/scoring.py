"""Trained and scored documents on a real store, for tests that need what a version says of them."""

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.services.runs.runs import RunService
from pinfold_server.training.loop import Trainer
from pinfold_server.training.scoring.scoring import Scorer
from pinfold_server.training.scoring.scoring_pass import ScorerOptions
from tests.serving import ticket_rows
from tests.stores import Bench, item

TEXT_OF = {str(row["id"]): str(row["text"]) for row in ticket_rows()}


class Clock:
    """Microseconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000_000

    def __call__(self) -> int:
        return self.now

    def rest(self) -> None:
        self.now += 20_000_000


async def fill(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(*(item(key, text) for key, text in TEXT_OF.items()))


async def train(bench: Bench, clock: Clock) -> None:
    """Labels every fourth ticket the first time, and makes a version."""
    await bench.upload(*(item(str(row["id"]), str(row["text"]), tuple(row["labels"])) for row in ticket_rows()[::4]))  # type: ignore[arg-type]
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert Trainer(bench.store, "trainer-0", clock).tick()


def scorer_of(bench: Bench, clock: Clock, name: str = "trainer-0") -> Scorer:
    return Scorer(bench.store, ScorerOptions(name, clock, lambda: False))


def score(bench: Bench, clock: Clock, name: str = "trainer-0") -> bool:
    """Lets the texts rest, and looks again; True when a pass was made."""
    scorer = scorer_of(bench, clock, name)
    worked = False
    for _ in range(3):
        worked |= scorer.tick()
        clock.rest()
    return worked
