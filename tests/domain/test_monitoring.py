"""Counting what a version says, and how far that is from its validation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pinfold_server.domain.releases.monitoring import BINS, Drift, Resolution, Tally, drift, histograms, stability_index

PROBABILITIES = arrays.arrays(
    np.float32, st.tuples(st.integers(1, 20), st.integers(1, 5)), elements=st.floats(0, 1, width=32)
)
COUNTS = arrays.arrays(np.int64, (3, BINS), elements=st.integers(0, 1_000))


@given(PROBABILITIES)
def test_every_probability_is_counted_once_in_its_bin(probabilities: np.ndarray) -> None:
    counted = histograms(probabilities)
    expected = np.zeros_like(counted)
    for row in probabilities:
        for label, value in enumerate(row):
            expected[label, min(int(value * np.float32(BINS)), BINS - 1)] += 1
    assert np.array_equal(counted, expected)


@given(PROBABILITIES, st.integers(0, 20))
def test_two_tallies_add_up_to_one_of_all_texts(probabilities: np.ndarray, cut: int) -> None:
    thresholds = np.full(probabilities.shape[1], 0.5, np.float32)
    whole, left, right = (Tally.of(probabilities.shape[1]) for _ in range(3))
    whole.look(probabilities, thresholds)
    left.look(probabilities[:cut], thresholds)
    right.look(probabilities[cut:], thresholds)
    left.add(right)
    assert (left.sampled, left.unlabelled) == (whole.sampled, whole.unlabelled)
    assert np.array_equal(left.histograms, whole.histograms)
    assert np.array_equal(left.predicted, whole.predicted)
    assert whole.unlabelled == sum(row.max() < 0.5 for row in probabilities)


@given(COUNTS, COUNTS)
def test_the_index_is_that_of_the_book(now: np.ndarray, then: np.ndarray) -> None:
    p = (now + 0.5) / (now + 0.5).sum(axis=1, keepdims=True)
    q = (then + 0.5) / (then + 0.5).sum(axis=1, keepdims=True)
    found = stability_index(now, then)
    assert found == pytest.approx([sum((a - b) * np.log(a / b)) for a, b in zip(p, q, strict=True)], abs=1e-12)
    assert (found >= 0).all()
    assert stability_index(then, now) == pytest.approx(found)
    assert stability_index(now, now) == pytest.approx(0)


@pytest.mark.parametrize(
    ("index", "level"),
    [(0.0, Drift.NONE), (0.0999, Drift.NONE), (0.1, Drift.MODERATE), (0.25, Drift.LARGE), (9.0, Drift.LARGE)],
)
def test_what_an_index_means(index: float, level: Drift) -> None:
    assert drift(index) is level


def test_windows_begin_at_whole_minutes_hours_and_days() -> None:
    assert [each.begin(200_000) for each in Resolution] == [199_980, 198_000, 172_800]
