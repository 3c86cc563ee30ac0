"""What a training is given of a dataset, on a real store."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pinfold_server.domain.labels.sentiments import column_name
from pinfold_server.services.annotations.annotations import AnnotationUpdate
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store.tables import datasets
from pinfold_server.training import snapshot
from pinfold_server.training.contract import TrainingSet
from tests.stores import Bench, item, open_bench

LABELS = ("A", "A > B", "A > B > E", "A > C", "D")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened


async def taken(bench: Bench, *said: AnnotationUpdate, sentiment: bool = False) -> TrainingSet:
    """What is read after these annotations; only their documents are annotated."""
    await bench.use.datasets.create("support", DatasetFields(label_sentiment=sentiment))
    await bench.use.labels.upsert("support", [LabelUpdate(name) for name in LABELS])
    await bench.upload(*(item(f"d{number}", f"text {number}") for number in range(9)))
    answer = await bench.use.annotations.annotate("support", said, "me")
    assert not answer.failures
    with bench.store.read() as txn:
        owner = datasets.get(txn, "support")
        assert owner is not None
    found = snapshot.read(bench.store, "support", owner.uid)
    assert found is not None
    return found.data


def document(number: int) -> str:
    return f"sources/support/documents/d{number}"


def named(marks: np.ndarray, names: tuple[str, ...]) -> list[set[str]]:
    return [{names[column] for column in np.flatnonzero(row)} for row in marks]


async def test_labels_apply_upwards_and_fall_downwards(bench: Bench) -> None:
    data = await taken(
        bench,
        AnnotationUpdate(document(5), ("A > B",)),
        AnnotationUpdate(document(2), (), ("A > B",)),
        AnnotationUpdate(document(7), ("D",), ("A",)),
        AnnotationUpdate(document(3), ("A > C",), ("D",), reviewed=True),
        AnnotationUpdate(document(4), ("A > B",)),
    )
    assert data.document_ids == ("d2", "d3", "d4", "d5", "d7")
    assert data.texts == ("text 2", "text 3", "text 4", "text 5", "text 7")
    assert data.label_names == LABELS
    assert named(data.assigned, LABELS) == [set(), {"A", "A > C"}, {"A", "A > B"}, {"A", "A > B"}, {"D"}]
    assert data.known is not None
    below_a = {"A", "A > B", "A > B > E", "A > C"}
    assert named(data.known, LABELS) == [
        {"A > B", "A > B > E"},
        set(LABELS),
        {"A", "A > B"},
        {"A", "A > B"},
        {"D", *below_a},
    ]


async def test_all_is_known_of_reviewed_documents(bench: Bench) -> None:
    data = await taken(bench, *(AnnotationUpdate(document(number), ("D",), reviewed=True) for number in range(3)))
    assert data.known is None
    assert named(data.assigned, LABELS) == [{"D"}] * 3


async def test_nothing_annotated_is_an_empty_set(bench: Bench) -> None:
    data = await taken(bench, AnnotationUpdate(document(0)))
    assert data.texts == ()
    assert data.assigned.shape == (0, len(LABELS))


async def test_a_label_above_others_applies_in_their_sense_where_they_agree(bench: Bench) -> None:
    data = await taken(
        bench,
        AnnotationUpdate(document(1), ("A > B", "D"), sentiments=(1, 2), reviewed=True),
        AnnotationUpdate(document(2), ("A > B", "A > C"), sentiments=(1, 2), reviewed=True),
        sentiment=True,
    )
    senses = tuple(column_name(label) for label in LABELS)
    assert data.label_names == (*LABELS, *senses)
    assert data.known is not None
    good, told = data.assigned[:, len(LABELS) :], data.known[:, len(LABELS) :]
    assert named(good, LABELS) == [{"A", "A > B"}, {"A > B"}]
    assert named(told, LABELS) == [{"A", "A > B", "D"}, {"A > B", "A > C"}]
