"""What a version keeps of its validation, on a real store: the same bits, for as long as somebody may ask."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.quality.held_out import HeldOut, pack, unpack
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.services.quality import held_out as reader
from pinfold_server.services.runs.runs import RunService
from pinfold_server.services.versions.versions import VersionService
from pinfold_server.store.env import Txn
from pinfold_server.store.tables import datasets, held_out, versions
from pinfold_server.training.loop import Trainer
from pinfold_server.training.validate import held_out as keeping
from tests.serving import ticket_rows
from tests.stores import Bench, item, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened
        assert opened.findings() == []


async def fill(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(*(item(str(row["id"]), str(row["text"]), tuple(row["labels"])) for row in ticket_rows()))  # type: ignore[arg-type]


async def train(bench: Bench) -> None:
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", RunConfig())
    assert Trainer(bench.store, "trainer-0", lambda: 1_000_000).tick()


def read(bench: Bench, version: int) -> HeldOut | None:
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        return reader.read(txn, owner, version)


@given(st.integers(0, 9).flatmap(lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), max_size=9)))
def test_packed_bits_come_back(rows: list[list[bool]]) -> None:
    bools = np.array(rows, np.bool_).reshape(len(rows), len(rows[0]) if rows else 0)
    assert np.array_equal(unpack(pack(bools), *bools.shape), bools)


async def test_a_version_keeps_the_truth_and_the_answers_that_its_figures_were_computed_from(bench: Bench) -> None:
    await fill(bench)
    await train(bench)
    found = read(bench, 1)
    assert found is not None
    assert len(found) == len(ticket_rows())
    truths = {str(row["id"]): set(row["labels"]) for row in ticket_rows()}  # type: ignore[call-overload]
    for (source_id, document_id), truth in zip(found.documents, found.truth, strict=True):
        assert source_id == "support"
        named = {name for name, true in zip(found.label_names, truth, strict=True) if true}
        assert truths[document_id] <= named
    assert found.known.all()
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        record = versions.get(txn, owner.uid, 1)
        assert record is not None
        top = found.truth[np.arange(len(found)), found.probabilities.argmax(axis=1)]
        assert record.metrics.micro_f1 > 0.5 < top.mean()


async def test_a_label_keeps_its_number_when_it_is_renamed(bench: Bench) -> None:
    await fill(bench)
    await train(bench)
    await bench.use.label_moves.rename("support", "Login", "Sign in")
    await train(bench)
    old, new = read(bench, 1), read(bench, 2)
    assert old is not None
    assert new is not None
    assert set(old.label_numbers) == set(new.label_numbers)
    number = old.label_numbers[old.label_names.index("Login")]
    assert new.label_names[new.label_numbers.index(number)] == "Sign in"


async def test_it_is_kept_of_pinned_versions_and_of_the_newest_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "UNPINNED_KEPT", 2)
    await fill(bench)
    await train(bench)
    await VersionService(bench.store, bench.changes, pins_max=9).pin("support", VersionRef(1, None))
    for _ in range(4):
        await train(bench)
    assert [version for version in range(1, 6) if read(bench, version) is not None] == [1, 4, 5]


async def test_of_a_large_dataset_a_random_part_is_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "CELLS_MAX", 100)
    monkeypatch.setattr(keeping, "CELLS_A_CHUNK", 30)
    await fill(bench)
    await train(bench)
    found = read(bench, 1)
    assert found is not None
    assert len(found) == 100 // len(found.label_names)
    assert list(found.documents) == sorted(found.documents)


async def test_check_finds_a_part_whose_arrays_do_not_fit(bench: Bench) -> None:
    await fill(bench)
    await train(bench)

    def stored(txn: Txn) -> tuple[int, int]:
        return next(iter(held_out.kept(txn, 1)))

    with bench.store.write() as txn:
        source_uid, version = stored(txn)
        (_, whole), *_ = held_out.of_version(txn, 1, [source_uid], version)
        cut = type(whole).FromString(whole.SerializeToString())
        cut.probabilities = cut.probabilities[:-4]
        held_out.put(txn, 1, source_uid, version, [cut])
    assert ["held-out part" in finding.problem for finding in bench.findings()] == [True]
    with bench.store.write() as txn:
        held_out.put(txn, 1, source_uid, version, [whole])
