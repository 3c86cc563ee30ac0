import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.engine import sigmoid, softmax
from pinfold_server.engine.model import leaves_of

NO_CLOSURE = np.zeros((0, 2), np.int64)
SCORES = st.lists(st.floats(-40, 40), min_size=2, max_size=12)


def shares(scores: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    places = sigmoid.place(np.array([scores]))
    return softmax.probability(places, np.arange(len(scores)), NO_CLOSURE)[0]


@given(SCORES)
def test_it_is_the_softmax(scores: list[float]) -> None:
    exponentials = np.exp(np.array(scores) - max(scores))
    assert np.allclose(shares(scores), exponentials / exponentials.sum(), rtol=1e-5, atol=1e-11)


@given(SCORES)
def test_a_higher_score_is_never_less_probable(scores: list[float]) -> None:
    found = shares(scores)
    order = np.argsort(scores, kind="stable")
    assert (np.diff(found[order]) >= 0).all()
    assert (found > 0).all()


@given(SCORES, st.integers(0, 2**32 - 1))
def test_the_order_of_labels_changes_no_bit(scores: list[float], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(scores))
    assert np.array_equal(shares([scores[place] for place in order]), shares(scores)[order])


def test_the_sum_over_the_most_labels_is_exact() -> None:
    values, rises = softmax.table()
    assert values[0] == softmax.UNIT
    assert values.min() >= 1
    assert (rises <= 0).all()
    assert 1_024 * softmax.UNIT < 2**53


def test_leaves_have_nothing_below_them() -> None:
    leaves, above = leaves_of(5, np.array([(0, 1), (0, 2), (1, 2), (3, 4)]))
    assert leaves.tolist() == [2, 4]
    assert above.tolist() == [[0, 2], [1, 2], [3, 4]]
