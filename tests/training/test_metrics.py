import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from pinfold_server.domain.quality import metrics

# Few distinct scores, so that ties are common.
judged = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])), min_size=2, max_size=60)
mixed = judged.filter(lambda rows: len({truth for truth, _ in rows}) == 2)


@given(mixed)
def test_average_precision_is_that_of_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    truth, scores = (np.array(column) for column in zip(*rows, strict=True))
    assert metrics.average_precision(truth, scores) == pytest.approx(reference.average_precision_score(truth, scores))


@given(mixed)
def test_the_curve_is_that_of_scikit_learn_from_the_highest_score_down(rows: list[tuple[bool, float]]) -> None:
    truth, scores = (np.array(column) for column in zip(*rows, strict=True))
    curve = metrics.precision_recall_curve(truth, scores)
    precisions, recalls, thresholds = reference.precision_recall_curve(truth, scores)
    assert curve.thresholds == pytest.approx(thresholds[::-1])
    assert curve.precisions == pytest.approx(precisions[:-1][::-1])
    assert curve.recalls == pytest.approx(recalls[:-1][::-1])


@given(st.integers(1, 40), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_f1_scores_are_those_of_scikit_learn(documents: int, labels: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    truth, predicted = random.random((2, documents, labels)) < 0.4
    known = np.ones_like(truth)
    options = {"zero_division": 0.0}
    assert metrics.macro_f1(truth, predicted, known) == pytest.approx(
        np.mean([reference.f1_score(truth[:, k], predicted[:, k], **options) for k in range(labels)])
    )
    assert metrics.micro_f1(truth, predicted, known) == pytest.approx(
        reference.f1_score(truth.ravel(), predicted.ravel(), **options)
    )
    for column, quality in enumerate(metrics.label_quality(truth, predicted, known)):
        pair = truth[:, column], predicted[:, column]
        assert quality.precision == pytest.approx(reference.precision_score(*pair, **options))
        assert quality.recall == pytest.approx(reference.recall_score(*pair, **options))


def test_unknown_pairs_count_nowhere() -> None:
    truth = np.array([[True], [True], [False]])
    predicted = np.array([[True], [False], [True]])
    known = np.array([[True], [False], [False]])
    assert metrics.micro_f1(truth, predicted, known) == 1.0


@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_average_precision_needs_both_kinds(truth: list[bool]) -> None:
    assert metrics.average_precision(np.array(truth), np.array([0.1, 0.9])) is None


def test_mean_average_precision_passes_over_labels_without_one() -> None:
    assert metrics.mean_average_precision([0.5, None, 1.0]) == 0.75
    assert metrics.mean_average_precision([None]) is None


def test_accuracy_asks_for_the_highest_score() -> None:
    truth = np.array([[True, False], [True, False], [False, True]])
    scores = np.array([[0.9, 0.1], [0.2, 0.3], [0.4, 0.4]])
    assert metrics.single_label_accuracy(truth, scores) == pytest.approx(1 / 3)


def test_calibration_error_is_the_gap_between_stated_and_observed() -> None:
    truth = np.array([True, False, False, False, True, True])
    stated = np.array([0.25, 0.25, 0.25, 0.25, 1.0, 1.0])
    assert metrics.expected_calibration_error(truth, stated) == pytest.approx(0.0)
    assert metrics.expected_calibration_error(~truth, stated) == pytest.approx((4 * 0.5 + 2) / 6)
    assert metrics.expected_calibration_error(truth[:0], stated[:0]) == 0.0
