"""Features that come and go together: found by their counts, merged without a change to scores or norms."""

import numpy as np
import pytest

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.training.fit.corpus import Corpus, count_features
from pinfold_server.training.fit.twins import merge
from pinfold_server.training.fit.vocabulary import Vocabulary, count_matrix, matrix, select
from tests.serving import ticket_rows

TEXTS = [*(str(row["text"]) for row in ticket_rows()), "kangaroo", "a kangaroo, no: two kangaroo", ""]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return count_features(TEXTS, RunConfig(), lambda _: None)


@pytest.fixture(scope="module")
def vocabulary(corpus: Corpus) -> Vocabulary:
    return select(corpus, None, RunConfig(), np.zeros((len(TEXTS), 1), np.bool_), single=False)


def test_twins_are_the_features_with_the_same_counts(corpus: Corpus, vocabulary: Vocabulary) -> None:
    merged = merge(corpus, vocabulary, None)
    assert merged.twins is not None
    columns = count_matrix(corpus, vocabulary, None).toarray().T
    assert len(np.unique(columns, axis=0)) == merged.features.shape[1] < vocabulary.size
    owners, first = np.unique(merged.twins.owners, return_index=True)
    assert np.array_equal(owners, np.arange(len(owners)))
    assert np.array_equal(first, np.sort(first))
    assert np.array_equal(columns, columns[first[merged.twins.owners]])


def test_a_merged_matrix_has_the_norms_and_products_of_the_whole(corpus: Corpus, vocabulary: Vocabulary) -> None:
    rows = np.arange(0, len(TEXTS), 2)
    merged, whole = merge(corpus, vocabulary, rows), matrix(corpus, vocabulary, rows)
    assert (merged.features @ merged.features.T).toarray() == pytest.approx((whole @ whole.T).toarray())


def test_spread_coefficients_score_as_the_merged_do(corpus: Corpus, vocabulary: Vocabulary) -> None:
    merged, whole = merge(corpus, vocabulary, None), matrix(corpus, vocabulary, None)
    assert merged.twins is not None
    coefficients = np.random.default_rng(0).normal(size=(merged.features.shape[1], 3)).astype(np.float32)
    assert whole @ merged.twins.spread(coefficients) == pytest.approx(merged.features @ coefficients, abs=1e-5)
