"""How good a version is, asked by both clients of a real server."""

from typing import Any

import pytest

import pinfold
from tests.serving import Trained, ticket_rows


@pytest.fixture
def version(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset).version(trained.first)


def test_a_validation_agrees_with_what_the_version_stores(version: Any) -> None:
    found = version.validation(curve_points=0)
    assert (found.version, found.detailed, found.sampled) == (version.number, True, False)
    assert found.metrics == version.metrics
    assert found.document_count == found.metrics.test_size == len(ticket_rows())
    assert found.mean_average_precision == pytest.approx(found.metrics.mean_average_precision, abs=1e-12)
    assert found.all_labels.micro.f1 == pytest.approx(found.metrics.micro_f1, abs=1e-12)
    assert found.all_labels.macro.f1 == pytest.approx(found.metrics.macro_f1, abs=1e-12)
    assert found.calibration.expected_error == pytest.approx(found.metrics.calibration_error, abs=1e-12)
    stored = {label.name: label for label in version.refresh().labels}
    assert [label.name for label in found.labels] == list(stored)
    for label in found.labels:
        told = stored[label.name]
        assert label.quality == pinfold.Quality(told.precision, told.recall, told.f1)
        assert label.threshold == pytest.approx(told.thresholds.balanced)
        assert label.average_precision == pytest.approx(told.average_precision, abs=1e-12)
        assert label.counts.true_positives + label.counts.false_negatives == label.test_count
        assert len(label.curve) == len(label.curve.recalls) == len(set(label.curve.thresholds))
        assert sum(label.calibration.counts) == found.document_count


def test_a_label_with_enough_examples_is_reliable_and_parents_are_no_leaves(version: Any) -> None:
    found = version.validation()
    assert found.reliable_from == 20
    assert all(label.reliable and not label.missing_count for label in found.labels)
    assert found.reliable_mean_average_precision == found.mean_average_precision
    assert (found.all_labels.label_count, found.leaf_labels.label_count) == (5, 4)


def test_single_label_confusions_count_every_document_once(version: Any) -> None:
    found = version.validation()
    assert sum(pair.count for pair in found.confusions) == found.document_count
    assert found.confusions[0].label == found.confusions[0].other
    pairs = {(pair.label, pair.other): pair.count for pair in found.cooccurrences}
    assert pairs == {("Billing", "Billing > Invoice"): 32, ("Billing", "Billing > Refund"): 32}


def test_thresholds_labels_and_points_can_be_asked_for(version: Any) -> None:
    found = version.validation(
        thresholds={"Login": 0.0}, default_threshold=1.0, labels=["Delivery", "Login", "Delivery"], curve_points=5
    )
    delivery, login = found.labels
    assert (delivery.name, login.name) == ("Delivery", "Login")
    assert (login.threshold, login.quality.recall, login.counts.false_negatives) == (0.0, 1.0, 0)
    assert (delivery.threshold, delivery.counts.true_positives, delivery.quality.f1) == (1.0, 0, 0.0)
    assert 2 <= len(login.curve) <= 5
    assert len(found.curve) == 5
    assert {pair.label for pair in found.confusions} <= {"Login", "Delivery"}
    assert found["Login"] == login
    with pytest.raises(KeyError):
        found["Billing"]
    assert version.validation(curve_points=None).labels[0].curve is None


def test_a_policy_takes_the_recommended_thresholds(version: Any) -> None:
    for label in version.validation(policy="high_precision").labels:
        assert label.threshold == pytest.approx(label.thresholds.high_precision)


def test_a_found_threshold_gives_what_was_wanted(version: Any) -> None:
    wanted = {one.name: one for one in version.find_thresholds(precision=0.95)}
    cuts = {name: one.threshold for name, one in wanted.items() if one.threshold is not None}
    for label in version.validation(thresholds=cuts, labels=list(cuts)).labels:
        assert label.quality.precision >= 0.95
        assert label.quality == wanted[label.name].quality
        assert wanted[label.name].predicted_count == label.counts.true_positives + label.counts.false_positives
    (login,) = version.find_thresholds(recall=1.0, labels=["Login"])
    assert (login.quality.recall, login.reliable) == (1.0, True)


def test_the_documents_behind_each_count_are_listed(version: Any) -> None:
    login = version.validation(default_threshold=0.4, labels=["Login"])["Login"]
    total = 0
    for outcome in pinfold.Outcome:
        found = list(version.validation_documents("Login", outcome, threshold=login.threshold))
        assert len(found) == getattr(login.counts, f"{outcome}s")
        total += len(found)
        for one in found:
            assert ("Login" in one.true_labels) is (outcome in ("true_positive", "false_negative"))
            assert (one.probability >= login.threshold) is outcome.endswith("_positive")
            assert one.document.id == one.document_id
    assert total == len(ticket_rows())
    right = [one.probability for one in version.validation_documents("Login", "true_positive")]
    assert right == sorted(right)


def test_what_cannot_be_asked_is_refused(client: Any, trained: Trained, version: Any) -> None:
    for reason, field, ask in (
        ("UNKNOWN_LABEL", "labels[0]", lambda: version.validation(labels=["Nonsense"])),
        ("UNKNOWN_LABEL", "thresholds['Nonsense']", lambda: version.validation(thresholds={"Nonsense": 0.5})),
        ("INVALID_THRESHOLD", "default_threshold", lambda: version.validation(default_threshold=1.5)),
        ("INVALID_THRESHOLD", "thresholds['Login']", lambda: version.validation(thresholds={"Login": float("nan")})),
        ("INVALID_FIELD", "curve_points", lambda: version.validation(curve_points=1)),
        ("INVALID_FIELD", "curve_points", lambda: version.validation(curve_points=10_001)),
        ("INVALID_TARGET", "precision", lambda: version.find_thresholds(precision=0.0)),
        ("INVALID_TARGET", "recall", lambda: version.find_thresholds(recall=float("nan"))),
        ("UNKNOWN_LABEL", "labels[1]", lambda: version.find_thresholds(recall=1, labels=["Login", "Nonsense"])),
        ("UNKNOWN_LABEL", "label", lambda: list(version.validation_documents("Nonsense"))),
        ("INVALID_THRESHOLD", "threshold", lambda: list(version.validation_documents("Login", threshold=-1))),
    ):
        with pytest.raises(pinfold.InvalidArgument) as refused:
            ask()
        assert refused.value.reason == reason
        assert [violation.field for violation in refused.value.field_violations] == [field]
    with pytest.raises(TypeError, match="either"):
        version.find_thresholds()
    with pytest.raises(TypeError, match="either"):
        version.find_thresholds(precision=0.5, recall=0.5)
    with pytest.raises(ValueError, match="outcome"):
        list(version.validation_documents("Login", "wrong"))
    with pytest.raises(TypeError, match="curve_points"):
        version.validation(curve_points=True)
    with pytest.raises(ValueError, match="curve_points"):
        version.validation(curve_points=-1)
