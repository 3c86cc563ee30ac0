import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.engine import unicode14
from tests.engine.strategies import texts

_LATER = [chr(point) for first, last in unicode14.LATER for point in range(first, last + 1)]
_LETTERS = ["e", "\u0301", "\u0345", "Σ", "ﬁ", "1", "\u0334"]


def test_the_table_knows_every_version_of_unicode_up_to_that_of_this_interpreter() -> None:
    assert _number(unicodedata.unidata_version) <= _number(unicode14.LAST_KNOWN), "unicode14.LATER needs new ranges"


@given(st.lists(st.sampled_from([*_LATER, *_LETTERS])).map("".join))
def test_characters_assigned_later_stand_for_themselves_and_part_the_text(text: str) -> None:
    expected, run = "", ""
    for character in [*text, None]:
        if character is None or character in _LATER:
            expected += unicodedata.normalize("NFKC", run).casefold() + (character or "")
            run = ""
        else:
            run += character
    assert unicode14.fold(text) == unicode14.fold_apart(text) == expected


@given(texts)
def test_reading_around_characters_assigned_later_changes_no_other_text(text: str) -> None:
    assert unicode14.fold_apart(text) == unicode14.fold(text)


def test_no_character_of_unicode_14_lies_in_the_ranges() -> None:
    if unicodedata.unidata_version == unicode14.VERSION:
        assert {unicodedata.category(character) for character in _LATER} == {"Cn"}
    older = unicodedata.ucd_3_2_0
    assert {older.category(character) for character in _LATER} == {"Cn"}


def test_digits_assigned_later_are_no_digits() -> None:
    later = {character for character in _LATER if unicodedata.category(character) == "Nd"}
    assert not any(unicode14.DIGITS.search(character) for character in later)
    older = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Nd"]
    assert all(unicode14.DIGITS.fullmatch(character) for character in older if character not in later)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
