"""What the soak says of memory."""

import pytest

from bench.soak import slope_per_hour


def test_what_a_worker_loads_at_first_is_no_growth():
    loading = [(float(second), 5.0 * second) for second in range(20)]
    steady = [(float(second), 100.0) for second in range(20, 60)]

    assert slope_per_hour(loading + steady) == pytest.approx(0)


def test_growth_after_that_is_told_by_the_hour():
    assert slope_per_hour([(float(second), 100 + second / 60) for second in range(90)]) == pytest.approx(60)


def test_of_a_worker_that_lived_too_short_nothing_is_said():
    assert slope_per_hour([(float(second), 5.0 * second) for second in range(25)]) is None
    assert slope_per_hour([]) is None
