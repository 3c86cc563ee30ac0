"""Two versions compared: against scikit-learn, against chance, and against what must not change an answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest, false_discovery_control
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from pinfold_server.domain.quality.bootstrap import Answers, Trials, draw
from pinfold_server.domain.quality.comparing import answers_of, compare, flipped
from pinfold_server.domain.quality.comparison import Comparison, Cuts, Verdict
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.pairing import Paired, pair, share_labels
from pinfold_server.domain.quality.rankings import rank
from pinfold_server.domain.quality.significance import adjusted, mcnemar

TRIALS = Trials(200, 3, 0.95)


def paired(truth: NDArray[np.bool_], base: object, candidate: object, known: NDArray[np.bool_] | None = None) -> Paired:
    decided = np.ones_like(truth) if known is None else known
    documents = tuple(("mail", str(row)) for row in range(len(truth)))
    return Paired(
        documents,
        truth & decided,
        decided,
        np.float32(base),
        np.float32(candidate),
        0,
        0,
        0,  # type: ignore[arg-type]
    )


def halves(labels: int) -> Cuts:
    return Cuts(np.full(labels, 0.5, np.float32), np.full(labels, 0.5, np.float32))


def judged(documents: int, labels: int, quality: float, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """One true label a document (the same for every seed), and probabilities that are right so often."""
    true = np.random.default_rng(0).integers(0, labels, documents)
    generator = np.random.default_rng(seed)
    said = np.where(generator.random(documents) < quality, true, generator.integers(0, labels, documents))
    truth, probabilities = np.zeros((documents, labels), np.bool_), generator.uniform(0, 0.4, (documents, labels))
    truth[np.arange(documents), true] = True
    probabilities[np.arange(documents), said] += 0.55
    return truth, probabilities.astype(np.float32)


def compared(base: float, candidate: float, trials: Trials = TRIALS, *, seeds: tuple[int, int] = (1, 2)) -> Comparison:
    truth, first = judged(1_000, 8, base, seeds[0])
    _, second = judged(1_000, 8, candidate, seeds[1])
    return compare(paired(truth, first, second), halves(8), trials)


def test_figures_are_those_of_scikit_learn() -> None:
    truth, first = judged(500, 6, 0.7, 1)
    _, second = judged(500, 6, 0.8, 2)
    result = compare(paired(truth, first, second), halves(6), TRIALS)
    for probabilities, side in ((first, "base"), (second, "candidate")):
        precision, recall, f1, _ = precision_recall_fscore_support(truth, probabilities >= 0.5, zero_division=0)
        for column, label in enumerate(result.labels):
            assert getattr(label.precision, side) == pytest.approx(precision[column], abs=1e-12)
            assert getattr(label.recall, side) == pytest.approx(recall[column], abs=1e-12)
            assert getattr(label.f1, side) == pytest.approx(f1[column], abs=1e-12)
            assert label.average_precision is not None
            expected = average_precision_score(truth[:, column], probabilities[:, column])
            assert getattr(label.average_precision, side) == pytest.approx(expected, abs=1e-9)
        assert getattr(result.overall.macro_f1, side) == pytest.approx(f1.mean(), abs=1e-12)
        micro = precision_recall_fscore_support(truth, probabilities >= 0.5, average="micro")[2]
        assert getattr(result.overall.micro_f1, side) == pytest.approx(micro, abs=1e-12)


def test_the_same_seed_gives_the_same_answer_and_another_seed_other_intervals() -> None:
    assert compared(0.7, 0.75) == compared(0.7, 0.75)
    other = compared(0.7, 0.75, Trials(200, 4, 0.95))
    assert other.overall.micro_f1.low != compared(0.7, 0.75).overall.micro_f1.low
    assert other.overall.micro_f1.base == compared(0.7, 0.75).overall.micro_f1.base


def test_a_version_that_answers_much_better_or_worse_is_told_from_chance() -> None:
    assert compared(0.7, 0.9).verdict is Verdict.BETTER
    assert compared(0.9, 0.7).verdict is Verdict.WORSE
    assert compared(0.9, 0.7).overall.p_value < 1e-6


def test_two_versions_that_differ_by_chance_alone_show_no_difference_in_most_trials() -> None:
    verdicts = [compared(0.8, 0.8, seeds=(2 * pick, 2 * pick + 1)).verdict for pick in range(1, 61)]
    assert verdicts.count(Verdict.NO_SIGNIFICANT_DIFFERENCE) >= 54  # 57 expected of 60 at 95 %


def test_of_many_labels_that_changed_by_chance_hardly_any_is_called_significant() -> None:
    labels = [
        label.is_significant for pick in range(1, 21) for label in compared(0.8, 0.8, seeds=(pick, 100 + pick)).labels
    ]
    assert sum(labels) <= 2


def test_a_version_compared_with_itself_does_not_differ() -> None:
    truth, scores = judged(100, 3, 0.7, 1)
    result = compare(paired(truth, scores, scores), halves(3), TRIALS)
    assert result.verdict is Verdict.NO_SIGNIFICANT_DIFFERENCE
    assert (result.overall.micro_f1.low, result.overall.micro_f1.high) == (0, 0)
    assert (result.overall.fixed, result.overall.broken, result.overall.p_value) == (0, 0, 1.0)


def test_intervals_are_as_wide_as_the_documents_allow() -> None:
    """Accuracy of n independent answers: the interval of the change spans about 2 x 1.96 standard errors."""
    truth, first = judged(2_000, 4, 0.8, 5)
    _, second = judged(2_000, 4, 0.8, 6)
    answers = answers_of(paired(truth, first, second), halves(4))
    fixed, broken = (len(rows) for rows in flipped(answers))
    error = np.sqrt(fixed + broken - (fixed - broken) ** 2 / 2_000) / 2_000
    right = compare(paired(truth, first, second), halves(4), Trials(2_000, 0, 0.95)).overall.right
    assert right.low is not None
    assert right.high is not None
    assert right.high - right.low == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_blocks_of_trials_draw_as_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, scores = judged(300, 3, 0.7, 1)
    answers = answers_of(paired(truth, scores, scores[::-1]), halves(3))
    whole = draw(answers, Trials(400, 0, 0.9))
    monkeypatch.setattr("pinfold_server.domain.quality.bootstrap._WEIGHTS_MAX", 300 * 7)
    parts = draw(answers, Trials(400, 0, 0.9))
    means = [drawn.labels.sums.mean(axis=-1) for drawn in (whole, parts)]
    assert means[0] == pytest.approx(means[1], rel=0.15)
    assert parts.labels.sums.shape == whole.labels.sums.shape


def test_what_people_did_not_decide_counts_nowhere() -> None:
    truth, first = judged(200, 3, 0.6, 1)
    known = np.random.default_rng(9).random(truth.shape) < 0.5
    _, second = judged(200, 3, 0.9, 2)
    changed = second.copy()
    changed[~known] = 1 - changed[~known]
    here = compare(paired(truth, first, second, known), halves(3), TRIALS)
    assert here == compare(paired(truth, first, changed, known), halves(3), TRIALS)


def test_a_threshold_is_carried_over() -> None:
    truth = np.array([[True], [True], [False], [True], [False]])
    base = [[0.9], [0.8], [0.7], [0.2], [0.1]]
    candidate = [[0.6], [0.5], [0.3], [0.4], [0.2]]
    carried = compare(paired(truth, base, candidate), halves(1), TRIALS).labels[0].carry_over
    assert (carried.now.precision, carried.now.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert (carried.same_threshold.precision, carried.same_threshold.recall) == (1, pytest.approx(2 / 3))
    assert carried.same_recall is not None
    assert (carried.same_recall.threshold, carried.same_recall.precision) == (pytest.approx(0.5), 1)
    assert carried.same_precision is not None
    assert carried.same_precision.threshold == pytest.approx(0.3)
    assert carried.same_precision.recall == 1


def test_a_label_that_never_reaches_the_precision_has_no_threshold_for_it() -> None:
    truth = np.array([[True], [False], [False]])
    carried = compare(paired(truth, [[0.9], [0.1], [0.1]], [[0.1], [0.2], [0.3]]), halves(1), TRIALS).labels[0]
    assert carried.carry_over.same_precision is None
    assert carried.carry_over.same_recall is not None
    assert carried.average_precision is not None
    assert carried.average_precision.candidate == pytest.approx(1 / 3)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_curves_of_all_labels_at_once_have_the_average_precision_of_each(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 4))
    cells = rows * columns
    scores = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), min_size=cells, max_size=cells)))
    flags = [data.draw(st.lists(st.booleans(), min_size=cells, max_size=cells)) for _ in range(2)]
    truth, known = (np.array(each).reshape(rows, columns) for each in flags)
    found = rank(truth & known, known, scores.reshape(rows, columns).astype(np.float32)).average_precisions()
    for column in range(columns):
        there = known[:, column]
        true = truth[there, column]
        if not true.any() or true.all():
            assert np.isnan(found[column])
        else:
            expected = average_precision_score(true, scores.reshape(rows, columns)[there, column])
            assert found[column] == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(fixed: int, broken: int) -> None:
    expected = binomtest(fixed, fixed + broken).pvalue if fixed + broken else 1.0
    assert mcnemar(fixed, broken) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_of_many_changes_is_close_to_the_exact_one() -> None:
    assert mcnemar(540, 480) == pytest.approx(binomtest(540, 1_020).pvalue, rel=0.05)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_p_values_of_many_labels_are_adjusted_as_scipy_does(p_values: list[float]) -> None:
    assert adjusted(p_values) == pytest.approx(false_discovery_control(p_values), abs=1e-12)


def held_out(ids: str, numbers: dict[str, int], fill: float, truth: bool = True) -> HeldOut:
    shape = (len(ids), len(numbers))
    documents = tuple(("mail", each) for each in ids)
    scores = np.full(shape, fill, np.float32)
    return HeldOut(
        documents, tuple(numbers.values()), tuple(numbers), np.full(shape, truth), np.ones(shape, bool), scores
    )


def test_a_renamed_label_is_the_same_and_a_new_one_under_its_old_name_is_not() -> None:
    base = held_out("ab", {"Refund": 1, "Login": 2, "Gone": 4}, 0.1)
    candidate = held_out("ab", {"Money back": 1, "Login": 2, "Refund": 3}, 0.9)
    labels = share_labels(base, candidate)
    assert [(label.name, label.base_name) for label in labels.shared] == [("Money back", "Refund"), ("Login", "Login")]
    assert (labels.added, labels.removed) == (("Refund",), ("Gone",))


def test_labels_of_versions_that_do_not_know_numbers_are_the_same_by_name() -> None:
    labels = share_labels(held_out("a", {"Refund": 0, "Login": 0}, 0.1), held_out("a", {"Login": 2}, 0.9))
    assert [(label.base_column, label.candidate_column) for label in labels.shared] == [(1, 0)]
    assert labels.removed == ("Refund",)


def test_only_documents_of_both_are_paired_in_the_order_of_the_candidate() -> None:
    base, candidate = held_out("abcd", {"A": 1}, 0.1), held_out("dxb", {"A": 1}, 0.9, truth=False)
    found = pair(base, candidate, share_labels(base, candidate).shared)
    assert [document for _, document in found.documents] == ["d", "b"]
    assert (found.base_only, found.candidate_only, found.changed_truth) == (2, 1, 2)
    assert not found.truth.any()
    assert (found.base[0, 0], found.candidate[0, 0]) == (np.float32(0.1), np.float32(0.9))


def test_a_document_flips_when_all_its_labels_become_right() -> None:
    truth = np.array([[1, 0], [1, 0], [0, 0]], bool)
    base, candidate = np.array([[1, 1], [1, 0], [0, 0]], bool), np.array([[1, 0], [0, 0], [0, 0]], bool)
    fixed, broken = flipped(Answers(truth, base, candidate))
    assert (fixed.tolist(), broken.tolist()) == ([0], [1])
