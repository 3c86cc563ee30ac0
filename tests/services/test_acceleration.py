"""A version is switched to compiled code only when that gives the bits of the file."""

import asyncio
import logging
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pinfold_server.engine import compilation
from pinfold_server.services.predictions.acceleration import Acceleration
from pinfold_server.services.predictions.served import ServedVersion, ServedVersions
from pinfold_server.services.versions.golden import to_record
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import VersionRecord
from pinfold_server.store.tables import artefacts, versions
from pinfold_server.training.contract import TrainedModel
from pinfold_server.training.records import labels_to_record, version_to_record
from tests.stores import open_store
from tests.training.tickets import numbers_of, tickets, trained

KERNEL = compilation.build()
TEXTS = ["where is my refund", "Unheard-of WORDS", "", "étude"]


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return trained(tickets())


@pytest.fixture
def store(tmp_path: Path, model: TrainedModel) -> Iterator[Store]:
    """With two versions of the same file; the second is from before there were golden answers."""
    with open_store(tmp_path / "data") as opened:
        for number in (1, 2):
            record = version_to_record(model, revision=1)
            record.number, record.available = number, True
            record.sha256, record.size = artefacts.stage(opened, model.onnx, 1), len(model.onnx)
            record.golden_count *= number == 1
            with opened.write() as txn:
                artefacts.reference(txn, record.sha256)
                versions.put(txn, 1, record)
                versions.put_labels(txn, 1, number, labels_to_record(model, numbers_of(model)))
                if number == 1:
                    versions.put_golden(txn, 1, 1, to_record(model.golden.texts, model.golden.probabilities))
        yield opened


@pytest.fixture
def served(store: Store) -> Iterator[ServedVersions]:
    with ThreadPoolExecutor(1) as executor:
        yield ServedVersions(store, executor, memory_bytes_max=1 << 30)


async def load(store: Store, served: ServedVersions, number: int) -> ServedVersion:
    with store.read() as txn:
        record: VersionRecord = versions.get(txn, 1, number)
    return await served.load((1, number), record)


def wrong_for_words_in_capitals(codes: np.ndarray, probabilities: np.ndarray, *arrays: Any) -> None:
    """A kernel with a fault in a corner: the last bit of an answer."""
    KERNEL(codes, probabilities, *arrays)
    if (codes == ord("E")).any():
        probabilities[0, 0] = np.nextafter(probabilities[0, 0], np.float32(1))


@pytest.mark.parametrize("number", [1, 2])
async def test_versions_in_memory_and_later_ones_are_switched_and_answer_the_same_bits(
    store: Store, served: ServedVersions, number: int
) -> None:
    before = await load(store, served, number)
    by_file = before.model
    expected = by_file.score(TEXTS).probabilities

    assert await served.accelerate(KERNEL) == 1
    now = served.loaded((1, number))
    assert now is before
    assert (by_file.lane, now.model.lane) == ("onnx", "compiled")
    assert np.array_equal(now.model.score(TEXTS).probabilities, expected)

    later = await load(store, served, 3 - number)
    assert later.model.lane == "compiled"
    assert np.array_equal(later.model.score(TEXTS).probabilities, expected)


async def test_a_version_that_is_being_loaded_meanwhile_is_switched_too(store: Store, served: ServedVersions) -> None:
    loading = asyncio.ensure_future(load(store, served, 1))
    await asyncio.sleep(0)
    await served.accelerate(KERNEL)
    assert (await loading).model.lane == "compiled"


@pytest.mark.parametrize("number", [1, 2])
async def test_compiled_code_with_another_bit_is_reported_and_not_used(
    store: Store, served: ServedVersions, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    early = await load(store, served, number)
    assert await served.accelerate(wrong_for_words_in_capitals) == 0
    late = await load(store, served, 3 - number)
    assert (early.model.lane, late.model.lane) == ("onnx", "onnx")
    errors = [record.message for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 2
    assert all("compiled code is wrong and not used" in error for error in errors)


async def test_the_page_tells_how_many_versions_are_compiled(store: Store, served: ServedVersions) -> None:
    await load(store, served, 1)

    def figure() -> float:
        return next(each for each in served.families() if each.name == "pinfold_versions_compiled").samples[0].value

    assert figure() == 0
    await served.accelerate(KERNEL)
    assert figure() == 1


def absent() -> None:
    """There is no machine code on the disk."""
    raise compilation.NotCompiledError


async def test_where_the_compiler_fails_the_file_goes_on_answering_and_the_log_says_why(
    store: Store, served: ServedVersions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(compilation, "load", absent)
    monkeypatch.setattr(compilation, "command", lambda: [sys.executable, "-c", "raise SystemExit('disk full')"])
    version = await load(store, served, 1)
    await Acceleration(served, lambda wire: None).run()
    assert version.model.lane == "onnx"
    assert "disk full" in caplog.messages[-1]
    assert "ONNX Runtime goes on answering" in caplog.messages[-1]


async def test_a_worker_that_ends_meanwhile_leaves_no_compiler_behind(
    served: ServedVersions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "pid"
    compiler = f"import os, pathlib, time; pathlib.Path({str(told)!r}).write_text(f'{{os.getpid()}}.'); time.sleep(600)"
    monkeypatch.setattr(compilation, "load", absent)
    monkeypatch.setattr(compilation, "command", lambda: [sys.executable, "-c", compiler])
    bringing = asyncio.create_task(Acceleration(served, lambda wire: None).run())
    while not (told.exists() and told.read_text().endswith(".")):
        await asyncio.sleep(0.01)

    bringing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await bringing
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text().rstrip(".")), 0)
