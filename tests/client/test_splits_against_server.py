"""Parts of a training, chosen by both clients of a real server."""

from typing import Any

import pytest

import pinfold
from tests.serving import HANG_SECONDS, ticket_rows

ROWS = ticket_rows()
IDS = [str(row["id"]) for row in ROWS]


def test_the_next_version_is_tested_on_what_was_chosen(dataset: Any) -> None:
    dataset.upload(ROWS)
    report = dataset.set_splits({IDS[0]: "test", IDS[1]: pinfold.Split.TRAIN, "nobody": "test"})
    assert (report.changed, report.unchanged, report.failed) == (2, 0, 1)
    assert (report.failures[0].index, report.failures[0].id) == (2, "nobody")
    assert {(one.document_id, one.split) for one in dataset.splits()} == {(IDS[0], "test"), (IDS[1], "train")}
    validation = dataset.train().wait(timeout=HANG_SECONDS).validation(curve_points=None)
    assert validation.document_count == len(ROWS) - 1
    assert validation.metrics.train_size == len(ROWS) - 1
    assert len(validation.split_digest) == 16
    assert dataset.set_splits({IDS[0]: None, IDS[1]: None}).changed == 2
    assert list(dataset.splits()) == []


def test_many_documents_go_in_several_calls(dataset: Any) -> None:
    dataset.upload([{"id": str(number), "text": "some text"} for number in range(1_500)])
    report = dataset.set_splits({str(number): "train" for number in range(1_499, -1, -1)} | {"x": "test"})
    assert (report.changed, report.failed) == (1_500, 1)
    assert report.failures[0].index == 1_500
    assert len(list(dataset.splits())) == 1_500
    assert dataset.set_splits({}) == pinfold.SplitReport()


def test_what_cannot_be_sent_is_refused(dataset: Any) -> None:
    with pytest.raises(ValueError, match="splits\\['1'\\]"):
        dataset.set_splits({"1": "holdout"})
    with pytest.raises(TypeError, match="map document ids"):
        dataset.set_splits(["1"])
