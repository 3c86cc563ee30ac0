"""Explanations off the event loop: few at a time, of versions whose file has tables."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnx
import pytest

from pinfold_server.domain.names import VersionRef
from pinfold_server.errors import AppError, Code
from pinfold_server.services.predictions.explanations import WAITING_MAX, ExplainQuery, ExplanationService
from pinfold_server.services.predictions.served import ServedVersions
from pinfold_server.services.versions.golden import to_record
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import DatasetRecord
from pinfold_server.store.tables import artefacts, datasets, versions
from pinfold_server.training.contract import TrainedModel
from pinfold_server.training.records import labels_to_record, version_to_record
from tests.stores import open_store
from tests.training.tickets import numbers_of, tickets, trained

QUERY = ExplainQuery("tickets", VersionRef(1, None), "refund my order")


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return trained(tickets())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def publish(store: Store, model: TrainedModel, blob: bytes) -> None:
    """Stores `blob` as the file of version 1 of `tickets`."""
    record = version_to_record(model, revision=1)
    record.number, record.available = 1, True
    record.sha256, record.size = artefacts.stage(store, blob, 1), len(blob)
    with store.write() as txn:
        datasets.put(txn, DatasetRecord(uid=1, id="tickets", latest_version=1, last_version=1))
        artefacts.reference(txn, record.sha256)
        versions.put(txn, 1, record)
        versions.put_labels(txn, 1, 1, labels_to_record(model, numbers_of(model)))
        versions.put_golden(txn, 1, 1, to_record(model.golden.texts, model.golden.probabilities))


def service(store: Store, executor: ThreadPoolExecutor) -> ExplanationService:
    served = ServedVersions(store, executor, memory_bytes_max=1 << 30)
    return ExplanationService(store, served, executor, text_bytes_max=1 << 20)


async def test_more_than_may_wait_are_refused_and_all_others_answered(
    store: Store, executor: ThreadPoolExecutor, model: TrainedModel
) -> None:
    publish(store, model, model.onnx)
    asked = service(store, executor)
    await asked.explain(QUERY)
    hold = threading.Event()
    executor.submit(hold.wait)
    waiting = [asyncio.create_task(asked.explain(QUERY)) for _ in range(WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(AppError) as refused:
        await asked.explain(QUERY)
    hold.set()
    assert (refused.value.code, refused.value.reason) == (Code.EXHAUSTED, "OVERLOADED")
    assert refused.value.retry_after
    answers = await asyncio.gather(*waiting)
    assert all(answer.labels == answers[0].labels for answer in answers)
    assert (await asked.explain(QUERY)).labels == answers[0].labels


async def test_a_file_without_named_tables_is_not_explained_but_said_to_be_old(
    store: Store, executor: ThreadPoolExecutor, model: TrainedModel
) -> None:
    file = onnx.load_from_string(model.onnx)
    for name in ("steps", "offsets"):
        for tensor in file.graph.initializer:
            if tensor.name == name:
                tensor.name = f"c_{name}"
        for node in file.graph.node:
            node.input[:] = [f"c_{name}" if each == name else each for each in node.input]
    publish(store, model, file.SerializeToString())
    with pytest.raises(AppError, match="train again") as old:
        await service(store, executor).explain(QUERY)
    assert old.value.reason == "NOT_EXPLAINABLE"
