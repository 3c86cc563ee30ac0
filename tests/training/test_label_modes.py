"""Which labels exclude each other, and which algorithm is chosen."""

from dataclasses import replace

import numpy as np
import pytest

from pinfold_server.domain.runs.configs import Algorithm, ClassWeight, LabelMode, RunConfig
from pinfold_server.training.contract import RefusalReason, TrainingRefused, TrainingSet
from pinfold_server.training.fit.choice import choose
from pinfold_server.training.fit.corpus import count_features
from pinfold_server.training.fit.label_modes import is_single
from pinfold_server.training.validate.calibration import fit_temperature
from tests.training.tickets import LABELS, tickets, trained, training_set

INVOICE, REFUND, LOST = (LABELS.index(name) for name in ("Billing > Invoice", "Billing > Refund", "Card > Lost"))


def with_pair(row: int, column: int, assigned: bool) -> TrainingSet:
    changed = tickets().assigned.copy()
    changed[row, column] = assigned
    return replace(tickets(), assigned=changed)


def test_documents_with_one_leaf_each_are_single_label() -> None:
    assert is_single(tickets(), LabelMode.AUTO)
    assert is_single(tickets(), LabelMode.SINGLE_LABEL)
    assert not is_single(tickets(), LabelMode.MULTI_LABEL)


@pytest.mark.parametrize(
    "data",
    [
        with_pair(0, LOST, True),
        with_pair(0, REFUND, False),
        replace(tickets(), known=np.zeros_like(tickets().assigned)),
        training_set(["a", "b"], [("Card",), ()], ("Card",)),
    ],
    ids=["two leaves", "a parent alone", "nothing reviewed", "one leaf label"],
)
def test_anything_else_is_multi_label_or_refused(data: TrainingSet) -> None:
    assert not is_single(data, LabelMode.AUTO)
    with pytest.raises(TrainingRefused) as refusal:
        is_single(data, LabelMode.SINGLE_LABEL)
    assert refusal.value.reason is RefusalReason.NOT_SINGLE_LABEL


def test_the_refusal_names_the_first_document() -> None:
    with pytest.raises(TrainingRefused, match=r"1 documents .* the first is '7'"):
        trained(with_pair(7, LOST, True), RunConfig(label_mode=LabelMode.SINGLE_LABEL))


def test_documents_that_are_not_reviewed_may_lack_their_leaf() -> None:
    data = tickets()
    known = np.ones_like(data.assigned)
    known[0] = False
    assert is_single(replace(data, known=known), LabelMode.AUTO)


def test_a_single_label_model_shares_out_one() -> None:
    model = trained(tickets())
    assert model.label_mode is LabelMode.SINGLE_LABEL
    leaves = [INVOICE, REFUND, LOST]
    probabilities = model.held_out.probabilities
    assert probabilities[:, leaves].sum(axis=1) == pytest.approx(1, abs=1e-6)
    assert probabilities[:, LABELS.index("Billing")] == pytest.approx(probabilities[:, [INVOICE, REFUND]].sum(axis=1))
    assert model.summary.top_label_calibration_error is not None
    assert model.parity.largest_difference == 0


def test_the_mode_changes_no_order_of_leaf_labels() -> None:
    single, multi = (
        trained(tickets(), RunConfig(label_mode=mode)) for mode in (LabelMode.SINGLE_LABEL, LabelMode.MULTI_LABEL)
    )
    assert multi.label_mode is LabelMode.MULTI_LABEL
    leaves = [INVOICE, REFUND, LOST]
    best = [model.held_out.probabilities[:, leaves].argmax(axis=1) for model in (single, multi)]
    assert np.array_equal(*best)


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
def test_the_temperature_undoes_a_scale(factor: float) -> None:
    random = np.random.default_rng(0)
    logits = random.normal(size=(20_000, 5)) * 2
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    right = (random.random((20_000, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    assert fit_temperature(logits / factor, right) == pytest.approx(factor, rel=0.05)


def test_no_document_leaves_the_temperature_alone() -> None:
    assert fit_temperature(np.zeros((0, 3)), np.zeros(0, np.int64)) == 1


def test_auto_takes_the_best_on_held_out_documents_and_says_why() -> None:
    model = trained(tickets(), RunConfig(algorithm=Algorithm.AUTO))
    assert model.selection is not None
    scores = {each.algorithm: each.score for each in model.selection.candidates}
    assert set(scores) == set(Algorithm) - {Algorithm.AUTO}
    assert scores[model.selection.algorithm] == max(scores.values()) == model.summary.accuracy
    assert model.selection.measure == "accuracy"
    assert trained(tickets(), RunConfig(algorithm=model.selection.algorithm)).selection is None


def test_auto_keeps_within_its_time_and_the_other_options() -> None:
    data, ticks = tickets(), iter(range(0, 1_000, 4))
    config = RunConfig(algorithm=Algorithm.AUTO, auto_seconds=16)
    corpus = count_features(data.texts, config, lambda fraction: None)
    tick, clock = (lambda fraction: None), (lambda: float(next(ticks)))
    chosen = choose(corpus, data, config, tick, single=False, threads=1, clock=clock)
    assert chosen.selection is not None
    assert chosen.selection.measure == "mean_average_precision"
    assert [each.algorithm for each in chosen.selection.candidates] == [
        Algorithm.LINEAR_SVM,
        Algorithm.MULTINOMIAL_NAIVE_BAYES,
    ]
    weighted = trained(data, RunConfig(algorithm=Algorithm.AUTO, class_weight=ClassWeight.BALANCED)).selection
    assert weighted is not None
    assert {each.algorithm for each in weighted.candidates} == {Algorithm.LINEAR_SVM, Algorithm.LOGISTIC_REGRESSION}
