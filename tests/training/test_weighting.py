"""What a feature counts before anything is fitted, and the chi-square statistic that it follows."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2_contingency

from pinfold_server.domain.runs.configs import FeatureSelection, LabelMode, RunConfig
from pinfold_server.engine.features import find_words
from pinfold_server.engine.text import code_points, word_characters
from pinfold_server.training.fit.corpus import count_features
from pinfold_server.training.fit.selection import chi_square
from pinfold_server.training.fit.vocabulary import select
from pinfold_server.training.fit.weighting import rarity, relevance
from tests.training.tickets import tickets, trained

WORDS_ONLY = RunConfig(word_ngram_max=1, char_ngram_min=0, char_ngram_max=0, min_df=1)


@given(arrays(np.int64, (12, 4), elements=st.integers(0, 2)), arrays(np.bool_, (12, 3)))
def test_chi_square_is_the_largest_of_the_labels_that_a_feature_occurs_with(counts: np.ndarray, assigned: np.ndarray):
    expected = np.zeros(4)
    for feature in range(4):
        for label in range(3):
            table = np.histogram2d(counts[:, feature] > 0, assigned[:, label], bins=2, range=((0, 1), (0, 1)))[0]
            if table[1, 1] and table.sum(axis=0).all() and table.sum(axis=1).all():
                statistic = chi2_contingency(table, correction=False).statistic
                expected[feature] = max(expected[feature], statistic)
    assert chi_square(sp.csr_matrix(counts, dtype=float), assigned) == pytest.approx(expected)


def test_many_labels_are_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(1)
    counts = sp.csr_matrix((draw.random((60, 50)) < 0.1).astype(float))
    assigned = draw.random((60, 7)) < 0.3
    whole = chi_square(counts, assigned)
    monkeypatch.setattr("pinfold_server.training.fit.selection._CELLS", 7 * 3)
    assert chi_square(counts, assigned).tolist() == whole.tolist()


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=20))
def test_a_factor_is_at_least_1_and_rises_with_what_a_feature_tells(statistics: list[float]) -> None:
    factors = relevance(np.array(sorted(statistics)))
    assert factors[0] >= 1
    assert (np.diff(factors) >= 0).all()


def test_what_may_be_chance_counts_by_its_rarity_alone() -> None:
    assert relevance(np.array([0.0, 3.8, 3.84])).tolist() == [1, 1, 1]
    assert rarity(np.array([1, 9]), 9) == pytest.approx([np.log(5) + 1, 1])


def factors_of(single: bool) -> dict[str, float]:
    """Factor of each word of texts in which `refund` tells the label and the equally frequent `today` does not."""
    texts = ["refund today", "refund now", "refund", "refund today", "parcel today", "parcel now", "parcel today", "it"]
    corpus = count_features(texts, WORDS_ONLY, lambda _: None)
    chosen = select(corpus, None, WORDS_ONLY, np.arange(8)[:, None] < 4, single=single).words
    factors = dict(zip(corpus.words.keys[chosen.columns].tolist(), chosen.factors.tolist(), strict=True))
    words = ("refund", "today")
    keys = [int(find_words(code_points([word]), word_characters()).keys[0]) for word in words]
    return {word: factors[key] for word, key in zip(words, keys, strict=True)}


def test_telling_words_count_more_where_labels_are_decided_one_by_one() -> None:
    single, multi = factors_of(single=True), factors_of(single=False)
    idf = float(rarity(np.array([4]), 8)[0])
    assert single["refund"] == single["today"] == pytest.approx(idf**0.7)
    assert multi["today"] == pytest.approx(idf)
    assert multi["refund"] == pytest.approx(idf * (1 + 8 - 3.84) ** 0.3)


@pytest.mark.parametrize("selection", FeatureSelection)
def test_what_is_not_known_changes_no_factor_and_no_choice(selection: FeatureSelection) -> None:
    data = tickets()
    known = np.ones_like(data.assigned)
    known[::2, 4] = False
    lied = data.assigned.copy()
    lied[::2, 4] = ~lied[::2, 4]
    config = RunConfig(feature_selection=selection, max_features=150, label_mode=LabelMode.MULTI_LABEL)
    honest = trained(replace(data, known=known), config)
    assert trained(replace(data, known=known, assigned=lied), config).sha256 == honest.sha256
