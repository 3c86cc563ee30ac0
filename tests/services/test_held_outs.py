"""What validations held out, kept in memory: read once, never more than fits, and refused once the store dropped it."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.errors import AppError, Code
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.quality.held_outs import HeldOutCache
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.tables import datasets, held_out, sources
from pinfold_server.training.loop import Trainer
from tests.services.refusals import refused
from tests.serving import ticket_rows
from tests.stores import Bench, item

FIRST, SECOND = VersionRef(1, None), VersionRef(2, None)


async def train(bench: Bench) -> None:
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert Trainer(bench.store, "trainer-0", lambda: 1_000_000).tick()


@pytest.fixture
async def trained(bench: Bench) -> Bench:
    """`support` reads two sources and has two versions."""
    await bench.use.sources.create("mail", "")
    await bench.use.sources.create("chat", "")
    await bench.use.datasets.create("support", DatasetFields(source_ids=("mail", "chat")))
    rows = [item(str(row["id"]), str(row["text"]), tuple(row["labels"])) for row in ticket_rows()]  # type: ignore[arg-type]
    await bench.upload(*rows[::2], source="mail")
    await bench.upload(*rows[1::2], source="chat")
    await train(bench)
    await train(bench)
    return bench


async def test_a_version_is_read_once(trained: Bench) -> None:
    cache = HeldOutCache(trained.store)
    found = cache.get("support", FIRST)
    assert found.record.number == 1
    assert tuple(label.name for label in found.labels) == found.held_out.label_names
    assert len(found.curves) == len(found.labels)
    assert cache.get("support", FIRST) is found
    assert cache.get("support", SECOND) is not found


async def test_the_least_recently_used_is_dropped_when_memory_runs_short(trained: Bench) -> None:
    cache = HeldOutCache(trained.store, bytes_max=1)
    first = cache.get("support", FIRST)
    assert cache.get("support", FIRST) is first
    cache.get("support", SECOND)
    again = cache.get("support", FIRST)
    assert again is not first
    assert again.held_out.documents == first.held_out.documents


async def test_documents_of_a_source_that_is_no_longer_read_are_out_of_sight(trained: Bench) -> None:
    cache = HeldOutCache(trained.store)
    before = cache.get("support", FIRST).held_out
    with trained.store.write() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        owner.source_ids.remove("chat")
        datasets.put(txn, owner)
    after = cache.get("support", FIRST).held_out
    assert {source for source, _ in before.documents} == {"mail", "chat"}
    assert {source for source, _ in after.documents} == {"mail"}
    with trained.store.write() as txn:  # as it was, for the check of all invariants
        owner.source_ids.append("chat")
        datasets.put(txn, owner)
    assert after.truth.shape == (len(after), len(after.label_names)) == after.probabilities.shape


async def test_what_the_store_dropped_is_refused_though_it_was_in_memory(trained: Bench) -> None:
    cache = HeldOutCache(trained.store)
    cache.get("support", FIRST)
    with trained.store.write() as txn:
        for source_id in ("mail", "chat"):
            source = sources.get(txn, source_id)
            assert source is not None
            held_out.delete(txn, 1, source.uid, 1)
    with refused(Code.PRECONDITION, "VALIDATION_NOT_KEPT"):
        cache.get("support", FIRST)
    with refused(Code.NOT_FOUND, "VERSION_NOT_FOUND"):
        cache.get("support", VersionRef(7, None))
    with refused(Code.NOT_FOUND, "TAG_NOT_FOUND"):
        cache.get("support", VersionRef(None, "live"))
    with refused(Code.NOT_FOUND, "DATASET_NOT_FOUND"):
        cache.get("other", FIRST)


async def test_slow_work_is_done_in_order_and_refused_beyond_what_may_wait() -> None:
    with ThreadPoolExecutor(1) as executor:
        slow = SlowWork(executor, waiting_max=3)
        done: list[int] = []
        hold = threading.Event()
        executor.submit(hold.wait)
        tasks = [asyncio.create_task(slow.run(lambda number=number: done.append(number))) for number in range(3)]  # type: ignore[misc]
        await asyncio.sleep(0)
        with pytest.raises(AppError) as told:
            await slow.run(lambda: None)
        hold.set()
        await asyncio.gather(*tasks)
        assert (told.value.code, told.value.reason) == (Code.EXHAUSTED, "OVERLOADED")
        assert told.value.retry_after
        assert done == [0, 1, 2]
        assert await slow.run(lambda: 7) == 7
