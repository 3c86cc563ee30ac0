"""Which conditions a version meets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.releases.gates import Check, Condition, Facts, Gate, LabelChange, Measured, check

OLD, NEW = Measured("split", 0.9), Measured("split", 0.88)


def label(name: str, base: float, candidate: float, examples: int = 50, *, significant: bool = True) -> LabelChange:
    return LabelChange(name, examples, base, candidate, significant)


def the(checks: tuple[Check, ...]) -> Check:
    (only,) = checks
    return only


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_label_may_lose_so_much_f1_and_no_more(base: float, candidate: float, most: float) -> None:
    facts = Facts(OLD, NEW, labels=[label("A", base, candidate)])
    assert the(check(Gate(f1_drop_max=most), facts)).passed is (base - candidate <= most)


def test_every_label_that_falls_too_far_is_told_and_the_worst_one_where_none_does() -> None:
    labels = [label("A", 0.9, 0.8), label("B", 0.9, 0.5), label("C", 0.9, 0.95)]
    failed = check(Gate(f1_drop_max=0.05), Facts(OLD, NEW, labels=labels))
    assert [(each.label, each.passed) for each in failed] == [("B", False), ("A", False)]
    passed = the(check(Gate(f1_drop_max=0.5), Facts(OLD, NEW, labels=labels)))
    assert (passed.label, passed.passed, passed.measured) == ("B", True, pytest.approx(0.4))


def test_labels_with_few_examples_and_losses_by_chance_can_be_left_out() -> None:
    rare = Facts(OLD, NEW, labels=[label("A", 0.9, 0.1, examples=4)])
    assert the(check(Gate(f1_drop_max=0.1), rare)).passed
    assert not the(check(Gate(f1_drop_max=0.1, examples_min=4), rare)).passed
    noise = Facts(OLD, NEW, labels=[label("A", 0.9, 0.1, significant=False)])
    assert not the(check(Gate(f1_drop_max=0.1), noise)).passed
    assert the(check(Gate(f1_drop_max=0.1, only_significant=True), noise)).passed


def test_mean_average_precision_is_each_versions_own() -> None:
    assert not the(check(Gate(mean_average_precision_drop_max=0.0), Facts(OLD, NEW))).passed
    assert the(check(Gate(mean_average_precision_drop_max=0.03), Facts(OLD, NEW))).passed
    assert the(check(Gate(mean_average_precision_min=0.88), Facts(OLD, NEW))).passed
    assert not the(check(Gate(mean_average_precision_min=0.89), Facts(OLD, NEW))).passed


def test_what_is_not_known_does_not_meet_a_condition() -> None:
    unknown = Facts(OLD, Measured("split", None), missing="it was dropped")
    for gate in (
        Gate(f1_drop_max=1.0),
        Gate(mean_average_precision_drop_max=1.0),
        Gate(mean_average_precision_min=0.0),
        Gate(rating_min=0.0),
    ):
        found = the(check(gate, unknown))
        assert (found.passed, found.measured) == (False, None)


def test_two_versions_that_never_said_how_they_were_split_are_not_the_same() -> None:
    assert the(check(Gate(same_split=True), Facts(OLD, NEW))).passed
    for base, candidate in (("split", "other"), ("", "")):
        facts = Facts(Measured(base, 0.9), Measured(candidate, 0.9))
        assert not the(check(Gate(same_split=True), facts)).passed


def test_a_first_version_is_compared_with_nothing() -> None:
    every = Gate(0.0, 1, False, 0.0, 0.5, 50.0, True)
    found = check(every, Facts(None, NEW, rating=60.0))
    assert [each.condition for each in found] == [Condition.MEAN_AVERAGE_PRECISION, Condition.RATING]
    assert all(each.passed for each in found)
