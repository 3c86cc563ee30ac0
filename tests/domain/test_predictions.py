import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pinfold_server.domain.predictions import predictions
from pinfold_server.domain.predictions.predictions import Pick, Selection, everything

PROBABILITIES = np.array([[0.9, 0.2, 0.9, 0.5], [0.1, 0.1, 0.1, 0.1]], np.float32)


def select(probabilities, selection: Selection) -> list[list[Pick]]:
    return list(predictions.select(probabilities, selection).by_text())


def thresholds(*values: float):
    return np.array(values, np.float32)


def test_labels_come_by_falling_probability_and_of_equals_in_the_version_s_order():
    picks = select(PROBABILITIES, Selection(everything(4)))

    assert [column for column, _ in picks[0]] == [0, 2, 3, 1]
    assert [column for column, _ in picks[1]] == [0, 1, 2, 3]


def test_a_probability_equal_to_its_threshold_is_answered():
    picks = select(PROBABILITIES, Selection(thresholds(0.9, 0.2, 0.91, 0.6)))

    assert [column for column, _ in picks[0]] == [0, 1]


def test_a_decimal_threshold_meets_the_probability_that_prints_the_same():
    picks = select(np.array([[0.7]], np.float32), Selection(thresholds(0.7)))

    assert picks == [[(0, float(np.float32(0.7)))]]


def test_top_k_keeps_the_most_probable():
    picks = select(PROBABILITIES, Selection(everything(4), top_k=2))

    assert [column for column, _ in picks[0]] == [0, 2]


def test_only_the_labels_asked_for_are_answered():
    picks = select(PROBABILITIES, Selection(everything(4), columns=(1, 3), top_k=1))

    assert [column for column, _ in picks[0]] == [3]


def test_no_text_gives_no_answer():
    assert select(np.zeros((0, 4), np.float32), Selection(everything(4))) == []


@given(
    arrays(np.float32, (5, 3), elements=st.floats(0, 1, width=32)),
    arrays(np.float32, 3, elements=st.floats(0, 1, width=32)),
    st.integers(0, 3),
)
def test_selection_agrees_with_the_plain_definition(probabilities, cuts, top_k):
    picks = select(probabilities, Selection(cuts, top_k=top_k))

    for row, found in zip(probabilities.tolist(), picks, strict=True):
        passing = [(column, p) for column, p in enumerate(row) if p >= float(cuts[column])]
        expected = sorted(passing, key=lambda pick: (-pick[1], pick[0]))[: top_k or None]
        assert found == expected
