"""Status, watch and automatic training by both clients of a real server."""

from typing import Any

import pytest

import pinfold
from tests.serving import HANG_SECONDS, ticket_rows


@pytest.fixture
def dataset(client: Any, own_name: str) -> Any:
    return client.create_dataset(own_name)


def test_a_dataset_that_trains_by_itself_is_watched(dataset: Any) -> None:
    assert dataset.auto_train(after_changes=1, after_quiet_seconds=0).info.auto_training == pinfold.AutoTraining(
        enabled=True, after_changes=1, after_quiet_seconds=0
    )
    dataset.upload(ticket_rows())
    seen = []
    for status in dataset.watch(timeout=HANG_SECONDS):
        seen.append(status)
        if status.latest_version and status.scoring.complete:
            break
    assert len(seen) == len(set(map(repr, seen)))
    last = seen[-1]
    assert (last.changes_behind, last.trained_revision, last.document_count) == (0, last.revision, 128)
    assert (last.scoring.fraction, last.scoring.version, last.scoring.ranking_version) == (1.0, 1, 1)
    assert last.auto_training.enabled
    (run,) = dataset.runs()
    assert run.info.automatic
    assert dataset.status().latest_version == 1


def test_automatic_training_is_turned_off_again(dataset: Any) -> None:
    dataset.auto_train()
    assert not dataset.auto_train(False).info.auto_training.enabled
    assert not dataset.status().auto_training.enabled


def test_a_watch_ends_with_its_time_and_with_its_dataset(dataset: Any) -> None:
    with pytest.raises(pinfold.DeadlineExceeded, match="changes of"):
        list(dataset.watch(timeout=0.5))
    dataset.delete()
    with pytest.raises(pinfold.NotFound):
        list(dataset.watch(timeout=HANG_SECONDS))


def test_values_that_cannot_be_sent_or_are_out_of_rule_are_refused(dataset: Any) -> None:
    with pytest.raises(TypeError, match="after_changes must be an int"):
        dataset.auto_train(after_changes="many")
    with pytest.raises(pinfold.InvalidArgument, match="must have a condition"):
        dataset.auto_train(after_changes=0, after_quiet_seconds=0)
    with pytest.raises(pinfold.NotFound):
        dataset.auto_train(config="nobody")
