"""A version that does not answer as it did when it was made is never served, whatever its file's digest says."""

import hashlib
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from pinfold_server.errors import AppError, Code
from pinfold_server.services.predictions.served import ServedVersion, ServedVersions
from pinfold_server.services.versions.golden import to_record
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import VersionRecord
from pinfold_server.store.tables import artefacts, versions
from pinfold_server.training.contract import TrainedModel
from pinfold_server.training.records import labels_to_record, version_to_record
from tests.stores import open_store
from tests.training.tickets import numbers_of, tickets, trained

KEY = (1, 1)


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return trained(tickets())


@pytest.fixture
def store(tmp_path: Path, model: TrainedModel) -> Iterator[Store]:
    """With version 1 as a trainer publishes it."""
    with open_store(tmp_path / "data") as opened:
        publish(opened, model, model.onnx)
        yield opened


def publish(store: Store, model: TrainedModel, blob: bytes) -> None:
    """Stores `blob` under its own digest, as the file of version 1."""
    record = version_to_record(model, revision=1)
    record.number, record.available = 1, True
    record.sha256, record.size = artefacts.stage(store, blob, 1), len(blob)
    with store.write() as txn:
        artefacts.reference(txn, record.sha256)
        versions.put(txn, 1, record)
        versions.put_labels(txn, 1, 1, labels_to_record(model, numbers_of(model)))
        versions.put_golden(txn, 1, 1, to_record(model.golden.texts, model.golden.probabilities))


async def load(store: Store) -> ServedVersion:
    with store.read() as txn:
        record: VersionRecord = versions.get(txn, *KEY)
    with ThreadPoolExecutor(1) as executor:
        return await ServedVersions(store, executor, memory_bytes_max=1 << 30).load(KEY, record)


async def refusal(store: Store) -> AppError:
    with pytest.raises(AppError) as error:
        await load(store)
    assert error.value.code is Code.DATA_LOSS
    return error.value


def with_weight_moved(blob: bytes, name: str) -> bytes:
    """The file with the last numbers of one of its tables moved by a single grid step."""
    file = onnx.load_from_string(blob)
    (table,) = (each for each in file.graph.initializer if each.name == name)
    rows = numpy_helper.to_array(table).copy()
    rows[1:, 2] += 1
    table.CopyFrom(numpy_helper.from_array(rows, name))
    return file.SerializeToString(deterministic=True)


def test_each_version_has_64_texts_of_many_kinds_and_none_is_a_document(model: TrainedModel) -> None:
    documents = set(tickets().texts)
    assert len(set(model.golden.texts)) == len(model.golden.texts) == 64
    assert not documents & set(model.golden.texts)
    assert model.golden.probabilities.shape == (64, 5)
    assert len(np.unique(model.golden.probabilities[:, 1])) > 40
    assert trained(tickets()).golden.texts == model.golden.texts


async def test_the_version_that_was_made_is_served(store: Store, model: TrainedModel) -> None:
    assert (await load(store)).model.labels == model.label_names


@pytest.mark.parametrize("table", ["word_rows", "gram_rows"])
async def test_a_changed_weight_is_noticed_although_the_digest_was_made_to_fit(
    store: Store, model: TrainedModel, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    blob = with_weight_moved(model.onnx, table)
    assert hashlib.sha256(blob).hexdigest() != model.sha256
    publish(store, model, blob)

    error = await refusal(store)

    assert error.reason == "GOLDEN_MISMATCH"
    (alarm,) = (record for record in caplog.records if record.levelno == logging.CRITICAL)
    assert "golden texts get another answer" in alarm.message


async def test_a_last_bit_is_noticed(store: Store, model: TrainedModel) -> None:
    expected = model.golden.probabilities.copy()
    expected[40, 2] = np.nextafter(expected[40, 2], np.float32(1))
    with store.write() as txn:
        versions.put_golden(txn, *KEY, to_record(model.golden.texts, expected))
    assert (await refusal(store)).reason == "GOLDEN_MISMATCH"


async def test_golden_answers_that_are_gone_or_cut_are_no_agreement(store: Store, model: TrainedModel) -> None:
    with store.write() as txn:
        versions.put_golden(txn, *KEY, to_record(model.golden.texts, model.golden.probabilities[:-1]))
    assert (await refusal(store)).reason == "GOLDEN_MISMATCH"
    with store.write() as txn:
        versions.delete_golden(txn, *KEY)
    assert (await refusal(store)).reason == "GOLDEN_MISMATCH"


async def test_a_version_from_before_golden_answers_is_served(store: Store) -> None:
    with store.write() as txn:
        record = versions.get(txn, *KEY)
        record.golden_count = 0
        versions.put(txn, 1, record)
        versions.delete_golden(txn, *KEY)
    assert await load(store)
