import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pinfold_server.engine import features
from pinfold_server.engine.tables import KeyTable
from pinfold_server.engine.text import encode, word_characters


def keys_of(count: int, seed: int) -> NDArray[np.int64]:
    """Distinct random keys in random order."""
    random = np.random.default_rng(seed)
    return random.permutation(np.unique(random.integers(0, 2**44, count, np.int64)))


@given(st.integers(0, 400), st.integers(0, 2**32 - 1))
@settings(max_examples=60)
def test_each_key_has_its_row_and_no_other_key_has_any(count: int, seed: int) -> None:
    keys = keys_of(count, seed)
    table = KeyTable.build(keys)
    assert np.array_equal(table.find(keys), np.arange(1, len(keys) + 1))
    others = np.setdiff1d(keys_of(400, seed + 1), keys)
    assert not table.find(others).any()


def test_no_feature_of_very_similar_words_is_lost() -> None:
    codes = encode([" ".join(f"a{number} {number}a {number}" for number in range(20_000))])
    words = features.find_words(codes, word_characters())
    grams = features.char_ngrams(codes, words, 2, 6)
    keys = np.unique(np.concatenate((words.keys, features.word_ngrams(words, 2).keys, grams.keys)))
    table = KeyTable.build(keys)
    assert np.array_equal(table.find(keys), np.arange(1, len(keys) + 1))
    assert len(table.slots) <= 2 * len(keys) + 1


def test_the_same_key_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="not distinct"):
        KeyTable.build(np.array([8, 8], np.int64))
