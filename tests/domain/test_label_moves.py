import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pinfold_server.domain.labels.annotations import Marks, closed, without_ancestors
from pinfold_server.domain.labels.label_moves import deletion, moved_marks, parent_of, renaming
from pinfold_server.domain.labels.labels import SEPARATOR, levels

PATHS = st.lists(st.sampled_from("AB"), min_size=1, max_size=3).map(SEPARATOR.join)
TREES = st.sets(PATHS, min_size=1).map(lambda paths: sorted({level for path in paths for level in levels(path)}))
NAMES = {1: "A", 2: "A > B", 3: "A > B > C", 4: "D", 5: "D > B"}


def test_a_rename_takes_the_labels_below_along() -> None:
    moves = renaming(NAMES, "A > B", "X > Y")
    assert (moves.renamed, moves.merged, moves.created) == ({2: "X > Y", 3: "X > Y > C"}, {}, ("X",))


def test_a_rename_onto_a_label_makes_one_of_the_two() -> None:
    moves = renaming(NAMES, "A", "D")
    assert (moves.renamed, moves.merged, moves.created) == ({3: "D > B > C"}, {1: 4, 2: 5}, ())


def test_a_label_goes_into_the_one_above_it() -> None:
    moves = renaming({**NAMES, 6: "A > B > B"}, "A > B", "A")
    assert (moves.renamed, moves.merged) == ({3: "A > C", 6: "A > B"}, {2: 1})


def test_a_deletion_takes_the_labels_below_along() -> None:
    assert deletion(NAMES, "A > B", None).merged == {2: None, 3: None}
    assert deletion(NAMES, "A > B", 4).merged == {2: 4, 3: 4}


@given(TREES, PATHS, st.data())
def test_after_any_rename_the_labels_are_a_tree(paths: list[str], new: str, data: st.DataObject) -> None:
    names = dict(enumerate(paths, 1))
    old = data.draw(st.sampled_from(paths))
    assume(old != new and not new.startswith(old + SEPARATOR))
    moves = renaming(names, old, new)
    left = {number: name for number, name in names.items() if number not in moves.merged} | dict(moves.renamed)
    after = [*left.values(), *moves.created]
    assert len(set(after)) == len(after)
    assert {level for path in after for level in levels(path)} == set(after)
    assert new in after
    assert all(target in left for target in moves.merged.values())
    assert not any(path == old or path.startswith(old + SEPARATOR) for path in after if path not in (*paths, new)) or (
        old.startswith(new)
    )


@given(TREES, PATHS, st.data())
def test_a_moved_annotation_does_not_contradict_itself(paths: list[str], new: str, data: st.DataObject) -> None:
    names = dict(enumerate(paths, 1))
    old = data.draw(st.sampled_from(paths))
    assume(old != new and not new.startswith(old + SEPARATOR))
    marks = Marks(
        frozenset(data.draw(st.sets(st.sampled_from(list(names))))),
        frozenset(data.draw(st.sets(st.sampled_from(list(names))))),
    )
    moves = renaming(names, old, new)
    left = {number: name for number, name in names.items() if number not in moves.merged} | dict(moves.renamed)
    numbers = {name: number for number, name in left.items()}

    def levels_of(number: int) -> list[int]:
        return [numbers[level] for level in levels(left[number]) if level in numbers]

    after = moved_marks(marks, moves.merged, levels_of)
    assert not closed(after.assigned, levels_of) & after.dismissed
    assert without_ancestors(after.assigned, levels_of) == after.assigned
    wanted = {moves.merged.get(number, number) for number in marks.assigned}
    assert closed(after.assigned, levels_of) == closed([one for one in wanted if one], levels_of)


@pytest.mark.parametrize(("path", "parent"), [("A", ""), ("A > B", "A"), ("A > B > C", "A > B")])
def test_the_parent_of_a_path(path: str, parent: str) -> None:
    assert parent_of(path) == parent
