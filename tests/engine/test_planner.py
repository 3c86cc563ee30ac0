import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.engine.planner import RunLimits, plan

lengths = st.lists(st.one_of(st.integers(0, 200), st.integers(0, 65_536)), max_size=300)
limits = st.builds(RunLimits, numbers_per_character=st.floats(1, 2_000))


@given(lengths, limits)
def test_every_text_is_in_exactly_one_run(lengths: list[int], limits: RunLimits) -> None:
    runs = plan(lengths, limits)
    assert sorted(index for run in runs for index in run.tolist()) == list(range(len(lengths)))


@given(lengths, limits)
def test_no_run_passes_the_limits_unless_a_single_text_does(lengths: list[int], limits: RunLimits) -> None:
    for run in plan(lengths, limits):
        taken = [lengths[index] for index in run]
        padding = max(taken) * len(taken) - sum(taken)
        assert len(run) <= limits.texts_max
        assert len(run) == 1 or len(run) * (max(taken) + 1) * limits.numbers_per_character <= limits.numbers_max
        assert padding * limits.numbers_per_character <= limits.padding_max


def test_sixty_four_short_texts_share_one_run() -> None:
    assert len(plan([40, 60, 80, 20] * 16, RunLimits.of(labels=77, word_max=2))) == 1


def test_a_long_text_runs_alone_beside_short_ones() -> None:
    limits = RunLimits.of(labels=77, word_max=2)
    runs = plan([50] * 31 + [65_536] + [50] * 32, limits)
    assert [run.tolist() for run in runs if 31 in run] == [[31]]
    assert len(runs) == 2


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=50), limits)
def test_runs_take_texts_of_similar_length(lengths: list[int], limits: RunLimits) -> None:
    taken = [[lengths[index] for index in run] for run in plan(lengths, limits)]
    assert all(max(run) <= min(following) for run, following in itertools.pairwise(taken))


def test_no_texts_need_no_run() -> None:
    assert plan([], RunLimits.of(labels=5, word_max=1)) == []


def test_indices_can_address_arrays() -> None:
    (run,) = plan([3, 1, 2], RunLimits.of(labels=5, word_max=1))
    assert np.array(["c", "a", "b"])[run].tolist() == ["c", "a", "b"]
