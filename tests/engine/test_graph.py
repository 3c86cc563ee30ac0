"""The graph against the numpy implementation, bit by bit, on any text."""

import hashlib
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.engine.model import FeatureOptions
from pinfold_server.engine.session import Model
from pinfold_server.engine.text import encode
from tests.engine.models import CLOSURE, TEXTS, answers, file_of, random_model, score_one_by_one
from tests.engine.strategies import batches, texts

OPTIONS = [
    FeatureOptions(2, 3, 5),
    FeatureOptions(1, 2, 6),
    FeatureOptions(3, 2, 2),
    FeatureOptions(3, 0, 0),
    FeatureOptions(0, 3, 3),
    FeatureOptions(2, 2, 5, char_across=True),
    FeatureOptions(0, 6, 6, char_across=True),
]
SINGLE = random_model(FeatureOptions(2, 3, 5), 7, single=True)
MODELS = [
    *(random_model(options, seed) for seed, options in enumerate(OPTIONS)),
    SINGLE,
    replace(SINGLE, closure=np.zeros((0, 2), np.int64)),
]
FILES = [file_of(model) for model in MODELS]
SESSIONS = [onnxruntime.InferenceSession(blob, providers=["CPUExecutionProvider"]) for blob in FILES]
SERVED = Model.load(FILES[0], hashlib.sha256(FILES[0]).hexdigest())


@pytest.mark.parametrize("number", range(len(MODELS)))
@given(batch=batches)
@settings(max_examples=40)
def test_both_implementations_give_the_same_bits(number: int, batch: list[str]) -> None:
    codes = encode(batch)
    assert np.array_equal(answers(SESSIONS[number], codes), MODELS[number].probabilities(codes))


@pytest.mark.parametrize("number", range(len(MODELS)))
def test_the_same_bits_for_texts_of_very_different_length(number: int) -> None:
    long_words = "x" * 5_000 + " " + "refund " * 3
    codes = encode([*TEXTS, "", "refund is late " * 400, long_words, "strange words here " * 150, "a " * 3_000])
    assert np.array_equal(answers(SESSIONS[number], codes), MODELS[number].probabilities(codes))


@given(batches, st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_text_gets_the_same_bits_alone_in_any_batch_and_in_any_order(batch: list[str], seed: int) -> None:
    together = SERVED.score(batch).probabilities
    assert np.array_equal(together, score_one_by_one(SERVED, batch))
    order = np.random.default_rng(seed).permutation(len(batch))
    shuffled = SERVED.score([batch[index] for index in order]).probabilities
    assert np.array_equal(shuffled, together[order])


def test_a_text_gets_the_same_bits_beside_the_longest_text() -> None:
    short = list(TEXTS) * 12
    longest = "refund late strange " * 3_276
    mixed = SERVED.score([*short[:30], longest, *short[30:]]).probabilities
    assert np.array_equal(np.delete(mixed, 30, axis=0), np.tile(score_one_by_one(SERVED, TEXTS), (12, 1)))
    assert np.array_equal(mixed[30:31], SERVED.score([longest]).probabilities)


@given(batches)
@settings(max_examples=40)
def test_leaves_of_a_single_label_model_add_up_to_one_and_parents_to_their_leaves(batch: list[str]) -> None:
    probabilities = SINGLE.probabilities(encode(batch))
    leaves = [2, 4]
    assert probabilities[:, leaves].sum(axis=1) == pytest.approx(1, abs=1e-6)
    for parent, child in CLOSURE:
        assert (probabilities[:, parent] >= probabilities[:, child]).all()
    assert np.array_equal(probabilities[:, 0], probabilities[:, 2])  # the only leaf below it


@given(texts)
@settings(max_examples=60)
def test_a_parent_is_at_least_as_probable_as_every_descendant(text: str) -> None:
    (probabilities,) = SERVED.score([text]).probabilities
    assert all(probabilities[parent] >= probabilities[child] for parent, child in CLOSURE)


def test_random_models_use_the_whole_range_of_answers() -> None:
    codes = encode([*TEXTS, "unknown words only", ""])
    assert min(np.ptp(answers(session, codes)) for session in SESSIONS) > 0.5
