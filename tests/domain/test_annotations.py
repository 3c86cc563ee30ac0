import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.labels.annotations import LabelConflict, Marks, MarksChange, closed, merge, without_ancestors

# A tree: 1 is the root of 2 and 3, 2 of 4; 5 stands alone.
LEVELS = {1: (1,), 2: (1, 2), 3: (1, 3), 4: (1, 2, 4), 5: (5,)}
LABELS = st.frozensets(st.sampled_from(sorted(LEVELS)))
CHANGES = st.builds(MarksChange, st.none() | LABELS, st.none() | LABELS, st.none() | st.booleans())


def levels_of(number: int) -> tuple[int, ...]:
    return LEVELS[number]


def merged(before: Marks, change: MarksChange) -> Marks | None:
    try:
        return merge(before, change, levels_of)
    except LabelConflict:
        return None


@given(st.lists(CHANGES, max_size=8))
def test_no_sequence_of_changes_makes_an_annotation_that_contradicts_itself(changes: list[MarksChange]) -> None:
    marks = Marks()
    for change in changes:
        marks = merged(marks, change) or marks
        assert not closed(marks.assigned, levels_of) & marks.dismissed
        assert without_ancestors(marks.assigned, levels_of) == marks.assigned


@given(st.lists(CHANGES, max_size=4), CHANGES)
def test_the_same_change_twice_changes_nothing(changes: list[MarksChange], last: MarksChange) -> None:
    marks = Marks()
    for change in (*changes, last):
        marks = merged(marks, change) or marks
    assert (merged(marks, last) or marks) == marks


@given(LABELS, LABELS)
def test_both_at_once_is_a_conflict_exactly_when_they_overlap(
    assigned: frozenset[int], dismissed: frozenset[int]
) -> None:
    overlap = closed(assigned, levels_of) & dismissed
    assert (merged(Marks(), MarksChange(assigned, dismissed)) is None) == bool(overlap)


def test_what_is_not_told_stays() -> None:
    before = Marks(frozenset({3}), frozenset({5}), True)
    assert merge(before, MarksChange(), levels_of) == before


def test_an_empty_set_clears() -> None:
    before = Marks(frozenset({3}), frozenset({5}), True)
    assert merge(before, MarksChange(assigned=frozenset()), levels_of) == Marks(frozenset(), frozenset({5}), True)


def test_assigning_takes_back_a_dismissal_of_a_level_above() -> None:
    before = Marks(dismissed=frozenset({1, 5}))
    assert merge(before, MarksChange(assigned=frozenset({4})), levels_of) == Marks(frozenset({4}), frozenset({5}))


def test_dismissing_takes_back_what_was_assigned_below() -> None:
    before = Marks(frozenset({4, 3}))
    assert merge(before, MarksChange(dismissed=frozenset({2})), levels_of) == Marks(frozenset({3}), frozenset({2}))


def test_a_label_and_its_parent_are_stored_as_the_label() -> None:
    assert merge(Marks(), MarksChange(frozenset({1, 2, 4})), levels_of).assigned == {4}


def test_the_conflict_names_the_label() -> None:
    with pytest.raises(LabelConflict) as raised:
        merge(Marks(), MarksChange(frozenset({4}), frozenset({2, 5})), levels_of)
    assert raised.value.number == 2
