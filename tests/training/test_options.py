"""What options do to a model, seen through its file."""

import json
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import scipy.sparse as sp

from pinfold_server.domain.runs.configs import (
    Algorithm,
    CharScope,
    ClassWeight,
    FeatureSelection,
    RunConfig,
    StopWordList,
)
from pinfold_server.engine.session import Model
from pinfold_server.training.contract import TrainedModel
from pinfold_server.training.fit.selection import chi_square
from tests.training.tickets import tickets, trained

NAIVE_BAYES = (Algorithm.COMPLEMENT_NAIVE_BAYES, Algorithm.MULTINOMIAL_NAIVE_BAYES)


def answers(model: TrainedModel, *texts: str) -> list[list[float]]:
    scores: list[list[float]] = Model.load(model.onnx, model.sha256).score(texts).probabilities.tolist()
    return scores


@pytest.mark.parametrize("algorithm", Algorithm)
def test_every_algorithm_learns_easy_data_and_says_what_is_so(algorithm: Algorithm) -> None:
    model = trained(tickets(), RunConfig(algorithm=algorithm))
    assert model.summary.accuracy is not None
    assert model.summary.accuracy > 0.9
    assert model.summary.calibration_error < 0.05
    assert model.parity.largest_difference == 0


@pytest.mark.parametrize("char_max", [5, 0])
def test_stop_words_are_as_if_they_were_not_there(char_max: int) -> None:
    config = RunConfig(stop_words=("Please", "today"), char_ngram_min=3 if char_max else 0, char_ngram_max=char_max)
    model = trained(tickets(), config)
    bare, stopped, split = answers(model, "refund", "please refund TODAY", "lost please my")
    assert bare == stopped
    assert split != answers(model, "lost my")[0]  # neighbours are not joined over a stop word
    assert answers(model, "please") == answers(model, "?")


def test_the_built_in_list_holds_function_words() -> None:
    model = trained(tickets(), RunConfig(stop_word_list=StopWordList.ENGLISH))
    assert answers(model, "the invoice") == answers(model, "invoice")


def test_folded_numbers_and_addresses_are_one_word_each_and_the_file_says_so() -> None:
    model = trained(tickets(), RunConfig(fold_numbers=True, fold_urls=True))
    metadata = onnxruntime.InferenceSession(model.onnx).get_modelmeta().custom_metadata_map
    assert json.loads(metadata["pinfold.normalization"]) == ["fold_urls", "fold_numbers"]
    one, two = answers(model, "refund 7 http://a.example/1", "refund 123456 www.b.example")
    assert one == two


def test_ngrams_across_words_see_the_order_of_words() -> None:
    words, across = (
        trained(tickets(), RunConfig(word_ngram_min=0, word_ngram_max=0, char_scope=scope)) for scope in CharScope
    )
    same, other = answers(words, "my card", "card my")
    assert same == other
    same, other = answers(across, "my card", "card my")
    assert same != other


def test_chi_square_keeps_what_tells_labels_apart() -> None:
    counts = sp.csr_matrix(np.array([[1, 3, 0], [2, 1, 0], [1, 0, 1], [1, 0, 0]], float))
    assigned = np.array([[True, False], [True, False], [False, True], [False, False]])
    assert chi_square(counts, assigned) == pytest.approx([0, 4, 4])


def test_chi_square_and_frequency_choose_differently() -> None:
    models = [trained(tickets(), RunConfig(max_features=100, feature_selection=chosen)) for chosen in FeatureSelection]
    by_frequency, by_chi_square = (model.summary.mean_average_precision for model in models)
    assert by_frequency is not None
    assert by_chi_square is not None
    assert by_chi_square >= by_frequency
    assert all(model.feature_count == 100 for model in models)


def test_balanced_weights_reach_the_solver_and_probabilities_stay_calibrated() -> None:
    plain, balanced = (trained(tickets(), RunConfig(class_weight=weight)) for weight in ClassWeight)
    assert plain.sha256 != balanced.sha256
    assert balanced.summary.calibration_error < 0.05


@pytest.mark.parametrize("algorithm", NAIVE_BAYES)
def test_naive_bayes_leaves_unknown_pairs_out(algorithm: Algorithm) -> None:
    data = tickets()
    known = np.ones_like(data.assigned)
    known[::2, 4] = False
    lied = data.assigned.copy()
    lied[::2, 4] = ~lied[::2, 4]
    config = RunConfig(algorithm=algorithm)
    honest = trained(replace(data, known=known), config)
    assert trained(replace(data, known=known, assigned=lied), config).sha256 == honest.sha256
