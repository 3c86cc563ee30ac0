from collections.abc import Iterator
from pathlib import Path

import pytest

from pinfold_server.store import garbage, keys
from pinfold_server.store.env import Store
from pinfold_server.store.table import scan
from pinfold_server.store.tables import artefacts
from tests.store.models import add_queued_run, add_tag, add_version
from tests.stores import Bench, item, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened


def sweep_all(store: Store, limit: int) -> int:
    """Number of transactions that it took."""
    for count in range(1, 1_000):
        with store.write() as txn:
            more = garbage.sweep(txn, limit)
        if not more:
            return count
    raise AssertionError("the sweep does not end")


def kinds(store: Store) -> set[bytes]:
    with store.read() as txn:
        return {key[:1] for key, _ in scan(txn, b"")}


async def filled(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(*(item(f"d{n}", labels=(f"A > {n}",)) for n in range(30)))
    for number in range(3):
        add_version(bench.store, "support", b"model %d" % number, pinned=number == 0)
    add_tag(bench.store, "support", "live", 1)
    add_queued_run(bench.store, "support")


async def test_a_deleted_dataset_leaves_nothing_behind(bench: Bench) -> None:
    await filled(bench)
    await bench.use.datasets.delete("support", force=True)
    await bench.use.sources.delete("support")
    assert bench.findings() == []
    sweep_all(bench.store, limit=10)
    artefacts.sweep_unreferenced(bench.store, older_than_us=1_000_000)
    assert kinds(bench.store) == {keys.META, keys.COUNTER}
    assert bench.findings() == []


async def test_the_sweep_works_in_small_steps_and_the_store_is_sound_between_them(bench: Bench) -> None:
    await filled(bench)
    await bench.use.datasets.delete("support", force=True)
    more = True
    while more:
        with bench.store.write() as txn:
            before = txn.stat()["entries"]
            more = garbage.sweep(txn, 7)
            assert before - txn.stat()["entries"] <= 7 + len(keys.OF_DATASET)
        assert bench.findings() == []


async def test_a_dataset_made_again_under_the_same_id_starts_empty_while_the_old_one_is_swept(bench: Bench) -> None:
    await filled(bench)
    await bench.use.datasets.delete("support", force=True)
    await bench.use.sources.delete("support")
    await bench.dataset()
    await bench.upload(item("d1", labels=("B",)))
    sweep_all(bench.store, limit=5)
    record = bench.use.datasets.get("support")
    assert (record.annotated_count, record.label_count, record.latest_version) == (1, 1, 0)
    assert bench.use.sources.get("support").document_count == 1
    assert bench.findings() == []


async def test_a_file_shared_with_another_dataset_survives(bench: Bench) -> None:
    await filled(bench)
    await bench.dataset("other")
    add_version(bench.store, "other", b"model 0", pinned=True)
    await bench.use.datasets.delete("support", force=True)
    sweep_all(bench.store, limit=1_000)
    artefacts.sweep_unreferenced(bench.store, older_than_us=1_000_000)
    with bench.store.read() as txn:
        (sha256,) = [sha256 for sha256, _ in artefacts.every(txn)]
        assert artefacts.read(txn, sha256) == b"model 0"
    assert bench.findings() == []


def test_with_nothing_to_sweep_it_says_so(bench: Bench) -> None:
    assert sweep_all(bench.store, limit=10) == 1
