"""Reliability diagrams add up to the calibration error that versions store, and labels need 20 examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.quality.calibration import reliability
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import expected_calibration_error
from pinfold_server.domain.quality.reliability import is_reliable, missing_count, training_examples
from pinfold_server.domain.runs.splits import ValidationMode
from tests.domain.held_outs import ANY


@given(ANY)
def test_diagrams_give_the_error_of_each_label_and_of_all(held_out: HeldOut) -> None:
    found = reliability(held_out)
    known = held_out.known
    expected = expected_calibration_error(held_out.truth[known], held_out.probabilities[known])
    assert found.together().expected_error() == pytest.approx(expected, abs=1e-12)
    for column in range(held_out.truth.shape[1]):
        own, rows = found.of(column), known[:, column]
        expected = expected_calibration_error(held_out.truth[rows, column], held_out.probabilities[rows, column])
        assert own.expected_error() == pytest.approx(expected, abs=1e-12)
        assert own.counts.sum() == rows.sum()
        assert ((own.frequencies() >= 0) & (own.frequencies() <= 1)).all()
        assert ((own.mean_probabilities() >= 0) & (own.mean_probabilities() <= 1)).all()


def test_twenty_training_examples_make_a_label_reliable() -> None:
    assert not is_reliable(19, ValidationMode.HOLDOUT)
    assert is_reliable(20, ValidationMode.HOLDOUT)
    assert not is_reliable(24, ValidationMode.K_FOLD)
    assert is_reliable(25, ValidationMode.K_FOLD)


@given(st.integers(0, 60), st.sampled_from(ValidationMode))
def test_so_many_more_as_are_said_to_be_missing_make_it_reliable(count: int, mode: ValidationMode) -> None:
    missing = missing_count(count, mode)
    fitted = missing * 4 // 5 if mode is ValidationMode.HOLDOUT else missing
    assert is_reliable(count + fitted, mode)
    assert (missing == 0) is is_reliable(count, mode)
    assert training_examples(count, mode) <= count
