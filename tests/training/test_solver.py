import warnings
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from pinfold_server.domain.runs.configs import Algorithm, ClassWeight, RunConfig
from pinfold_server.training.fit import descent, solver
from pinfold_server.training.fit.descent import Start
from pinfold_server.training.fit.parallel import run_all
from pinfold_server.training.fit.solver import Examples, LinearWeights, fit
from pinfold_server.training.fit.twins import Twins

LOSSES = (Algorithm.LINEAR_SVM, Algorithm.LOGISTIC_REGRESSION)
ROWS, FEATURES, LABELS = 300, 90, 40


def go_on(_: float) -> None:
    pass


@pytest.fixture(scope="module")
def examples() -> Examples:
    """Rows of length 1, labels that follow from a few features and some noise; the last label is everywhere."""
    random = np.random.default_rng(0)
    dense = random.random((ROWS, FEATURES)) * (random.random((ROWS, FEATURES)) < 0.15)
    dense[7] = 0
    features = sp.csr_matrix(dense / np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-9))
    truth = features @ random.normal(size=(FEATURES, LABELS)) + random.normal(0, 0.3, (ROWS, LABELS))
    rank = truth.argsort(axis=0).argsort(axis=0)
    assigned = rank > ROWS * np.linspace(0.5, 0.97, LABELS)
    assigned[:, -1] = True
    return Examples(features, assigned, None, None)


@dataclass(frozen=True)
class Problem:
    """What one label's weights minimise."""

    features: sp.csr_matrix
    signs: NDArray[np.float64]
    costs: NDArray[np.float64]
    algorithm: Algorithm

    @classmethod
    def of(cls, examples: Examples, config: RunConfig, column: int) -> "Problem":
        known = np.ones(ROWS, bool) if examples.known is None else examples.known[:, column]
        assigned = examples.assigned[known, column]
        positives = int(assigned.sum())
        costs = np.ones(len(assigned)) if examples.weights is None else examples.weights[known]
        scale = 1.4 if examples.single else 0.5
        costs = costs * scale * config.regularization * np.sqrt(min(1.0, 100 / positives))
        if config.algorithm is Algorithm.LOGISTIC_REGRESSION:
            costs = costs * 30
        if config.class_weight is ClassWeight.BALANCED:
            count = len(assigned)
            costs = costs * np.where(assigned, count / (2 * positives), count / (2 * (count - positives)))
        return cls(examples.features[known], np.where(assigned, 1.0, -1.0), costs, config.algorithm)

    def value(self, coefficients: NDArray[np.float64], intercept: float) -> float:
        margins = self.signs * (self.features @ coefficients + intercept)
        hinge = self.algorithm is Algorithm.LINEAR_SVM
        losses = np.maximum(0, 1 - margins) ** 2 if hinge else np.logaddexp(0, -margins)
        return float((coefficients @ coefficients + intercept**2) / 2 + self.costs @ losses)

    def least(self) -> float:
        """By liblinear, which regularises the bias as well."""
        hinge = self.algorithm is Algorithm.LINEAR_SVM
        make = LinearSVC if hinge else LogisticRegression
        estimator = make(tol=1e-6, max_iter=10_000, **({} if hinge else {"solver": "liblinear"}))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(self.features, self.signs, self.costs)
        return self.value(estimator.coef_[0], float(estimator.intercept_[0]))


