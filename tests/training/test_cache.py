"""What trainings of one process keep for each other changes nothing but the time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.runs.configs import (
    Algorithm,
    CharScope,
    FeatureSelection,
    LabelMode,
    RunConfig,
    StopWordList,
)
from pinfold_server.training.cache import Cache, digest_of, digest_of_texts
from pinfold_server.training.contract import Means, TrainedModel, TrainingSet
from pinfold_server.training.fit import corpus as corpus_module
from pinfold_server.training.fit.corpus import Corpus, count_features
from pinfold_server.training.pipeline import train
from tests.training.tickets import tickets

CONFIGS = {
    "usual": RunConfig(),
    "single label": RunConfig(label_mode=LabelMode.SINGLE_LABEL),
    "chi-square": RunConfig(feature_selection=FeatureSelection.CHI_SQUARE, max_features=120),
    "logistic regression": RunConfig(algorithm=Algorithm.LOGISTIC_REGRESSION),
    "naive Bayes": RunConfig(algorithm=Algorithm.COMPLEMENT_NAIVE_BAYES),
    "the best of all": RunConfig(algorithm=Algorithm.AUTO),
    "across words": RunConfig(char_scope=CharScope.ACROSS_WORDS, stop_word_list=StopWordList.ENGLISH),
    "no single words": RunConfig(word_ngram_min=2),
}
ENOUGH, TOO_LITTLE = 64 << 20, 50_000


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def trained(data: TrainingSet, config: RunConfig, cache: Cache) -> TrainedModel:
    means = Means(cache=cache)
    return train(data, config, report=lambda phase, fraction: None, should_stop=lambda: False, means=means)


def reannotated(data: TrainingSet) -> TrainingSet:
    """Every ninth document has the labels of the one before."""
    assigned = data.assigned.copy()
    assigned[1::9] = data.assigned[:-1][::9]
    return replace(data, assigned=assigned)


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_a_retraining_gives_the_same_version_whatever_was_trained_before(config: RunConfig) -> None:
    before, after = tickets(), reannotated(tickets())
    alone = trained(after, config, Cache(0))
    full, small = Cache(ENOUGH), Cache(TOO_LITTLE)
    for cache in (full, small):
        trained(before, replace(config, min_df=3), cache)
        trained(before, config, cache)
        again = trained(after, config, cache)
        assert again.sha256 == alone.sha256
        assert (again.labels, again.summary, again.keywords) == (alone.labels, alone.summary, alone.keywords)
    assert small.size <= TOO_LITTLE < full.size


def test_texts_are_counted_once_as_long_as_they_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    really = corpus_module._Tally.corpus

    def spy(self: object, texts: int, digest: bytes, cache: Cache) -> Corpus:
        counted.append(texts)
        return really(self, texts, digest, cache)  # type: ignore[arg-type]

    monkeypatch.setattr(corpus_module._Tally, "corpus", spy)
    cache, data = Cache(ENOUGH), tickets()
    trained(data, RunConfig(), cache)
    trained(reannotated(data), RunConfig(regularization=2.0), cache)
    assert counted == [135]
    trained(replace(data, texts=("another text", *data.texts[1:])), RunConfig(), cache)
    trained(data, RunConfig(char_ngram_max=4), cache)
    assert counted == [135, 135, 135]


def test_what_is_kept_cannot_be_written_to() -> None:
    counted = count_features(("one text", "two texts"), RunConfig(), lambda _: None, Cache(ENOUGH))
    with pytest.raises(ValueError, match="read-only"):
        counted.words.counts.data[0] = 2
    with pytest.raises(ValueError, match="read-only"):
        counted.grams.keys[0] = 2


def test_the_value_that_was_used_longest_ago_goes_first() -> None:
    cache = Cache(2_000)
    made: list[bytes] = []

    def ask(key: bytes) -> None:
        def make() -> tuple[np.ndarray, ...]:
            made.append(key)
            return (np.zeros(100),)

        cache.get(key, make)

    for key in (b"a", b"b", b"a", b"c", b"a", b"b"):
        ask(key)
    assert made == [b"a", b"b", b"c", b"b"]
    assert cache.size == 1_600


def test_a_value_that_is_larger_than_the_cache_is_given_and_not_kept() -> None:
    cache = Cache(2_000)
    small, large = cache.get(b"small", lambda: np.zeros(100)), cache.get(b"large", lambda: np.zeros(1_000))
    assert (len(small), len(large), cache.size) == (100, 1_000, 800)
    assert cache.get(b"small", lambda: np.ones(1)) is small


def test_what_nobody_asks_for_is_given_back() -> None:
    clock = Clock()
    cache = Cache(ENOUGH, clock)
    old, fresh = cache.get(b"old", lambda: np.zeros(100)), cache.get(b"fresh", lambda: np.zeros(50))
    clock.now = 599.0
    assert cache.get(b"fresh", lambda: np.ones(1)) is fresh
    clock.now = 601.0
    cache.drop_unused(600.0)
    assert cache.size == 400
    assert cache.get(b"old", lambda: np.zeros(100)) is not old


@given(st.lists(st.text(st.characters()), max_size=4), st.lists(st.text(st.characters()), max_size=4))
def test_other_texts_have_another_digest(some: list[str], others: list[str]) -> None:
    assert (digest_of_texts(some) == digest_of_texts(others)) == (some == others)


def test_texts_that_read_the_same_together_have_digests_of_their_own() -> None:
    digests = {digest_of_texts(texts) for texts in (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["\ud800"], [])}
    assert len(digests) == 6


def test_parts_of_other_types_and_shapes_have_another_digest() -> None:
    numbers = np.arange(6)
    parts = [numbers, numbers.reshape(2, 3), numbers.astype(np.int32), numbers[::-1], None, "None", b"None", 0, "0"]
    assert len({digest_of(part) for part in parts}) == len(parts)
    assert digest_of(numbers, None) != digest_of(None, numbers)
    assert digest_of("a", "b") != digest_of("ab")
