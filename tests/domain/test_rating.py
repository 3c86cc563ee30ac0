"""The rating: bands, weights, what each factor rewards, and what is recommended."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.domain.quality.balance import Provenance, provenance, similarity
from pinfold_server.domain.quality.coverage import Coverage, cover, informative
from pinfold_server.domain.quality.rating import (
    WEIGHTS,
    BalanceFacts,
    CoverageFacts,
    FactorKind,
    Grade,
    LabelFacts,
    grade_of,
    rate,
    worst,
)
from pinfold_server.domain.quality.rating_actions import ACTIONS_MAX, Action, recommend_actions
from tests.domain.held_outs import made_up

GOOD = LabelFacts("A", 0.95, 100, 25, 1, 1, "", 0)
COVERED = CoverageFacts(Coverage(100, 95, 110, 80.0), 1.0, estimated=False)
ALIKE = BalanceFacts(0.95, Provenance(50, 0.3, 0.1, 0.0), everything=False)


def label(name: str, average_precision: float | None, examples: int = 100, **errors: object) -> LabelFacts:
    return replace(GOOD, name=name, average_precision=average_precision, examples=examples, **errors)  # type: ignore[arg-type]


def test_bands_begin_at_50_70_and_90() -> None:
    found = [grade_of(score) for score in (None, 0, 49.99, 50, 69.99, 70, 89.99, 90, 100)]
    assert [grade.name for grade in found] == [
        "NONE",
        "POOR",
        "POOR",
        "AVERAGE",
        "AVERAGE",
        "GOOD",
        "GOOD",
        "EXCELLENT",
        "EXCELLENT",
    ]
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_the_score_is_the_weighted_mean_of_what_is_known() -> None:
    rating = rate([GOOD, label("B", 0.6)], COVERED, ALIKE)
    scores = {factor.kind: factor.score for factor in rating.factors}
    assert rating.score == pytest.approx(sum(WEIGHTS[kind] * (score or 0) for kind, score in scores.items()))
    unknown = rate([GOOD, label("B", 0.6)], COVERED, replace(ALIKE, similarity=None))
    assert unknown.factors[3].grade is Grade.NONE
    known = {kind: score for kind, score in scores.items() if kind is not FactorKind.BALANCE}
    assert unknown.score == pytest.approx(sum(WEIGHTS[kind] * (score or 0) for kind, score in known.items()) / 0.8)


def test_without_a_tested_label_there_is_no_rating() -> None:
    rating = rate([label("A", None)], COVERED, ALIKE)
    assert (rating.score, rating.grade) == (None, Grade.NONE)
    assert rate([], COVERED, ALIKE).score is None


def test_few_examples_hold_the_health_of_a_label_down() -> None:
    assert label("A", 0.9, examples=20).health == pytest.approx(0.9)
    assert label("A", 0.9, examples=5).health == pytest.approx(0.225)
    assert label("A", None).health == 0


@given(st.integers(1, 40))
def test_the_underperforming_are_a_tenth_of_the_labels_rounded_up(count: int) -> None:
    labels = [label(f"L{place}", place / count) for place in range(count)]
    lowest = worst(labels)
    assert len(lowest) == -(-count // 10)
    assert max(each.health for each in lowest) <= min(
        each.health for each in labels if each not in lowest or count == 1
    )


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=12),
    st.integers(0, 50),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_scores_lie_between_0_and_100(
    precisions: list[float], covered: int, labelled: float, alike: float, shuffle: float
) -> None:
    rating = rate(
        [label(f"L{place}", value) for place, value in enumerate(precisions)],
        CoverageFacts(Coverage(50, covered, 60, 30.0), labelled, estimated=False),
        BalanceFacts(alike, Provenance(10, shuffle, 0.0, 1 - shuffle), everything=False),
    )
    assert rating.score is not None
    assert 0 <= rating.score <= 100 + 1e-9
    assert all(factor.score is not None and 0 <= factor.score <= 100 + 1e-9 for factor in rating.factors)


def test_documents_that_should_have_no_label_do_not_lower_coverage() -> None:
    half = CoverageFacts(Coverage(100, 50, 50, 50.0), 0.5, estimated=False)
    assert rate([GOOD], half, ALIKE).factors[2].score == 100
    assert rate([GOOD], replace(half, labelled=1.0), ALIKE).factors[2].score == 50
    nothing = rate([GOOD], CoverageFacts(Coverage(), 1.0, estimated=True), ALIKE).factors[2]
    assert (nothing.score, nothing.estimated) == (None, True)


def test_a_dataset_that_is_reviewed_to_the_end_is_in_balance() -> None:
    searched = BalanceFacts(None, Provenance(10, 0.0, 0.0, 1.0), everything=True)
    assert rate([GOOD], COVERED, searched).factors[3].score == 100


def test_a_random_sample_is_like_the_rest_and_a_biased_one_is_not() -> None:
    random = np.random.default_rng(1)
    sizes = random.integers(50, 500, 20)
    fair = random.multivariate_hypergeometric(sizes, 300)
    assert (similarity(sizes, fair) or 0) > 0.95
    biased = np.zeros(20, np.int64)
    biased[:3] = sizes[:3] // 2
    assert (similarity(sizes, biased) or 0) < 0.3
    assert similarity(sizes, sizes) is None
    assert similarity(sizes, sizes * 0) is None


def test_shares_of_retrieval_modes_leave_out_what_tells_nothing() -> None:
    found = provenance(
        Counter({1: 500, 0: 7, RetrievalMode.SHUFFLE: 3, RetrievalMode.SEARCH: 1, RetrievalMode.TEACH: 6})
    )
    assert found == Provenance(told=10, shuffle=0.3, rebalance=0.0, search=0.1)
    assert provenance(Counter({1: 500})) == Provenance(0, 0.0, 0.0, 0.0)


def test_a_label_that_only_accompanies_others_is_not_informative() -> None:
    held_out = replace(made_up(1, 6, 4), label_names=("Billing", "Billing > Refund", "Login", "Urgent"))
    held_out.known[:] = True
    held_out.truth[:] = [[1, 1, 0, 0], [1, 1, 0, 1], [0, 0, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0]]
    assert informative(held_out).tolist() == [False, True, True, False]
    held_out.truth[:] = [[1, 1, 0, 1]] * 6
    assert informative(held_out).tolist() == [False, True, True, True]  # all in company: those with none below them


def test_coverage_counts_documents_with_an_informative_label_at_its_threshold() -> None:
    probabilities = np.array([[0.9, 0.1], [0.4, 0.9], [0.5, 0.2]], np.float32)
    found = cover(probabilities, np.array([0.5, 0.5], np.float32), np.array([True, False]))
    assert found == Coverage(3, 2, 3, pytest.approx(1.8))
    assert cover(probabilities[:0], np.zeros(2, np.float32), np.array([True, False])) == Coverage()
    assert (found + found).documents == 6


def actions(labels: list[LabelFacts], coverage: CoverageFacts = COVERED, balance: BalanceFacts = ALIKE) -> list[Action]:
    return recommend_actions(rate(labels, coverage, balance), labels, balance_told=balance.provenance.told)


def test_each_weakness_has_its_training_mode() -> None:
    weak = [
        label("few", 0.9, examples=4),
        label("confused", 0.4, confused="other", confused_count=9),
        label("missing", 0.5, false_positives=9),
        label("doubted", 0.55, false_negatives=9),
        label("vague", 0.6, false_positives=0, false_negatives=0),
        GOOD,
    ]
    found = {action.label: action.mode for action in actions(weak)}
    assert found == {
        "few": RetrievalMode.LABEL,
        "confused": RetrievalMode.TEACH,
        "missing": RetrievalMode.MISSED,
        "doubted": RetrievalMode.CHECK,
        "vague": RetrievalMode.TEACH,
    }
    assert actions(weak)[0].label == "few"
    assert "other" in next(action.why for action in actions(weak) if action.label == "confused")


def test_a_weak_dataset_is_told_before_its_labels() -> None:
    uncovered = replace(COVERED, coverage=Coverage(100, 30, 30, 20.0))
    lopsided = BalanceFacts(0.3, Provenance(50, 0.0, 0.0, 0.9), everything=False)
    found = actions([label(f"L{place}", 0.1) for place in range(30)], uncovered, lopsided)
    assert [action.mode for action in found[:3]] == [
        RetrievalMode.LOW_CONFIDENCE,
        RetrievalMode.REBALANCE,
        RetrievalMode.SHUFFLE,
    ]
    assert len(found) == ACTIONS_MAX
    assert actions([GOOD]) == []
