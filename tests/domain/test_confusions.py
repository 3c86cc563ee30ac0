"""What is taken for what: as scikit-learn counts it, and by hand where documents have several labels."""

import numpy as np
from hypothesis import given
from sklearn.metrics import confusion_matrix

from pinfold_server.domain.quality import confusions
from pinfold_server.domain.quality.confusions import Pair
from pinfold_server.domain.quality.held_out import HeldOut
from tests.domain.held_outs import ANY, made_up


def test_a_single_label_matrix_is_that_of_scikit_learn() -> None:
    held_out = made_up(5, 200, 6)
    truth = np.random.default_rng(5).integers(0, 5, 200)
    held_out.truth[:] = False
    held_out.truth[np.arange(200), truth] = True
    leaves = np.arange(5)
    matrix = confusions.single_label_confusions(held_out, leaves)
    expected = confusion_matrix(truth, held_out.probabilities[:, :5].argmax(axis=1), labels=leaves)
    assert np.array_equal(matrix[:5, :5], expected)
    assert not matrix[5].any()


def test_a_document_with_two_leaves_or_none_is_not_in_a_single_label_matrix() -> None:
    held_out = made_up(6, 4, 3)
    held_out.truth[:] = [[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1]]
    assert confusions.single_label_confusions(held_out, np.arange(3)).sum() == 2
    assert not confusions.single_label_confusions(held_out, np.zeros(0, np.int64)).any()


@given(ANY)
def test_predicted_instead_counts_documents_that_miss_one_label_and_get_another(held_out: HeldOut) -> None:
    predicted = held_out.probabilities >= np.float32(0.5)
    matrix = confusions.predicted_instead(held_out, predicted)
    for missed in range(len(matrix)):
        for got in range(len(matrix)):
            documents = [
                truth[missed] and not told[missed] and told[got] and known[got] and not truth[got]
                for truth, told, known in zip(held_out.truth, predicted, held_out.known, strict=True)
            ]
            assert matrix[missed, got] == sum(documents)
    together = confusions.cooccurrences(held_out)
    assert np.array_equal(together, together.T)
    assert np.array_equal(np.diag(together), held_out.truth.sum(axis=0))


def test_the_most_frequent_pairs_come_first() -> None:
    matrix = np.array([[0, 4, 1], [4, 9, 0], [0, 0, 2]])
    assert confusions.most_frequent(matrix, 3) == [Pair(1, 1, 9), Pair(0, 1, 4), Pair(1, 0, 4)]
