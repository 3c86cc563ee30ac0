"""A model of a dataset with label sentiment: two columns a label in one file, and what is told of them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.labels.sentiments import column_name, label_count
from pinfold_server.domain.predictions.predictions import select
from pinfold_server.domain.predictions.thresholds import StoredThresholds
from pinfold_server.domain.runs.configs import LabelMode, RunConfig
from pinfold_server.engine import compilation
from pinfold_server.engine.session import Model
from pinfold_server.errors import AppError
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.documents.upload_batches import UploadItem
from pinfold_server.services.predictions.asking import Asked, Selections
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.storage_pb2 import RunRecord
from pinfold_server.store.tables import artefacts, datasets, runs, scores, versions
from pinfold_server.training.loop import Trainer
from tests.scoring import Clock, score
from tests.stores import Bench, open_bench

TOPICS = {"Delivery > Time": "courier", "Price": "price", "Staff": "shop assistant"}
WORDS = {1: ("great", "lovely", "excellent", "friendly"), 2: ("awful", "terrible", "horrible", "hopeless")}
FRAMES = ("the {} was {}", "a {}, {} as ever", "{}: {}", "our {} is {} again", "what a {}, how {}", "{} so {}")
LABELS = ("Delivery", "Delivery > Time", "Price", "Staff")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened
        assert opened.findings() == []


def rows() -> list[UploadItem]:
    return [
        UploadItem(Document(f"{label}-{word}-{place}", frame.format(topic, word)), (label,), (sense,))
        for label, topic in TOPICS.items()
        for sense, words in WORDS.items()
        for word in words
        for place, frame in enumerate(FRAMES)
    ]


async def train(bench: Bench, config: RunConfig | None = None) -> RunRecord:
    await bench.use.datasets.create("support", DatasetFields(label_sentiment=True))
    await bench.upload(*rows())
    await RunService(bench.store, bench.changes, waiting_max=10).train("support", config or RunConfig())
    assert Trainer(bench.store, "trainer-0", Clock()).tick()
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        record = runs.get(txn, owner.uid, 1)
        assert record is not None
        return record


def model_of(bench: Bench) -> Model:
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        record = versions.get(txn, owner.uid, 1)
        assert record is not None
        return Model.load(artefacts.read(txn, record.sha256), record.sha256.hex())


async def test_a_version_learns_the_sense_of_each_label_and_tells_labels_only(bench: Bench) -> None:
    assert (await train(bench)).state == "succeeded"
    model = model_of(bench)
    assert model.labels == (*LABELS, *map(column_name, LABELS))
    assert label_count(model.labels) == len(LABELS)
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        assert tuple(label.name for label in versions.labels(txn, owner.uid, 1).labels) == LABELS
        assert {record.label for _, record in versions.keywords(txn, owner.uid, 1)} <= set(LABELS)
    stored = StoredThresholds.of([(0.3, None, None)] * len(LABELS))
    selections = Selections(model.labels, stored)
    texts = ["the courier was lovely", "the courier was hopeless", "our price is terrible", "nothing"]
    probabilities = model.score(texts).probabilities
    picks = select(probabilities, selections.of(Asked()))
    told = picks.sentiments_by_text()
    found = [
        {LABELS[column]: sentiment for (column, _), sentiment in zip(own, senses, strict=True)}
        for own, senses in zip(picks.by_text(), told, strict=True)
    ]
    assert found[0]["Delivery > Time"] > 0.2 > -0.2 > found[1]["Delivery > Time"]
    assert found[2]["Price"] < -0.2
    assert found[0]["Delivery"] > 0 > found[1]["Delivery"]
    everything = select(probabilities, selections.of(Asked(all_scores=True)))
    assert everything.counts.tolist() == [len(LABELS)] * len(texts)
    assert everything.sentiments is not None
    assert np.abs(everything.sentiments).max() <= 1
    alone = [select(probabilities[place : place + 1], selections.of(Asked())) for place in range(len(texts))]
    assert np.concatenate([one.sentiments for one in alone if one.sentiments is not None]).tolist() == (
        picks.sentiments.tolist() if picks.sentiments is not None else None
    )
    with pytest.raises(AppError):
        selections.of(Asked(labels=(column_name("Price"),)))


async def test_compiled_code_answers_sentiments_with_the_bits_of_the_file(bench: Bench) -> None:
    await train(bench)
    model = model_of(bench)
    fast = model.compiled(compilation.build())
    assert fast is not None
    texts = [one.document.text for one in rows()]
    assert (model.score(texts).probabilities == fast.score(texts).probabilities).all()


async def test_scores_and_held_out_answers_are_of_labels(bench: Bench) -> None:
    await train(bench)
    clock = Clock()
    assert score(bench, clock)
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
        (chunk,) = scores.chunks(txn, owner.uid, 1)
        assert len(chunk.probabilities) == 4 * len(LABELS) * len(rows())


async def test_labels_with_a_sentiment_do_not_exclude_each_other(bench: Bench) -> None:
    record = await train(bench, RunConfig(label_mode=LabelMode.SINGLE_LABEL))
    assert (record.state, record.error_reason) == ("failed", "NOT_SINGLE_LABEL")
