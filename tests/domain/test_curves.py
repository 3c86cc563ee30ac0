"""Curves of precision against recall: those of scikit-learn, looked up, and thinned without losing what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_curve

from pinfold_server.domain.quality import curves
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Quality, average_precision, quality
from tests.domain.held_outs import ANY, made_up


@given(ANY)
def test_every_label_has_the_curve_and_the_area_of_scikit_learn(held_out: HeldOut) -> None:
    for column, curve in enumerate(curves.label_curves(held_out)):
        rows = held_out.known[:, column]
        truth, scores = held_out.truth[rows, column], held_out.probabilities[rows, column]
        assert curves.area(curve) == average_precision(truth, scores)
        if truth.any() and not truth.all():
            precisions, recalls, thresholds = precision_recall_curve(truth, scores)
            assert np.array_equal(curve.thresholds, thresholds[::-1])
            np.testing.assert_allclose(curve.precisions, precisions[-2::-1], atol=1e-12)
            np.testing.assert_allclose(curve.recalls, recalls[-2::-1], atol=1e-12)
            assert curves.area(curve) == pytest.approx(average_precision_score(truth, scores), abs=1e-12)


@given(ANY)
def test_thresholds_descend_and_recalls_do_not_fall_of_all_pairs_too(held_out: HeldOut) -> None:
    for curve in (curves.overall_curve(held_out), *curves.label_curves(held_out)):
        assert (np.diff(curve.thresholds) < 0).all()
        assert (np.diff(curve.recalls) >= 0).all()


@given(ANY, st.floats(0.01, 1.0))
def test_a_looked_up_threshold_gives_what_is_wanted_and_no_other_does_better(held_out: HeldOut, wanted: float) -> None:
    for column, curve in enumerate(curves.label_curves(held_out)):
        place = curves.for_precision(curve, wanted)
        if place is None:
            assert (curve.precisions < wanted).all()
        else:
            at = _measured(held_out, column, float(curve.thresholds[place]))
            assert at.precision >= wanted
            assert at.recall == pytest.approx(curve.recalls[curve.precisions >= wanted].max())
        place = curves.for_recall(curve, wanted)
        if place is None:
            assert (curve.recalls < wanted).all()
        else:
            assert _measured(held_out, column, float(curve.thresholds[place])).recall >= wanted
            assert (curve.recalls[:place] < wanted).all()


@given(ANY, st.floats(0, 1))
def test_the_point_at_a_threshold_is_the_last_that_is_predicted(held_out: HeldOut, threshold: float) -> None:
    for column, curve in enumerate(curves.label_curves(held_out)):
        place = curves.at_threshold(curve, threshold)
        rows = held_out.known[:, column]
        predicted = int((held_out.probabilities[rows, column] >= np.float32(threshold)).sum())
        assert predicted == (0 if place is None else curve.counts[place])


@given(ANY, st.integers(2, 12))
def test_a_thinned_curve_keeps_its_ends_and_its_order(held_out: HeldOut, most: int) -> None:
    whole = curves.overall_curve(held_out)
    thin = curves.thinned(whole, most)
    assert len(thin.counts) <= most
    if len(whole.counts):
        assert (thin.counts[0], thin.counts[-1]) == (whole.counts[0], whole.counts[-1])
    assert set(thin.counts.tolist()) <= set(whole.counts.tolist())
    assert (np.diff(thin.counts) > 0).all()


def test_a_curve_that_is_thinned_a_little_loses_no_recall_step() -> None:
    whole = curves.label_curves(made_up(3, 400, 1, steps=10_000))[0]
    steps = int(np.count_nonzero(np.diff(whole.recalls)))
    thin = curves.thinned(whole, steps + 3)
    assert len(thin.counts) < len(whole.counts)
    assert set(thin.recalls.tolist()) == set(whole.recalls.tolist())


def _measured(held_out: HeldOut, column: int, threshold: float) -> Quality:
    rows = held_out.known[:, column]
    truth = held_out.truth[rows, column]
    predicted = held_out.probabilities[rows, column] >= np.float32(threshold)
    return quality(int((truth & predicted).sum()), int((~truth & predicted).sum()), int((truth & ~predicted).sum()))
