import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pinfold_server.domain.predictions.thresholds import (
    COMPANY,
    Company,
    RequestedThresholds,
    StoredThresholds,
    ThresholdPolicy,
    effective_thresholds,
    recommend,
)

COLUMNS = {"Card": 0, "Refund": 1, "Rare": 2}
STORED = StoredThresholds.of([(0.4, 0.8, 0.1), (0.5, 0.9, 0.2), (None, None, None)])


def thresholds(**requested: object) -> list[float]:
    effective = effective_thresholds(COLUMNS, RequestedThresholds(**requested), STORED)  # type: ignore[arg-type]
    assert effective.dtype == np.float32
    return [round(float(value), 6) for value in effective]


def test_nothing_requested_takes_the_stored_ones_then_a_quarter() -> None:
    assert thresholds() == [0.4, 0.5, 0.25]


def test_a_default_replaces_the_stored_ones() -> None:
    assert thresholds(default=0.6) == [0.6, 0.6, 0.6]
    assert thresholds(default=0.0) == [0.0, 0.0, 0.0]


def test_a_policy_goes_before_the_default_where_the_label_has_one() -> None:
    assert thresholds(policy=ThresholdPolicy.HIGH_PRECISION, default=0.6) == [0.8, 0.9, 0.6]
    assert thresholds(policy=ThresholdPolicy.HIGH_RECALL) == [0.1, 0.2, 0.25]


def test_a_label_of_the_request_goes_before_everything() -> None:
    every = {"per_label": {"Refund": 0.33}, "policy": ThresholdPolicy.BALANCED, "default": 0.6}
    assert thresholds(**every) == [0.4, 0.33, 0.6]


def test_a_label_that_the_version_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        thresholds(per_label={"Unknown": 0.5})


def test_no_request_changes_what_is_stored() -> None:
    thresholds(per_label={"Card": 0.9, "Rare": 0.9})
    assert thresholds() == [0.4, 0.5, 0.25]


@given(st.integers(0, 100))
def test_a_probability_shown_as_the_threshold_is_predicted(hundredths: int) -> None:
    asked = hundredths / 100
    probability = np.float32(asked)
    stored = StoredThresholds.of([(None, None, None)])
    effective = effective_thresholds({"Card": 0}, RequestedThresholds({"Card": asked}), stored)
    assert probability >= effective[0]


def test_recommended_thresholds_of_a_clear_label() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.2, 0.1], np.float32)
    found = recommend(np.array([True] * 5 + [False] * 2), scores)
    assert found is not None
    assert found.balanced == found.high_precision == found.high_recall == pytest.approx(0.35)


def test_recommended_thresholds_of_a_mixed_label() -> None:
    truth = np.array([True, True, True, False, True, False, True, False, False, False])
    found = recommend(truth, np.linspace(0.95, 0.05, 10, dtype=np.float32))
    assert found is not None
    assert found.high_precision == pytest.approx(0.7)  # 3 of 3 right, then a mistake
    assert found.balanced == pytest.approx(0.3)  # 5 of 7 right, none missed: F1 10 / 12
    assert found.high_recall == pytest.approx(0.3)  # all 5 found


def test_precision_out_of_reach_falls_back_to_the_best_there_is() -> None:
    truth = np.array([False, True, True, True, True, True, False])
    found = recommend(truth, np.linspace(0.7, 0.1, 7, dtype=np.float32))
    assert found is not None
    assert found.high_precision == pytest.approx(0.15)  # 5 of 6


@pytest.mark.parametrize("truth", [[True] * 4 + [False] * 4, [True] * 8])
def test_too_few_examples_give_no_thresholds(truth: list[bool]) -> None:
    assert recommend(np.array(truth), np.linspace(0, 1, 8, dtype=np.float32)) is None


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1, width=32)), min_size=6, max_size=60))
def test_recommended_thresholds_keep_their_promises(rows: list[tuple[bool, float]]) -> None:
    truth, scores = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], np.float32)
    found = recommend(truth, scores)
    if found is None:
        assert truth.sum() < 5 or truth.all()
        return
    assert 0 <= found.high_recall <= found.balanced <= found.high_precision <= 1
    assert truth[scores >= np.float32(found.high_recall)].sum() >= 0.9 * truth.sum()


def test_a_label_with_few_positives_takes_its_balanced_threshold_in_company() -> None:
    """Its own five positives would put the cut below a chance score; those of many labels lie at a half and more."""
    truth = np.array([True] * 5 + [False] * 20)
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.05, *np.linspace(0.04, 0.001, 20)], np.float32)
    others = np.random.default_rng(0).random((400, 50)).astype(np.float32)
    company = Company.of(others > 0.5, others, np.ones(others.shape, bool))
    alone, together = recommend(truth, scores), recommend(truth, scores, company)
    assert alone is not None
    assert together is not None
    assert alone.balanced < 0.05
    assert 0.05 < together.balanced < 0.6
    assert together.high_recall <= together.balanced <= together.high_precision


def test_many_positives_outweigh_the_company() -> None:
    scores = np.linspace(1, 0, 2_000, dtype=np.float32)
    truth = scores > 0.2
    company = Company.of(scores > 0.9, scores, np.ones(len(scores), bool))
    together = recommend(truth, scores, company)
    assert together is not None
    assert together.balanced == pytest.approx(0.2, abs=0.01)


def test_pairs_that_are_not_known_keep_no_company() -> None:
    truth = np.array([[True], [True], [False]])
    company = Company.of(truth, np.array([[0.9], [0.4], [0.3]]), np.array([[True], [False], [True]]))
    true, every = company.above(np.array([0.9, 0.3, 0.95]))
    assert true.tolist() == [1, 1, 0]
    assert every.tolist() == [1, 2, 0]


SCORES = st.integers(0, 60).map(lambda number: number / 64)


@given(
    st.lists(SCORES, min_size=5, max_size=8),
    st.lists(SCORES, min_size=1, max_size=120),
    st.none() | st.tuples(st.lists(SCORES, max_size=30), st.lists(SCORES, max_size=30)),
)
@example([0.125] * 5, [0.5 + place / 128 for place in range(40)], None)
def test_the_balanced_threshold_has_the_highest_f1_of_all_cuts(
    positives: list[float], negatives: list[float], others: tuple[list[float], list[float]] | None
) -> None:
    scores = np.array([*positives, *negatives], np.float32)
    truth = np.arange(len(scores)) < len(positives)
    company = None
    if others is not None:
        every = np.array([*positives, *negatives, *others[0], *others[1]], np.float32)
        true = np.array([*truth, *(True for _ in others[0]), *(False for _ in others[1])])
        company = Company.of(true, every, np.ones_like(true))

    def f1(score: float) -> float:
        hits, predicted = truth[scores >= score].sum(), (scores >= score).sum()
        if company is None:
            return float(2 * hits / (len(positives) + predicted))
        more_hits, more_predicted = company.above(np.array(score, np.float32))
        with_company = len(positives) + COMPANY + predicted + COMPANY * more_predicted
        return float(2 * (hits + COMPANY * more_hits) / with_company)

    found = recommend(truth, scores, company)
    assert found is not None
    assert f1(scores[scores >= found.balanced].min()) == pytest.approx(max(map(f1, scores.tolist())))