VARIANTS = {
    "plain": lambda examples: examples,
    "some pairs unknown": lambda examples: replace(
        examples, known=np.random.default_rng(1).random((ROWS, LABELS)) < 0.7
    ),
    "labels that exclude each other": lambda examples: replace(examples, single=True),
    "rows of different weight": lambda examples: replace(
        examples, weights=np.random.default_rng(1).uniform(0.1, 3, ROWS)
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("balance", ClassWeight)
@pytest.mark.parametrize("algorithm", LOSSES)
def test_patient_passes_reach_the_least_loss(
    examples: Examples, algorithm: Algorithm, balance: ClassWeight, variant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descent, "_HINGE_REST", 1e-6)
    monkeypatch.setattr(descent, "_LOGISTIC_REST", 1e-3)
    monkeypatch.setattr(descent, "PASSES_MAX", 1_000)
    assert_least(VARIANTS[variant](examples), RunConfig(algorithm=algorithm, class_weight=balance), 1e-3)


@pytest.mark.parametrize("algorithm", LOSSES)
def test_the_usual_passes_come_near_the_least_loss(examples: Examples, algorithm: Algorithm) -> None:
    assert_least(examples, RunConfig(algorithm=algorithm), 0.03)


@pytest.mark.parametrize("algorithm", LOSSES)
def test_a_label_gets_the_same_bits_alone_and_beside_others(
    examples: Examples, algorithm: Algorithm, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = RunConfig(algorithm=algorithm)
    whole = fit(examples, config, go_on)
    one_by_one = [fit(replace(examples, assigned=examples.assigned[:, [each]]), config, go_on) for each in (0, 17, 38)]
    for column, alone in zip((0, 17, 38), one_by_one, strict=True):
        assert np.array_equal(alone.coefficients[:, 0], whole.coefficients[:, column])
        assert alone.intercepts[0] == whole.intercepts[column]
    monkeypatch.setattr(solver, "_LABELS_A_BLOCK", 7)
    assert_same(fit(examples, config, go_on), whole)


def test_a_fit_of_more_rows_that_begins_with_an_earlier_one_reaches_the_same_loss(
    examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descent, "_HINGE_REST", 1e-6)
    rows = np.random.default_rng(2).permutation(ROWS)[:240]
    part = fit(
        replace(examples, features=examples.features[rows], assigned=examples.assigned[rows]), RunConfig(), go_on
    )
    assert part.duals is not None
    assert_least(replace(examples, start=Start(rows, part.duals)), RunConfig(), 1e-3)


def test_a_fit_that_begins_with_its_own_end_is_there_after_one_pass(
    examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = fit(examples, RunConfig(), go_on)
    assert cold.duals is not None
    monkeypatch.setattr(descent, "PASSES_MAX", 1)
    assert_least(replace(examples, start=Start(np.arange(ROWS), cold.duals)), RunConfig(), 0.03)
    with pytest.raises(AssertionError):
        assert_least(examples, RunConfig(), 0.03)


def test_merged_twins_give_the_coefficients_of_the_features_they_stand_for(
    examples: Examples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every third feature occurs twice more, once of half the idf."""
    monkeypatch.setattr(descent, "_HINGE_REST", 1e-6)
    thirds = np.arange(0, FEATURES, 3)
    owners = np.concatenate([np.arange(FEATURES), thirds, thirds])
    idf = np.concatenate([np.ones(FEATURES + len(thirds)), np.full(len(thirds), 0.5)])
    whole = sp.csr_matrix(examples.features[:, owners] @ sp.diags(idf))
    together = np.sqrt(np.bincount(owners, idf**2))
    merged = sp.csr_matrix(examples.features @ sp.diags(together))
    twins = Twins(owners, (idf / together[owners]).astype(np.float32))
    weights = fit(replace(examples, features=merged, twins=twins), RunConfig(), go_on)
    expected = fit(replace(examples, features=whole), RunConfig(), go_on)
    assert weights.coefficients == pytest.approx(expected.coefficients, abs=1e-3)
    assert weights.scores(whole) == pytest.approx(expected.scores(whole), abs=2e-3)


@pytest.mark.parametrize("begun", [False, True])
def test_threads_change_no_bit(examples: Examples, begun: bool) -> None:
    config = RunConfig()
    if begun:
        examples = replace(examples, start=start_of(examples))
    assert_same(fit(examples, config, go_on, threads=2), fit(examples, config, go_on))


def test_a_label_that_begins_with_an_earlier_fit_gets_the_same_bits_alone(examples: Examples) -> None:
    start = start_of(examples)
    whole = fit(replace(examples, start=start), RunConfig(), go_on)
    for column in (0, 17, 38):
        own = replace(
            examples, assigned=examples.assigned[:, [column]], start=replace(start, duals=start.duals[:, [column]])
        )
        alone = fit(own, RunConfig(), go_on)
        assert np.array_equal(alone.coefficients[:, 0], whole.coefficients[:, column])
        assert alone.intercepts[0] == whole.intercepts[column]


def test_another_seed_gives_other_weights_of_the_same_quality(examples: Examples) -> None:
    first, second = (fit(examples, RunConfig(seed=seed), go_on) for seed in (1, 2))
    assert not np.array_equal(first.coefficients, second.coefficients)
    assert first.coefficients == pytest.approx(second.coefficients, abs=0.1)


def test_a_label_without_both_kinds_has_the_log_odds_of_what_was_seen(examples: Examples) -> None:
    weights = fit(examples, RunConfig(), go_on)
    assert weights.fitted.tolist() == [True] * (LABELS - 1) + [False]
    assert weights.intercepts[-1] == pytest.approx(np.log((ROWS + 0.5) / 0.5))
    assert not weights.coefficients[:, -1].any()


def test_nothing_to_fit_is_no_error(examples: Examples) -> None:
    weights = fit(replace(examples, assigned=np.ones_like(examples.assigned)), RunConfig(), go_on)
    assert not weights.fitted.any()


def test_progress_rises_to_the_end(examples: Examples) -> None:
    seen: list[float] = []
    fit(examples, RunConfig(), seen.append)
    assert all(before <= after for before, after in pairwise(seen))
    assert (seen[0], seen[-1]) == (0.0, 1.0)


def test_a_stop_ends_every_task_before_it_is_told() -> None:
    ended: list[int] = []

    def work(look: solver.Tick) -> None:
        try:
            while True:
                look(0.5)
        finally:
            ended.append(1)

    def tick(fraction: float) -> None:
        if fraction == 2 * 0.5 / 4:  # both threads are at work
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run_all([work] * 4, 2, tick)
    assert len(ended) == 2


def test_the_failure_of_a_task_ends_the_others_and_is_told() -> None:
    def fail(look: solver.Tick) -> None:
        raise MemoryError

    def work(look: solver.Tick) -> None:
        while True:
            look(0.1)

    with pytest.raises(MemoryError):
        run_all([work, fail], 2, go_on)


def start_of(examples: Examples) -> Start:
    """The duals of a fit of four fifths of the rows."""
    rows = np.random.default_rng(2).permutation(ROWS)[:240]
    part = fit(
        replace(examples, features=examples.features[rows], assigned=examples.assigned[rows]), RunConfig(), go_on
    )
    assert part.duals is not None
    return Start(rows, part.duals)


def assert_same(first: LinearWeights, second: LinearWeights) -> None:
    assert np.array_equal(first.coefficients, second.coefficients)
    assert np.array_equal(first.intercepts, second.intercepts)


def assert_least(examples: Examples, config: RunConfig, share: float) -> None:
    weights = fit(examples, config, go_on)
    for column in range(0, LABELS - 1, 6):
        problem = Problem.of(examples, config, column)
        reached = problem.value(weights.coefficients[:, column].astype(np.float64), float(weights.intercepts[column]))
        assert reached <= problem.least() * (1 + share)
