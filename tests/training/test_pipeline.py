import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from pinfold_server.domain.predictions.thresholds import FEWEST_POSITIVES
from pinfold_server.domain.runs.configs import (
    Algorithm,
    CharScope,
    ClassWeight,
    FeatureSelection,
    LabelMode,
    RunConfig,
    StopWordList,
)
from pinfold_server.domain.runs.splits import ValidationMode, fold_of
from pinfold_server.engine.session import Model
from pinfold_server.training.contract import (
    Means,
    Phase,
    RefusalReason,
    TrainedModel,
    TrainingCancelled,
    TrainingRefused,
    TrainingSet,
)
from pinfold_server.training.pipeline import train
from tests.training.tickets import LABELS, tickets, trained, training_set


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    return trained(tickets())


def test_the_file_answers_new_texts(model: TrainedModel) -> None:
    loaded = Model.load(model.onnx, model.sha256)
    (refund, card) = loaded.score(["money back for my order, please", "somebody has stolen my card"]).probabilities
    assert loaded.labels == LABELS
    leaves = [LABELS.index(name) for name in ("Billing > Invoice", "Billing > Refund", "Card > Lost")]
    assert leaves[int(refund[leaves].argmax())] == LABELS.index("Billing > Refund")
    assert leaves[int(card[leaves].argmax())] == LABELS.index("Card > Lost")


def test_small_data_are_held_out_fold_by_fold(model: TrainedModel) -> None:
    assert model.validation_mode is ValidationMode.K_FOLD
    assert sorted(model.held_out.rows.tolist()) == list(range(135))
    assert model.held_out.probabilities.shape == (135, len(LABELS))
    assert (model.train_size, model.test_size) == (135, 135)


def test_large_data_are_tested_on_the_test_fold() -> None:
    model = trained(tickets(copies=112))
    assert model.validation_mode is ValidationMode.HOLDOUT
    assert model.train_size + model.test_size == 5_040
    assert 0.15 < model.test_size / 5_040 < 0.25
    assert len(model.held_out.rows) == model.test_size
    assert sum(label.test_count for label in model.labels if " > " in label.name) == model.test_size


def test_easy_data_are_learned_and_reported_so(model: TrainedModel) -> None:
    assert model.summary.accuracy is not None
    assert model.summary.accuracy > 0.95
    assert model.summary.macro_f1 > 0.95
    for label in model.labels:
        assert label.thresholds is not None
        assert label.average_precision is not None
        assert label.average_precision > 0.9
        assert label.train_count == label.test_count > 0


def test_file_and_estimator_agree_in_every_bit(model: TrainedModel) -> None:
    assert model.parity.largest_difference == 0
    assert model.parity.texts > 135


def test_the_same_data_and_options_give_the_same_file(model: TrainedModel) -> None:
    again = trained(tickets())
    assert again.sha256 == model.sha256 == hashlib.sha256(again.onnx).hexdigest()
    assert again.labels == model.labels


def test_what_was_trained_before_and_the_number_of_threads_change_no_bit(model: TrainedModel) -> None:
    changed = tickets().assigned.copy()
    changed[:4] = changed[-4:]
    assert trained(replace(tickets(), assigned=changed)).sha256 != model.sha256
    again = train(
        tickets(), RunConfig(), report=lambda phase, fraction: None, should_stop=lambda: False, means=Means(threads=3)
    )
    assert again.sha256 == model.sha256


def test_other_options_give_another_file(model: TrainedModel) -> None:
    others = [
        RunConfig(word_ngram_max=1, char_ngram_min=0, char_ngram_max=0),
        RunConfig(word_ngram_min=2, word_ngram_max=3),
        RunConfig(word_ngram_min=0, word_ngram_max=0),
        RunConfig(algorithm=Algorithm.LOGISTIC_REGRESSION),
        RunConfig(max_features=100),
        RunConfig(regularization=0.01),
        RunConfig(algorithm=Algorithm.COMPLEMENT_NAIVE_BAYES),
        RunConfig(algorithm=Algorithm.MULTINOMIAL_NAIVE_BAYES),
        RunConfig(char_scope=CharScope.ACROSS_WORDS),
        RunConfig(max_features=100, feature_selection=FeatureSelection.CHI_SQUARE),
        RunConfig(stop_word_list=StopWordList.ENGLISH),
        RunConfig(fold_numbers=True),
        RunConfig(class_weight=ClassWeight.BALANCED),
        RunConfig(label_mode=LabelMode.MULTI_LABEL),
    ]
    digests = {trained(tickets(), config).sha256 for config in others}
    assert len(digests | {model.sha256}) == len(others) + 1


def test_no_more_features_than_asked_for() -> None:
    assert trained(tickets(), RunConfig(max_features=100)).feature_count == 100


def test_progress_rises_to_the_end_through_all_phases() -> None:
    seen: list[tuple[Phase, float]] = []
    train(tickets(), RunConfig(), report=lambda *progress: seen.append(progress), should_stop=lambda: False)
    fractions = [fraction for _, fraction in seen]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(phase for phase, _ in seen)) == [phase for phase in Phase if phase is not Phase.PUBLISH]


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.PUBLISH])
def test_cancelling_stops_in_every_phase(phase: Phase) -> None:
    reached: list[Phase] = []
    with pytest.raises(TrainingCancelled):
        train(
            tickets(),
            RunConfig(),
            report=lambda now, fraction: reached.append(now),
            should_stop=lambda: reached[-1:] == _before(phase),
        )
    assert phase not in reached


