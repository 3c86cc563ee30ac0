"""What a run tells of itself while it trains, on a real store."""

from pathlib import Path

import pytest

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.services.runs import claims
from pinfold_server.services.runs.claims import Claim, ClaimLost
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.storage_pb2 import RunRecord
from pinfold_server.store.tables import runs
from pinfold_server.training.contract import Phase
from pinfold_server.training.watching import Watch
from tests.stores import Bench, item, open_bench


async def claimed(bench: Bench) -> Claim:
    await bench.dataset()
    await bench.upload(item("d1", labels=("A",)))
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    with bench.store.write() as txn:
        held = claims.claim(txn, "trainer-0", 1_000)
    assert held is not None
    return held


def run_of(bench: Bench, held: Claim) -> RunRecord:
    with bench.store.read() as txn:
        record = runs.get(txn, held.dataset_uid, held.run)
    assert record is not None
    return record


async def test_the_last_phase_is_stored_when_the_watch_ends(tmp_path: Path) -> None:
    with open_bench(tmp_path / "store") as bench:
        held = await claimed(bench)
        with Watch(bench.store, held, lambda: False) as watch:
            for number, phase in enumerate(Phase):
                watch.report(phase, number / 10)
        record = run_of(bench, held)
        assert (record.phase, record.fraction) == ("publish", 0.5)


async def test_a_run_that_was_taken_away_ends_the_watch_and_is_not_written_to(tmp_path: Path) -> None:
    with open_bench(tmp_path / "store") as bench:
        held = await claimed(bench)
        with bench.store.write() as txn:
            claims.queue_again(txn, "trainer-0", 2_000)
        watch = Watch(bench.store, held, lambda: False)
        assert watch.should_stop()
        with pytest.raises(ClaimLost), watch:
            watch.report(Phase.FIT, 0.5)
        assert run_of(bench, held).state == "queued"


async def test_a_trainer_that_stops_ends_the_run(tmp_path: Path) -> None:
    with open_bench(tmp_path / "store") as bench:
        held = await claimed(bench)
        stopping = [False]
        with Watch(bench.store, held, lambda: stopping[0]) as watch:
            assert not watch.should_stop()
            stopping[0] = True
            assert watch.should_stop()
