import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold import (
    ErrorDetails,
    InvalidArgument,
    PinfoldError,
    ResourceExhausted,
    RetryPolicy,
    ServerError,
    Unavailable,
)
from pinfold._calls import Settings
from pinfold._retry import backoff, pause_before_retry

POLICY = RetryPolicy()
GONE = Unavailable("gone", grpc.StatusCode.UNAVAILABLE)
ROLLS = st.floats(0, 1, exclude_max=True)
POLICIES = st.builds(
    lambda attempts, first, extra, multiplier, jitter: RetryPolicy(
        max_attempts=attempts,
        initial_backoff=first,
        max_backoff=first + extra,
        multiplier=multiplier,
        jitter=jitter,
    ),
    st.integers(1, 100),
    st.floats(0, 10),
    st.floats(0, 60),
    st.floats(1, 10),
    st.floats(0, 1),
)


def exhausted(delay: float | None) -> PinfoldError:
    return ResourceExhausted("full", grpc.StatusCode.RESOURCE_EXHAUSTED, ErrorDetails(retry_delay=delay))


@given(POLICIES, st.integers(1, 10_000), ROLLS)
def test_back_off_stays_between_nothing_and_the_cap(policy: RetryPolicy, attempt: int, roll: float) -> None:
    assert 0 <= backoff(policy, attempt, roll) <= policy.max_backoff


@given(POLICIES, st.integers(1, 200))
def test_back_off_without_chance_never_shrinks(policy: RetryPolicy, attempt: int) -> None:
    assert backoff(policy, attempt, 0) <= backoff(policy, attempt + 1, 0)


@given(POLICIES, st.integers(1, 200), st.floats(0, 100), ROLLS)
def test_a_retry_never_outlives_deadline_or_attempts(
    policy: RetryPolicy, attempt: int, remaining: float, roll: float
) -> None:
    pause = pause_before_retry(policy, attempt, GONE, remaining, roll)
    if pause is not None:
        assert attempt < policy.max_attempts
        assert pause < remaining


@given(st.floats(0, 20), ROLLS)
def test_a_named_delay_is_never_cut_short(delay: float, roll: float) -> None:
    pause = pause_before_retry(POLICY, 1, exhausted(delay), 1_000, roll)
    assert pause is not None
    assert delay <= pause <= delay * 1.5


def test_unavailable_is_retried_with_growing_pauses() -> None:
    pauses = [pause_before_retry(POLICY, attempt, GONE, 100, 0) for attempt in range(1, 8)]
    assert pauses == [0.1, 0.2, 0.4, 0.5, 0.5, 0.5, 0.5]


def test_by_default_the_deadline_ends_the_retries_and_not_their_number() -> None:
    pauses = [pause_before_retry(POLICY, attempt, GONE, 100, 0.5) for attempt in range(1, POLICY.max_attempts)]
    assert sum(pause for pause in pauses if pause is not None) > Settings().timeout
    assert pause_before_retry(POLICY, POLICY.max_attempts, GONE, 100, 0) is None


def test_a_full_server_that_names_no_delay_is_not_asked_again() -> None:
    assert pause_before_retry(POLICY, 1, exhausted(None), 100, 0) is None


@pytest.mark.parametrize(
    "error",
    [
        InvalidArgument("wrong", grpc.StatusCode.INVALID_ARGUMENT),
        ServerError("broken", grpc.StatusCode.INTERNAL),
        ServerError("odd", grpc.StatusCode.UNKNOWN),
    ],
    ids=lambda error: error.code.name,
)
def test_other_failures_are_final(error: PinfoldError) -> None:
    assert pause_before_retry(POLICY, 1, error, 100, 0) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_attempts": 0},
        {"initial_backoff": -1.0},
        {"initial_backoff": 3.0},
        {"multiplier": 0.5},
        {"jitter": 1.1},
    ],
)
def test_a_policy_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RetryPolicy(**wrong)  # type: ignore[arg-type]
