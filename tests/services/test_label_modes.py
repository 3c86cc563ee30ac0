"""What a dataset says of its labels: kept, refused where it does not hold, and what holds for a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pinfold_server.domain.runs.configs import LabelMode, RunConfig
from pinfold_server.errors import AppError, Code
from pinfold_server.services.datasets import auto_training
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.tables import datasets
from tests.stores import Bench, item, open_bench

SINGLE, MULTI, AUTO = LabelMode.SINGLE_LABEL, LabelMode.MULTI_LABEL, LabelMode.AUTO


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened
        assert opened.findings() == []


@pytest.mark.parametrize(
    ("asked", "said", "holds"),
    [
        (AUTO, None, AUTO),
        (AUTO, AUTO, AUTO),
        (AUTO, SINGLE, SINGLE),
        (AUTO, MULTI, MULTI),
        (MULTI, SINGLE, MULTI),
        (SINGLE, MULTI, SINGLE),
    ],
)
async def test_the_run_comes_first_then_the_dataset(
    bench: Bench, asked: LabelMode, said: LabelMode | None, holds: LabelMode
) -> None:
    await bench.use.datasets.create("support", DatasetFields(label_mode=said))
    await bench.upload(item("d", labels=("A",)))
    service = RunService(bench.store, bench.changes, waiting_max=10)
    run = await service.train("support", RunConfig(label_mode=asked))
    assert run.config.label_mode == holds
    later = MULTI if said is not MULTI else AUTO
    await bench.use.datasets.update("support", DatasetFields(label_mode=later))
    assert service.get("support", run.number).config.label_mode == holds


async def test_a_run_that_a_dataset_queues_by_itself_follows_it(bench: Bench) -> None:
    await bench.use.datasets.create("support", DatasetFields(label_mode=MULTI))
    await bench.upload(item("d", labels=("A",)))
    with bench.store.write() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        assert auto_training.queue(txn, owner, 1).config.label_mode == MULTI


async def test_single_label_is_refused_while_a_document_has_two_leaf_labels(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("one", labels=("A > B",)), item("parent", labels=("A", "A > B")))
    await bench.use.datasets.update("support", DatasetFields(label_mode=SINGLE))
    await bench.use.datasets.update("support", DatasetFields(label_mode=AUTO))
    await bench.upload(item("two", labels=("A > B", "C")))
    with pytest.raises(AppError) as refusal:
        await bench.use.datasets.update("support", DatasetFields(title="New", label_mode=SINGLE))
    assert (refusal.value.code, refusal.value.reason) == (Code.PRECONDITION, "NOT_SINGLE_LABEL")
    assert [violation.field for violation in refusal.value.violations] == ["dataset.label_mode"]
    assert refusal.value.metadata == {"name": "datasets/support", "document": "two"}
    record = bench.use.datasets.get("support")
    assert (record.title, record.label_mode) == ("", "")
    await bench.use.datasets.update("support", DatasetFields(label_mode=MULTI))


async def test_single_label_of_a_dataset_that_is_not_there_is_not_found(bench: Bench) -> None:
    with pytest.raises(AppError) as refusal:
        await bench.use.datasets.update("nobody", DatasetFields(label_mode=SINGLE))
    assert refusal.value.reason == "DATASET_NOT_FOUND"
