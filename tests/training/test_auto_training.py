"""Automatic training on a real store: when it queues a run, that it queues one only, and what it leaves alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.runs.auto_training import AutoTraining
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.errors import AppError, Code
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.runs.configurations import ConfigurationService
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.storage_pb2 import RunRecord
from pinfold_server.store.tables import runs
from pinfold_server.training.auto import AutoTrainer
from pinfold_server.training.loop import Trainer
from tests.services.refusals import refused
from tests.stores import Bench, item, open_bench


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000_000

    def __call__(self) -> int:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += int(seconds * 1e6)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened
        assert opened.findings() == []


def all_runs(bench: Bench) -> list[RunRecord]:
    with bench.store.read() as txn:
        return [record for _, record in runs.newest_first(txn, 1)]


async def fill(bench: Bench, wanted: AutoTraining) -> None:
    """Two labels; the revision is 1."""
    await bench.use.datasets.create("support", DatasetFields(auto_training=wanted))
    await bench.upload(
        *(item(f"{label}-{place}", f"{label} words {place}", (label,)) for label in "AB" for place in range(10))
    )


async def change(bench: Bench, times: int = 1) -> None:
    for _ in range(times):
        current = bench.use.datasets.get("support").revision
        name = f"sources/support/documents/A-{current % 10}"
        assigned = ("A",) if bench.use.annotations.get("support", name).assigned == ("B",) else ("B",)
        answer = await bench.use.annotations.annotate("support", [AnnotationUpdate(name, assigned)])
        assert answer.revision == current + 1


async def test_a_run_is_queued_after_enough_changes_and_once_only(bench: Bench, clock: Clock) -> None:
    await fill(bench, AutoTraining(enabled=True, after_changes=3, after_quiet_seconds=0))
    automatic = AutoTrainer(bench.store, clock)
    assert automatic.tick() == 0
    await change(bench, 2)
    assert automatic.tick() == 1
    assert [(run.state, run.automatic) for run in all_runs(bench)] == [("queued", True)]
    await change(bench, 5)
    assert automatic.tick() == AutoTrainer(bench.store, clock).tick() == 0
    assert Trainer(bench.store, "trainer-0", clock).tick()
    assert all_runs(bench)[0].state == RunState.SUCCEEDED
    assert automatic.tick() == 0
    await change(bench, 3)
    assert automatic.tick() == 1


async def test_a_run_is_queued_after_quiet(bench: Bench, clock: Clock) -> None:
    await fill(bench, AutoTraining(enabled=True, after_changes=0, after_quiet_seconds=10))
    automatic = AutoTrainer(bench.store, clock)
    for _ in range(3):
        assert automatic.tick() == 0
        clock.pass_seconds(9)
        await change(bench)
    assert automatic.tick() == 0
    clock.pass_seconds(10)
    assert automatic.tick() == 1


async def test_nothing_is_queued_by_default_without_annotations_or_beside_another_run(
    bench: Bench, clock: Clock
) -> None:
    await fill(bench, AutoTraining())
    clock.pass_seconds(10_000)
    assert AutoTrainer(bench.store, clock).tick() == 0
    eager = AutoTraining(enabled=True, after_changes=1)
    await bench.use.datasets.create("empty", DatasetFields(auto_training=eager))
    await RunService(bench.store, bench.changes, waiting_max=9).train("support", RunConfig())
    await bench.use.datasets.update("support", DatasetFields(auto_training=eager))
    assert AutoTrainer(bench.store, clock).tick() == 0
    assert len(all_runs(bench)) == 1


async def test_a_run_that_was_cancelled_is_not_repeated_before_something_changes(bench: Bench, clock: Clock) -> None:
    await fill(bench, AutoTraining(enabled=True, after_changes=1))
    automatic = AutoTrainer(bench.store, clock)
    assert automatic.tick() == 1
    await RunService(bench.store, bench.changes, waiting_max=9).cancel("support", 1)
    clock.pass_seconds(10_000)
    assert automatic.tick() == 0
    await change(bench)
    assert automatic.tick() == 1


async def test_the_named_run_configuration_is_used_and_its_loss_harms_nothing(bench: Bench, clock: Clock) -> None:
    configurations = ConfigurationService(bench.store, bench.changes)
    await configurations.create("fast", "", RunConfig(word_ngram_max=1))
    await fill(bench, AutoTraining(enabled=True, after_changes=1, configuration_id="fast"))
    assert AutoTrainer(bench.store, clock).tick() == 1
    (run,) = all_runs(bench)
    assert (run.configuration_id, run.config.word_ngram_max) == ("fast", 1)
    await RunService(bench.store, bench.changes, waiting_max=9).cancel("support", 1)
    await configurations.delete("fast")
    await change(bench)
    assert AutoTrainer(bench.store, clock).tick() == 1
    assert all_runs(bench)[0].configuration_id == ""


async def test_a_run_configuration_that_is_not_there_is_refused(bench: Bench) -> None:
    with refused(Code.NOT_FOUND, "RUN_CONFIGURATION_NOT_FOUND"):
        await fill(bench, AutoTraining(enabled=True, configuration_id="nobody"))


@given(st.integers(-5, 300), st.floats(0, 300), st.integers(0, 200), st.integers(0, 200))
def test_it_is_due_when_one_of_its_conditions_holds(changes: int, quiet: float, after: int, rest: int) -> None:
    if after == rest == 0:
        with pytest.raises(AppError, match="must have a condition"):
            AutoTraining(enabled=True, after_changes=after, after_quiet_seconds=rest)
        return
    wanted = AutoTraining(enabled=True, after_changes=after, after_quiet_seconds=rest)
    by_changes = after > 0 and changes >= after
    by_quiet = rest > 0 and changes > 0 and quiet >= rest
    assert wanted.is_due(changes, quiet) == (by_changes or by_quiet)
    assert not AutoTraining(after_changes=after, after_quiet_seconds=rest).is_due(changes, quiet)


@pytest.mark.parametrize(
    "options", [{"after_changes": -1}, {"after_changes": 1_000_001}, {"after_quiet_seconds": 86_401}]
)
def test_values_out_of_range_name_their_field(options: dict[str, int]) -> None:
    with pytest.raises(AppError) as caught:
        AutoTraining(**options)  # type: ignore[arg-type]
    assert caught.value.violations[0].field == f"dataset.auto_training.{next(iter(options))}"
