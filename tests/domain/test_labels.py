import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.labels.labels import SEPARATOR, check_path, levels, missing_levels, tree_order
from pinfold_server.errors import AppError, Code

PARTS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=">"), min_size=1, max_size=12)
PATHS = st.lists(PARTS, min_size=1, max_size=4).map(SEPARATOR.join)


@pytest.mark.parametrize(
    "path",
    [
        "Billing",
        "Billing > Refund",
        "a" * 64,
        SEPARATOR.join("abcdefghijklmnop"),
        "日本語 > 返品",
        "Two words > And three more",
        SEPARATOR.join("x" * 57 for _ in range(8)),
    ],
)
def test_a_path_within_the_rules_is_taken(path: str) -> None:
    assert check_path(path, "name") == path


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("", "empty level"),
        ("A > ", "empty level"),
        (" > A", "empty level"),
        ("A >  > B", "empty level"),
        (" A", "white space"),
        ("A ", "white space"),
        ("A\u00a0", "white space"),
        ("A>B", "must not hold '>'"),
        ("A >B", "must not hold '>'"),
        ("A> B", "must not hold '>'"),
        ("a" * 65, "64 characters"),
        ("A > " + "b" * 65, "64 characters"),
        ("A\tB", "control"),
        ("A\x00B", "control"),
        ("A\u2028B", "control"),
        (SEPARATOR.join("abcdefghijklmnopq"), "16 levels"),
        (SEPARATOR.join("é" * 40 for _ in range(6)), "480 bytes"),
        ("a" * 100_000, "480 bytes"),
    ],
)
def test_a_path_out_of_rule_is_refused_with_its_field(path: str, complaint: str) -> None:
    with pytest.raises(AppError) as raised:
        check_path(path, "labels[3].name")
    error = raised.value
    assert (error.code, error.reason, error.violations[0].field) == (Code.INVALID, "INVALID_LABEL", "labels[3].name")
    assert complaint in error.message


def test_two_spellings_that_look_the_same_are_one_label() -> None:
    decomposed = unicodedata.normalize("NFD", "Réclamation > Été")
    assert decomposed != "Réclamation > Été"
    assert check_path(decomposed, "name") == "Réclamation > Été"


@given(PATHS)
def test_a_checked_path_is_stable(path: str) -> None:
    assert check_path(check_path(path, "name"), "name") == unicodedata.normalize("NFC", path)


@given(PATHS)
def test_levels_grow_from_the_root_to_the_path(path: str) -> None:
    found = levels(path)
    assert found[-1] == path
    assert SEPARATOR not in found[0]
    for above, below in itertools.pairwise(found):
        assert below.startswith(above + SEPARATOR)


@given(st.lists(PATHS, max_size=10), st.data())
def test_missing_levels_come_once_and_parents_first(paths: list[str], data: st.DataObject) -> None:
    every = sorted({level for path in paths for level in levels(path)})
    known = data.draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    missing = missing_levels(paths, known)
    assert sorted(missing + known) == every
    for place, path in enumerate(missing):
        assert all(level in known or level in missing[:place] for level in levels(path)[:-1])


def test_children_follow_their_parent_whatever_sorts_between_in_bytes() -> None:
    paths = ["A > Z", "A", "A !", "A > B", "B", "A!"]
    assert sorted(paths, key=tree_order) == ["A", "A > B", "A > Z", "A !", "A!", "B"]
