from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.predictions.merging import (
    LARGEST,
    SMALLEST,
    MergeLimits,
    Patience,
    leading,
    limits_of,
)

LIMITS = MergeLimits(texts_max=8, characters_max=100)
SIZES = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 150)), min_size=1, max_size=20)


@given(SIZES)
def test_as_many_leading_requests_as_the_limits_allow(sizes: list[tuple[int, int]]) -> None:
    count = leading(sizes, LIMITS)

    def fits(number: int) -> bool:
        return LIMITS.allow(sum(texts for texts, _ in sizes[:number]), sum(length for _, length in sizes[:number]))

    assert 1 <= count <= len(sizes)
    assert count == 1 or fits(count)
    assert count == len(sizes) or not fits(count + 1)


@given(SIZES)
def test_repeated_turns_take_every_request_once_and_in_order(sizes: list[tuple[int, int]]) -> None:
    left, taken = list(sizes), []
    while left:
        count = leading(left, LIMITS)
        taken += left[:count]
        del left[:count]

    assert taken == sizes


def test_an_idle_worker_waits_for_nobody() -> None:
    patience = Patience(quiet_turns=3, alone_max=2)

    for _ in range(10):
        patience.joined()
        assert not patience.waits(0.0)
        patience.ran(1)


def test_after_a_shared_run_the_next_one_waits_until_nobody_joins_for_some_turns() -> None:
    patience = Patience(quiet_turns=3, alone_max=2)
    patience.ran(2)

    patience.joined()
    assert [patience.waits(0.0) for _ in range(2)] == [True, True]
    patience.joined()
    assert [patience.waits(0.0) for _ in range(4)] == [True, True, True, False]


def test_nobody_waits_longer_than_the_bound_however_many_join() -> None:
    patience = Patience(seconds_max=0.002)
    patience.ran(2)

    patience.joined()
    assert patience.waits(0.0019)
    patience.joined()
    assert not patience.waits(0.002)


def test_runs_that_nobody_joined_end_the_waiting() -> None:
    patience = Patience(quiet_turns=3, alone_max=2)
    patience.ran(5)
    patience.ran(1)
    patience.joined()
    assert patience.waits(0.0)
    patience.ran(1)
    patience.joined()
    assert not patience.waits(0.0)


def test_who_comes_alone_is_scored_at_once_but_for_a_look_now_and_then_whether_others_come_too() -> None:
    patience = Patience(probe_every=4)

    assert [patience.at_once() for _ in range(8)] == [True, True, True, False] * 2


def test_nobody_is_scored_at_once_in_a_crowd() -> None:
    patience = Patience(alone_max=2)
    patience.ran(2)
    assert not patience.at_once()
    patience.ran(1)
    assert not patience.at_once()
    patience.ran(1)
    assert patience.at_once()


def test_the_look_for_others_lasts_as_long_as_in_a_crowd_and_only_once() -> None:
    patience = Patience(quiet_turns=2, alone_max=1, probe_every=2)
    assert [patience.at_once() for _ in range(2)] == [True, False]
    patience.joined()
    assert [patience.waits(0.0) for _ in range(3)] == [True, True, False]
    patience.ran(1)
    assert patience.at_once()
    assert not patience.waits(0.0)


@given(st.integers(1, 4096))
def test_a_run_of_compiled_code_holds_fewer_texts_the_more_labels_they_have(labels: int) -> None:
    limits, more = limits_of("compiled", labels), limits_of("compiled", labels + 1)

    assert SMALLEST.allow(more.texts_max, 1) or more.texts_max * (labels + 1) <= 1 << 16
    assert SMALLEST.texts_max <= more.texts_max <= limits.texts_max <= LARGEST.texts_max
    assert SMALLEST.characters_max <= more.characters_max <= limits.characters_max <= LARGEST.characters_max
    assert limits_of("onnx", labels) == SMALLEST


def test_models_of_usual_size_share_the_largest_runs() -> None:
    assert limits_of("compiled", 77) == LARGEST