def test_documents_of_unknown_labels_are_left_out_of_those_labels() -> None:
    data = tickets()
    card = LABELS.index("Card > Lost")
    known = np.ones_like(data.assigned)
    known[::2, card] = False
    lied = data.assigned.copy()
    lied[::2, card] = ~lied[::2, card]
    honest = trained(replace(data, known=known))
    assert trained(replace(data, known=known, assigned=lied)).sha256 == honest.sha256
    assert honest.labels[card].train_count < data.assigned[:, card].sum()


def test_a_label_nobody_uses_is_kept_and_improbable() -> None:
    data = tickets()
    model = trained(
        training_set(
            list(data.texts),
            [tuple(np.array(LABELS)[row]) for row in data.assigned],
            (*LABELS, "Unused"),
        ),
        RunConfig(label_mode=LabelMode.MULTI_LABEL),
    )
    report = model.labels[-1]
    assert (report.name, report.average_precision, report.thresholds) == ("Unused", None, None)
    scores = Model.load(model.onnx, model.sha256).score(["refund", "anything"])
    assert scores.probabilities[:, -1] == pytest.approx(0.5 / (0.5 + 135.5), abs=1e-5)


def test_a_label_whose_documents_are_all_held_out_together_gets_no_threshold() -> None:
    data = tickets()
    first_fold = [row for row, name in enumerate(data.document_ids) if fold_of("tickets", name) == 0]
    rare = np.zeros((len(data.texts), 1), np.bool_)
    rare[first_fold[:FEWEST_POSITIVES]] = True
    model = trained(replace(data, label_names=(*LABELS, "Rare"), assigned=np.hstack((data.assigned, rare))))
    report = model.labels[-1]
    assert (report.test_count, report.thresholds) == (FEWEST_POSITIVES, None)
    assert all(label.thresholds is not None for label in model.labels[:-1])


def test_weights_of_documents_count() -> None:
    data = tickets()
    even = trained(replace(data, weights=np.ones(len(data.texts))))
    assert even.sha256 == trained(data).sha256
    assert trained(replace(data, weights=np.linspace(0.1, 2, len(data.texts)))).sha256 != even.sha256


def test_one_document_for_each_label_trains() -> None:
    data = training_set(
        ["refund my order", "I lost my card"], [("Billing > Refund", "Billing"), ("Card > Lost", "Card")]
    )
    model = trained(data)
    refund = LABELS.index("Billing > Refund")
    probabilities = Model.load(model.onnx, model.sha256).score(list(data.texts)).probabilities
    assert probabilities[0, refund] > probabilities[1, refund]
    assert all(label.thresholds is None for label in model.labels)


REFUSED: dict[str, tuple[Callable[[], TrainingSet], RefusalReason]] = {
    "no documents": (lambda: training_set([], []), RefusalReason.NO_ANNOTATIONS),
    "no labels": (lambda: training_set(["a text"], [()], ()), RefusalReason.NO_ANNOTATIONS),
    "nothing assigned": (lambda: training_set(["a text", "b"], [(), ()]), RefusalReason.NO_ANNOTATIONS),
    "one class": (lambda: training_set(["some text", "more text"], [("Card",)] * 2), RefusalReason.ONE_CLASS),
    "empty texts": (lambda: training_set(["", " \n"], [("Card",), ()]), RefusalReason.NO_FEATURES),
    "texts without words": (lambda: training_set(["...", "?!"], [("Card",), ()]), RefusalReason.NO_FEATURES),
}


@pytest.mark.parametrize("case", REFUSED)
def test_data_that_give_no_model_are_refused_with_the_reason(case: str) -> None:
    make, reason = REFUSED[case]
    with pytest.raises(TrainingRefused) as refusal:
        trained(make())
    assert refusal.value.reason is reason
    assert refusal.value.message


def test_options_out_of_rule_are_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="min_df"):
        trained(tickets(), RunConfig(min_df=0))


def test_hostile_texts_do_no_harm() -> None:
    data = tickets(copies=1)
    odd = ["\x00" * 50, "\ud800", "x" * 70_000, "e\u0301" * 500, "👩‍🚀 " * 30, "a " * 5_000]
    labels = [tuple(np.array(LABELS)[row]) for row in data.assigned]
    model = trained(training_set([*data.texts, *odd], [*labels, *[()] * len(odd)]))
    assert model.parity.largest_difference == 0


def _before(phase: Phase) -> list[Phase]:
    """The phase before, none before the first."""
    phases = list(Phase)
    place = phases.index(phase)
    return phases[max(place - 1, 0) : place]


def test_the_file_is_staged_once_before_it_is_given() -> None:
    staged: list[bytes] = []
    means = Means(stage=staged.append)
    made = train(tickets(), RunConfig(), report=lambda phase, fraction: None, should_stop=lambda: False, means=means)
    assert staged == [made.onnx]


def test_a_file_that_cannot_be_staged_makes_no_version() -> None:
    def stage(_file: bytes) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        train(
            tickets(),
            RunConfig(),
            report=lambda phase, fraction: None,
            should_stop=lambda: False,
            means=Means(stage=stage),
        )
