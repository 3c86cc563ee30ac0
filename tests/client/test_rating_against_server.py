"""Ratings by both clients of a real server: of a good dataset, and of one that needs work."""

from typing import Any

import pytest

import pinfold
from tests.serving import HANG_SECONDS, Trained, ticket_rows, until


def test_a_dataset_that_is_reviewed_to_the_end_is_rated_by_its_labels(client: Any, trained: Trained) -> None:
    rating = client.dataset(trained.dataset).version(trained.first).rating()
    assert rating.version == trained.first
    assert rating.score == pytest.approx(sum(factor.weight * factor.score for factor in rating.factors))
    assert rating["balance"].score == 100
    assert rating[pinfold.RatingFactorKind.COVERAGE].estimated
    assert rating["all_labels"].contributors["mean_average_precision"] > 0.9
    assert rating.grade in (pinfold.RatingGrade.GOOD, pinfold.RatingGrade.EXCELLENT)
    with pytest.raises(KeyError):
        rating["luck"]


def test_a_dataset_that_needs_work_says_which_and_the_modes_take_it(dataset: Any) -> None:
    """Half of the topics were never annotated, and nothing was drawn at random."""
    rows = [
        {"id": row["id"], "text": row["text"], "category": label}
        for row in ticket_rows()
        for label in row["labels"]  # type: ignore[attr-defined]
    ]
    left = {"Login": 12, "Delivery": 32}
    changes = []
    for row in rows:
        label = str(row["category"])
        left[label] = left.get(label, 0) - 1
        if left[label] >= 0:
            changes.append({"id": row["id"], "assigned": [label], "reviewed": True, "retrieval_mode": "search"})
    dataset.upload({"id": row["id"], "text": row["text"]} for row in rows)
    dataset.upsert_labels(["Login", "Delivery"])
    assert dataset.annotate(changes).failed == 0
    version = dataset.train().wait(timeout=HANG_SECONDS)
    until(lambda: dataset.status().scoring.ranking_version == version.number)
    rating = version.rating()
    assert not rating["coverage"].estimated
    assert rating["coverage"].contributors["documents"] == len(rows) - len(changes)
    assert rating["balance"].contributors["search_ratio"] == 1.0
    assert rating["balance"].score < 70
    assert rating.needs_refinement
    modes = {action.mode: action.label for action in rating.actions}
    assert {"shuffle", "label"} <= modes.keys()
    assert modes[pinfold.RetrievalMode.LABEL] == "Login"
    for action in rating.actions:
        dataset.sample_page(action.mode, label=action.label)
