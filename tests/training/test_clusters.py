"""Groups of documents: what they find, and that they are the same every time."""

import numpy as np
from hypothesis import given

from pinfold_server.engine.features import find_words
from pinfold_server.engine.text import encode, read_codes, word_characters
from pinfold_server.training.scoring.clusters import form_groups, keywords
from pinfold_server.training.scoring.group_kernels import HASH_BITS, hash_words
from tests.engine.strategies import batches

TOPICS = ("parcel courier delivery late", "refund money invoice charged", "password login account locked")
TEXTS = [f"{topic} {place % 3} {word}" for place in range(40) for topic in TOPICS for word in topic.split()[:2]]


def test_texts_that_share_words_share_a_group() -> None:
    groups, affinities = form_groups(TEXTS).assign(TEXTS)
    for group in set(groups.tolist()):
        topics = {text.split()[0] for text, own in zip(TEXTS, groups, strict=True) if own == group}
        assert len(topics) == 1
    assert affinities.min() > 0.3
    assert affinities.max() <= 1


def test_keywords_tell_a_group_from_the_others() -> None:
    grouping = form_groups(TEXTS)
    groups, _ = grouping.assign(TEXTS)
    words = keywords(TEXTS, groups, grouping.count)
    for group in set(groups.tolist()):
        topic = next(text for text, own in zip(TEXTS, groups, strict=True) if own == group)
        assert set(words[group][:4]) <= set(topic.split())


def test_the_same_texts_give_the_same_groups() -> None:
    one, other = form_groups(TEXTS), form_groups(TEXTS)
    assert np.array_equal(one.centres, other.centres)


def test_texts_without_words_and_a_single_text_are_no_trouble() -> None:
    grouping = form_groups(["!!!"])
    assert keywords(["!!!"], grouping.assign(["!!!"])[0], grouping.count)[0] == []
    assert grouping.assign([])[0].tolist() == []
    assert len(form_groups(["same words"] * 30).assign(["same words", "other"])[0]) == 2


GROUPING = form_groups(TEXTS)
MIXER, HASH_SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(64 - HASH_BITS)


def hashed(texts: list[str]) -> list[list[int]]:
    codes = read_codes(texts).codes
    columns, ends = np.empty(len(codes), np.int32), np.empty(len(texts), np.int64)
    hash_words(codes, word_characters(), np.zeros(1 << HASH_BITS, np.int64), columns, ends)
    return [part.tolist() for part in np.split(columns[: ends[-1]], ends[:-1])]


@given(batches)
def test_words_are_hashed_by_the_keys_of_the_feature_specification(texts: list[str]) -> None:
    words = find_words(encode(texts), word_characters())
    expected: list[list[int]] = [[] for _ in texts]
    columns = (words.keys.astype(np.uint64) * MIXER) >> HASH_SHIFT
    for text, column in zip(words.texts.tolist(), columns.tolist(), strict=True):
        if column not in expected[text]:
            expected[text].append(column)
    assert hashed(texts) == expected


@given(batches)
def test_a_text_belongs_to_its_group_alone_and_in_any_batch(texts: list[str]) -> None:
    groups, affinities = GROUPING.assign(texts)
    alone = [GROUPING.assign([text]) for text in texts]
    assert groups.tolist() == [int(group[0]) for group, _ in alone]
    assert affinities.tobytes() == b"".join(affinity.tobytes() for _, affinity in alone)


@given(batches)
def test_the_nearest_group_is_that_with_the_largest_cosine(texts: list[str]) -> None:
    groups, affinities = GROUPING.assign(texts)
    for columns, group, affinity in zip(hashed(texts), groups, affinities, strict=True):
        weights = GROUPING.weights[columns].astype(np.float64)
        length = np.sqrt((weights**2).sum()) if columns else 1.0
        cosines = weights @ GROUPING.centres[columns].astype(np.float64) / length
        assert abs(float(affinity) - cosines.max()) < 1e-5
        assert cosines[group] > cosines.max() - 1e-5


def test_middles_of_groups_have_the_length_1() -> None:
    assert np.allclose(np.linalg.norm(GROUPING.centres, axis=0), 1, atol=1e-5)
