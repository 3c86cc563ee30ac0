"""The numpy features against the specification written down once more, naively, in plain Python."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold_server.engine import features
from pinfold_server.engine.spec import GRAM_FACTORS, JOIN_FACTORS, MASK, WORD_FACTORS
from pinfold_server.engine.text import encode, read_texts, word_characters
from tests.engine.strategies import batches


def naive_words(text: str) -> list[str]:
    table = word_characters()
    letters = (c if ord(c) < len(table) and table[ord(c)] else "\0" for c in read_texts([text]).texts[0])
    return [word for word in "".join(letters).split("\0") if word]


def naive_word_key(word: str) -> int:
    return sum((ord(c) + 1) * int(WORD_FACTORS[min(i, 47)]) & MASK for i, c in enumerate(word)) & MASK


def naive_joined_key(words: list[str]) -> int:
    total = sum(naive_word_key(word) * int(JOIN_FACTORS[i]) for i, word in enumerate(words))
    return (total & MASK) + len(words) - 1


def naive_gram_key(gram: str) -> int:
    return (sum((ord(c) + 1) * int(GRAM_FACTORS[i]) & MASK for i, c in enumerate(gram)) & MASK) + 3


def naive_grams(word: str, smallest: int, largest: int) -> list[str]:
    padded = f" {word} "
    grams = (padded[i : i + n] for n in range(smallest, largest + 1) for i in range(len(padded) - n + 1))
    return [gram for gram in grams if gram[1] != " "]  # two characters that begin with the last letter say nothing new


def naive_spanning_grams(words: list[str], smallest: int, largest: int) -> list[str]:
    line = f" {' '.join(words)} "
    return [line[i : i + n] for n in range(smallest, largest + 1) for i in range(len(line) - n + 1) if words]


@given(batches)
@settings(max_examples=60)
def test_words_are_found_with_their_keys_and_texts(batch: list[str]) -> None:
    words = features.find_words(encode(batch), word_characters())
    expected = [(naive_word_key(word), index) for index, text in enumerate(batch) for word in naive_words(text)]
    assert list(zip(words.keys.tolist(), words.texts.tolist(), strict=True)) == expected


@given(batches, st.sampled_from([2, 3]))
@settings(max_examples=60)
def test_word_ngrams_join_neighbours_of_one_text(batch: list[str], size: int) -> None:
    joined = features.word_ngrams(features.find_words(encode(batch), word_characters()), size)
    expected = [
        (naive_joined_key(words[i : i + size]), index)
        for index, words in enumerate(map(naive_words, batch))
        for i in range(len(words) - size + 1)
    ]
    assert list(zip(joined.keys.tolist(), joined.owners.tolist(), strict=True)) == expected


@given(batches, st.sampled_from([(3, 5), (2, 6), (2, 2), (4, 4), (6, 6)]))
@settings(max_examples=60)
def test_character_ngrams_stay_within_their_word(batch: list[str], sizes: tuple[int, int]) -> None:
    codes = encode(batch)
    words = features.find_words(codes, word_characters())
    grams = features.char_ngrams(codes, words, *sizes)
    every = [word for text in batch for word in naive_words(text)]
    expected = Counter(
        (naive_gram_key(gram), owner) for owner, word in enumerate(every) for gram in naive_grams(word, *sizes)
    )
    assert Counter(zip(grams.keys.tolist(), grams.owners.tolist(), strict=True)) == expected


@given(batches, st.sampled_from([(3, 5), (2, 6), (2, 2), (6, 6)]))
@settings(max_examples=60)
def test_character_ngrams_across_words_stay_within_their_text(batch: list[str], sizes: tuple[int, int]) -> None:
    codes = encode(batch)
    grams = features.spanning_ngrams(codes, features.find_words(codes, word_characters()), *sizes)
    expected = Counter(
        (naive_gram_key(gram), owner)
        for owner, text in enumerate(batch)
        for gram in naive_spanning_grams(naive_words(text), *sizes)
    )
    assert Counter(zip(grams.keys.tolist(), grams.owners.tolist(), strict=True)) == expected


@given(batches, st.sampled_from([2, 3]), st.sampled_from(["a", "b", "0"]))
@settings(max_examples=40)
def test_word_ngrams_of_usable_words_only(batch: list[str], size: int, left_out: str) -> None:
    found = features.find_words(encode(batch), word_characters())
    usable = found.keys != naive_word_key(left_out)
    joined = features.word_ngrams(found, size, usable)
    expected = [
        naive_joined_key(words[i : i + size])
        for words in map(naive_words, batch)
        for i in range(len(words) - size + 1)
        if left_out not in words[i : i + size]
    ]
    assert joined.keys.tolist() == expected


@pytest.mark.parametrize(("smallest", "largest"), [(3, 5), (2, 2)])
def test_texts_without_words_have_no_features(smallest: int, largest: int) -> None:
    codes = encode(["", " .,", "😀"])
    words = features.find_words(codes, word_characters())
    assert len(words.keys) == 0
    assert len(features.word_ngrams(words, 2).keys) == 0
    assert len(features.char_ngrams(codes, words, smallest, largest).keys) == 0
    assert len(features.spanning_ngrams(codes, words, smallest, largest).keys) == 0


def test_keys_of_different_kinds_never_meet() -> None:
    codes = encode(["one two three four"])
    words = features.find_words(codes, word_characters())
    kinds = [words.keys, *(features.word_ngrams(words, n).keys for n in (2, 3))]
    kinds.append(features.char_ngrams(codes, words, 2, 6).keys)
    assert [set(np.unique(keys & 3)) for keys in kinds] == [{0}, {1}, {2}, {3}]


def test_factors_of_the_specification_never_change() -> None:
    assert naive_word_key("refund") == NAIVE_REFUND
    assert features.find_words(encode(["Refund"]), word_characters()).keys.tolist() == [NAIVE_REFUND]


NAIVE_REFUND = 5709555431448
