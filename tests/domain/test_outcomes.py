"""True and false positives and negatives, and which documents they are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from pinfold_server.domain.quality import outcomes
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.outcomes import Outcome
from tests.domain.held_outs import ANY, made_up


@given(ANY, st.floats(0, 1))
def test_every_decided_pair_has_one_outcome_and_its_documents_are_listed(held_out: HeldOut, threshold: float) -> None:
    labels = held_out.truth.shape[1]
    found = outcomes.count(held_out, np.full(labels, threshold, np.float32))
    counts = (found.true_positives, found.false_positives, found.false_negatives, found.true_negatives)
    assert np.array_equal(np.sum(counts, axis=0), held_out.known.sum(axis=0))
    for column in range(labels):
        rows = [outcomes.ranked(held_out, column, threshold, outcome) for outcome in Outcome]
        assert [len(each) for each in rows] == [int(each[column]) for each in counts]
        assert sorted(np.concatenate(rows)) == np.flatnonzero(held_out.known[:, column]).tolist()


def test_the_most_wrong_come_first_and_of_those_that_are_right_the_nearest_to_be_wrong() -> None:
    held_out = made_up(1, 60, 2)
    told = {outcome: held_out.probabilities[outcomes.ranked(held_out, 1, 0.5, outcome), 1] for outcome in Outcome}
    assert (np.diff(told[Outcome.FALSE_POSITIVE]) <= 0).all()
    assert (np.diff(told[Outcome.TRUE_NEGATIVE]) <= 0).all()
    assert (np.diff(told[Outcome.FALSE_NEGATIVE]) >= 0).all()
    assert (np.diff(told[Outcome.TRUE_POSITIVE]) >= 0).all()


def test_averages_are_those_of_scikit_learn() -> None:
    held_out = made_up(2, 300, 7)
    cuts = np.linspace(0.3, 0.7, 7, dtype=np.float32)
    found = outcomes.count(held_out, cuts)
    columns = np.array([0, 2, 3, 6])
    overall = outcomes.together(found, columns)
    predicted = held_out.probabilities >= cuts
    for average, mine in (("micro", overall.micro), ("macro", overall.macro)):
        expected = precision_recall_fscore_support(
            held_out.truth[:, columns], predicted[:, columns], average=average, zero_division=0
        )
        assert (mine.precision, mine.recall, mine.f1) == pytest.approx(expected[:3], abs=1e-12)
    assert sum(overall.counts) == 300 * len(columns)


def test_labels_without_an_example_do_not_enter_the_mean() -> None:
    held_out = made_up(4, 50, 2)
    held_out.truth[:, 1] = False
    found = outcomes.count(held_out, np.full(2, 0.5, np.float32))
    assert outcomes.together(found, np.array([0, 1])).macro == found.of(0)
    assert outcomes.together(found, np.array([1])).macro.f1 == 0
