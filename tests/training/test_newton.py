import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import LinearSVC

from pinfold_server.training.newton import Problem, minimise

seeds = st.integers(0, 2**32 - 1)


def problem(seed: int, rows: int = 120, features: int = 40) -> Problem:
    """Sparse rows of unit length whose targets a noisy plane decides."""
    random = np.random.default_rng(seed)
    dense = random.random((rows, features)) * (random.random((rows, features)) < 0.2)
    dense[:, 0] += 0.1
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    scores = dense @ random.normal(size=features) + 0.2 * random.normal(size=rows)
    targets = np.where(scores > np.quantile(scores, 0.8), 1.0, -1.0)
    return Problem(sp.csr_matrix(dense), targets, np.full(rows, 2 * 10.0 ** random.uniform(-2, 1)))


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_it_is_the_minimum_that_liblinear_comes_near(seed: int) -> None:
    given_problem = problem(seed)
    strength = given_problem.costs[0] / 2
    near = LinearSVC(C=strength, tol=1e-8, max_iter=100_000, fit_intercept=False, random_state=0)
    near.fit(given_problem.rows, given_problem.targets)
    weights = minimise(given_problem, None).weights
    assert weights == pytest.approx(near.coef_[0], abs=1e-4 * max(1.0, float(np.abs(weights).max())))


@settings(max_examples=10, deadline=None)
@given(seeds, st.sampled_from(["the same problem", "changed targets", "noise"]))
def test_where_it_starts_changes_no_bit(seed: int, kind: str) -> None:
    random = np.random.default_rng(seed)
    asked = problem(seed)
    cold = minimise(asked, None)
    if kind == "noise":
        start = random.normal(size=len(asked.targets))
    else:
        flipped = asked.targets * np.where(random.random(len(asked.targets)) < 0.05, -1, 1)
        earlier = asked if kind == "the same problem" else Problem(asked.rows, flipped, asked.costs)
        start = minimise(earlier, None).duals
    warm = minimise(asked, start)
    assert warm.weights.tobytes() == cold.weights.tobytes()
    assert warm.duals.tobytes() == cold.duals.tobytes()


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_duals_are_zero_beyond_the_margin_and_make_up_the_weights(seed: int) -> None:
    asked = problem(seed)
    found = minimise(asked, None)
    margins = asked.targets * (asked.rows @ found.weights)
    assert not found.duals[margins > 1 + 1e-6].any()
    assert asked.rows.T @ found.duals == pytest.approx(found.weights, abs=1e-9)


def test_a_row_of_twice_the_cost_counts_as_two() -> None:
    asked = problem(3)
    costs = asked.costs.copy()
    costs[:10] *= 2
    twice = Problem(
        sp.vstack([asked.rows, asked.rows[:10]], format="csr"),
        np.concatenate([asked.targets, asked.targets[:10]]),
        np.concatenate([asked.costs, asked.costs[:10]]),
    )
    heavier = minimise(Problem(asked.rows, asked.targets, costs), None).weights
    assert heavier == pytest.approx(minimise(twice, None).weights, abs=1e-6)
    assert np.abs(heavier - minimise(asked, None).weights).max() > 1e-3
