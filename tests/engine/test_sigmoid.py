import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.engine import sigmoid

scores = st.floats(-60, 60, allow_nan=False)


def test_it_is_the_logistic_function_within_one_in_a_hundred_thousand() -> None:
    grid = np.linspace(-40, 40, 400_001)
    error = np.abs(sigmoid.probability(sigmoid.place(grid)) - 1 / (1 + np.exp(-grid)))
    assert error.max() < 1e-5


@given(scores, scores)
def test_a_higher_score_is_never_less_probable(a: float, b: float) -> None:
    low, high = sigmoid.probability(sigmoid.place(np.array(sorted((a, b)))))
    assert 0 <= low <= high <= 1


def test_it_rises_without_a_dent_across_the_points_of_its_table() -> None:
    points = np.arange(0.0, sigmoid.LAST)
    around = np.stack([np.nextafter(points, -1), points, np.nextafter(points, np.inf)], axis=1).ravel()
    assert (np.diff(sigmoid.probability(around)) >= 0).all()
