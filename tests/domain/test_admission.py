from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.predictions.admission import AdmissionLimits, Backlog, retry_after

LIMITS = AdmissionLimits(wait_seconds_max=1.0, deadline_part=0.5, retry_seconds_min=0.1, retry_seconds_max=2.0)
COSTS = st.lists(st.integers(1, 1_000), min_size=1, max_size=30)


def measured(pace: int) -> Backlog:
    """Nothing under way, and a pace of so much a second."""
    backlog = Backlog()
    backlog.begin(pace, 0.0)
    backlog.end(pace, 1.0, done=True)
    return backlog


def test_nobody_is_refused_before_anything_was_measured():
    backlog = Backlog()
    backlog.begin(1_000_000, 0.0)

    assert retry_after(backlog, 1_000_000, 0.001, LIMITS) is None


def test_whoever_would_wait_too_long_is_refused_until_the_backlog_is_shorter():
    backlog = measured(100)
    backlog.begin(90, 10.0)

    assert retry_after(backlog, 10, None, LIMITS) is None
    assert retry_after(backlog, 11, None, LIMITS) == pytest.approx(0.9)
    backlog.end(90, 10.9, done=True)
    assert retry_after(backlog, 1_000, 0.0, LIMITS) is None  # nothing is under way


def test_a_wait_takes_no_more_than_its_part_of_the_time_left():
    backlog = measured(100)
    backlog.begin(40, 10.0)

    assert retry_after(backlog, 10, 1.0, LIMITS) is None
    assert retry_after(backlog, 10, 0.9, LIMITS) == pytest.approx(0.4)
    assert retry_after(backlog, 10, 1.0, replace(LIMITS, deadline_part=0.3)) is not None


def test_the_pace_follows_the_machine_and_dropped_work_does_not_count_as_done():
    backlog = measured(100)
    for second in range(10, 20):
        backlog.begin(10, second)
        backlog.begin(90, second)
        backlog.end(90, second + 0.5, done=False)
        backlog.end(10, second + 1, done=True)

    assert backlog.idle
    assert backlog.wait(10) == pytest.approx(1.0, rel=0.05)


@given(COSTS, st.integers(1, 10_000), st.one_of(st.none(), st.floats(0, 10)))
def test_what_is_let_in_waits_no_longer_than_it_may(costs: list[int], pace: int, left: float | None) -> None:
    backlog, admitted = measured(pace), 0
    for cost in costs:
        delay = retry_after(backlog, cost, left, LIMITS)
        if delay is None:
            bound = min(1.0, 1.0 if left is None else 0.5 * left)
            assert admitted == 0 or (admitted + cost) / pace <= bound
            backlog.begin(cost, 100.0)
            admitted += cost
        else:
            assert backlog.under_way == admitted
            assert LIMITS.retry_seconds_min <= delay <= LIMITS.retry_seconds_max
    assert admitted > 0


@given(st.lists(st.tuples(st.integers(1, 100), st.floats(0.001, 1), st.booleans()), max_size=40))
def test_everything_that_was_let_in_leaves_an_idle_backlog(steps: list[tuple[int, float, bool]]) -> None:
    backlog, now = Backlog(), 0.0
    for cost, seconds, done in steps:
        backlog.begin(cost, now)
        now += seconds
        backlog.end(cost, now, done=done)

    assert backlog.idle
    assert backlog.wait(0) == 0
