"""The ranking rules of the training modes against the plainest way to say the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.runs import sampling
from pinfold_server.domain.runs.sampling import NO_LABEL, Ranking

TIES = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=12, unique=True)


@st.composite
def scored(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities [labels, n] with many equals, and ties."""
    ties = np.array(draw(TIES), np.uint64)
    labels = draw(st.integers(1, 4))
    cells = st.sampled_from([0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.9, 1.0])
    values = draw(st.lists(cells, min_size=labels * len(ties), max_size=labels * len(ties)))
    return np.array(values, np.float32).reshape(labels, len(ties)), ties


def order_of(ranking: Ranking, ties: np.ndarray) -> list[int]:
    return sampling.in_order(ranking.keys, ties, None, len(ties)).tolist()


def by(key: dict[int, float], ties: np.ndarray) -> list[int]:
    return sorted(key, key=lambda place: (key[place], int(ties[place])))


@given(scored(), st.data())
def test_teach_puts_the_least_certain_first(given_: tuple[np.ndarray, np.ndarray], data: st.DataObject) -> None:
    probabilities, ties = given_
    column = data.draw(st.none() | st.integers(0, len(probabilities) - 1))
    columns = range(len(probabilities)) if column is None else [column]
    distance = {
        place: min(abs(float(probabilities[one, place]) - 0.5) for one in columns) for place in range(len(ties))
    }
    ranking = sampling.teach(probabilities, column)
    assert [round(ranking.keys[place], 6) for place in order_of(ranking, ties)] == [
        round(distance[place], 6) for place in by(distance, ties)
    ]
    for place in range(len(ties)):
        score, label = ranking.told(place)
        assert score == probabilities[label, place]
        assert math.isclose(abs(score - 0.5), distance[place], abs_tol=1e-6)


@given(scored())
def test_low_confidence_puts_what_no_label_covers_first(given_: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, ties = given_
    best = {place: float(probabilities[:, place].max()) for place in range(len(ties))}
    ranking = sampling.low_confidence(probabilities)
    assert order_of(ranking, ties) == by(best, ties)
    assert [ranking.told(place)[0] for place in best] == list(best.values())


@given(scored(), st.data())
def test_check_and_missed_offer_what_model_and_people_disagree_on(
    given_: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    probabilities, ties = given_
    flags = data.draw(
        st.lists(st.booleans(), min_size=probabilities.size, max_size=probabilities.size), label="assigned"
    )
    assigned = np.array(flags).reshape(probabilities.shape)
    thresholds = np.full(len(probabilities), 0.4, np.float32)
    column = data.draw(st.none() | st.integers(0, len(probabilities) - 1))
    columns = range(len(probabilities)) if column is None else [column]
    doubted: dict[int, float] = {}
    expected: dict[int, float] = {}
    for place in range(len(ties)):
        low = [probabilities[one, place] for one in columns if assigned[one, place]]
        low = [value for value in low if value < np.float32(0.4)]
        high = [probabilities[one, place] for one in columns if not assigned[one, place]]
        high = [value for value in high if value >= np.float32(0.4)]
        if low:
            doubted[place] = float(min(low))
        if high:
            expected[place] = -float(max(high))
    check = sampling.check(probabilities, assigned, thresholds, column)
    missed = sampling.missed(probabilities, ~assigned, thresholds, column)
    assert order_of(check, ties) == by(doubted, ties)
    assert order_of(missed, ties) == by(expected, ties)
    for place in expected:
        score, label = missed.told(place)
        assert score == -expected[place]
        assert not assigned[label, place]


@given(scored(), st.data())
def test_pages_neither_repeat_nor_leave_out(given_: tuple[np.ndarray, np.ndarray], data: st.DataObject) -> None:
    probabilities, ties = given_
    keys = sampling.low_confidence(probabilities).keys
    keys[data.draw(st.integers(0, len(ties) - 1))] = np.nan
    whole = sampling.in_order(keys, ties, None, len(ties)).tolist()
    size = data.draw(st.integers(1, 4))
    read: list[int] = []
    after: tuple[float, int] | None = None
    while page := sampling.in_order(keys, ties, after, size).tolist():
        read += page
        after = (float(keys[page[-1]]), int(ties[page[-1]]))
    assert read == whole


@given(TIES, st.integers(-(2**63), 2**63 - 1))
def test_an_order_by_seed_is_the_same_for_each_document_whatever_the_others(ties: list[int], seed: int) -> None:
    together = sampling.uniform(np.array(ties, np.uint64), seed)
    assert all(0 <= value < 1 for value in together)
    for place, tie in enumerate(ties):
        assert sampling.uniform(np.array([tie], np.uint64), seed)[0] == together[place]


def test_seeds_give_different_and_even_orders() -> None:
    ties = np.arange(20_000, dtype=np.uint64)
    one, other = sampling.uniform(ties, 1), sampling.uniform(ties, 2)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03
    assert abs(one.mean() - 0.5) < 0.01
    assert np.histogram(one, 10, (0, 1))[0].min() > 1_800


def test_rebalance_prefers_groups_that_were_reviewed_too_little() -> None:
    sizes, reviewed = np.array([8_000, 2_000]), np.array([100, 0])
    weights = sampling.group_weights(sizes, reviewed)
    assert weights == pytest.approx([(8_001 / 10_002) / (101 / 102), (2_001 / 10_002) / (1 / 102)])
    groups = np.array([0] * 8_000 + [1] * 2_000, np.uint16)
    ties = np.arange(10_000, dtype=np.uint64)
    ranking = sampling.rebalance(ties, groups, weights, seed=3)
    first = groups[sampling.in_order(ranking.keys, ties, None, 500)]
    expected = 2_000 * weights[1] / (2_000 * weights[1] + 8_000 * weights[0])
    assert abs(np.mean(first == 1) - expected) < 0.05
    assert ranking.told(0) == (weights[0], NO_LABEL)


def test_rebalance_is_a_shuffle_when_all_groups_are_equally_reviewed() -> None:
    weights = sampling.group_weights(np.array([999, 99]), np.array([999, 99]))
    assert weights == pytest.approx([1.0, 1.0])


def test_clusters_go_around_the_groups_most_typical_first() -> None:
    groups = np.array([1, 0, 1, 0, 1], np.uint16)
    affinities = np.array([0.2, 0.9, 0.8, 0.1, 0.5], np.float32)
    ties = np.arange(5, dtype=np.uint64)
    assert order_of(sampling.clusters(affinities, groups, ties, None), ties) == [1, 2, 3, 4, 0]
    assert order_of(sampling.clusters(affinities, groups, ties, 1), ties) == [2, 4, 0]
    empty = np.zeros(0, np.float32)
    assert len(sampling.clusters(empty, groups[:0], ties[:0], None).keys) == 0


def test_recent_is_newest_first() -> None:
    ties = np.arange(3, dtype=np.uint64)
    assert order_of(sampling.recent(np.array([5, -7, 9])), ties) == [2, 0, 1]


@given(st.integers(0, 10**9), st.integers(0, 4_096))
def test_what_is_kept_of_a_large_dataset_is_bounded_and_not_halved_too_often(documents: int, labels: int) -> None:
    shift = sampling.sample_shift(documents, labels)
    assert (documents >> shift) * max(labels, 1) <= sampling.CELLS_MAX
    assert shift == 0 or (documents >> (shift - 1)) * max(labels, 1) > sampling.CELLS_MAX
