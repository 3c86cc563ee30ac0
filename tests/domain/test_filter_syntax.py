import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold_server.domain.documents import filters as f
from pinfold_server.domain.documents.filter_syntax import FILTER_CHARS_MAX, parse
from pinfold_server.domain.documents.filters import Comparator
from pinfold_server.errors import AppError, Code

DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", f.Everything()),
        (" \n", f.Everything()),
        ("id = a", f.OneOf(f.WordField.ID, frozenset({"a"}))),
        ("id = 12-a", f.OneOf(f.WordField.ID, frozenset({"12-a"}))),
        ("source IN ('a', \"b\")", f.OneOf(f.WordField.SOURCE, frozenset({"a", "b"}))),
        ("retrieval_mode != shuffle", f.Not(f.OneOf(f.WordField.RETRIEVAL_MODE, frozenset({"SHUFFLE"})))),
        ("timestamp > 1970-01-02", f.TimeIs(f.TimeField.TIMESTAMP, Comparator.GREATER, DAY)),
        (
            'update_time <= "1970-01-01T01:00:00.0000019+01:00"',
            f.TimeIs(f.TimeField.UPDATE_TIME, Comparator.LESS_EQUAL, 1),
        ),
        ("metadata.score >= -1.5e1", f.MetadataIs("score", Comparator.GREATER_EQUAL, -15.0)),
        ('metadata.score = "7"', f.MetadataIs("score", Comparator.EQUAL, "7")),
        ('metadata."two words" = x', f.MetadataIs("two words", Comparator.EQUAL, "x")),
        ("metadata.team IN (a, 1)", f.MetadataOneOf("team", frozenset({"a", 1.0}))),
        ("metadata.team:*", f.MetadataExists("team")),
        ('text:"Late  REFUND!"', f.TextHas(("late", "refund"))),
        ("text:größe", f.TextHas(("grösse",))),
        ('text:"退款"', f.TextHas(("退", "款"))),
        ("reviewed = false", f.Not(f.Reviewed())),
        ("annotated != false", f.Annotated()),
        ("assigned:*", f.Assigned(None)),
        ('assigned:"A > B"', f.Assigned("A > B")),
        ("dismissed:A", f.Dismissed("A")),
        ("exception:*", f.Excepted(None)),
        ('exception:"No prediction"', f.Excepted("No prediction")),
        ("predicted:A", f.Predicted("A")),
        ('predicted:"A > B" >= .7', f.Predicted("A > B", Comparator.GREATER_EQUAL, 0.7)),
        ("NOT NOT assigned:*", f.Assigned(None)),
        ("NOT (id = a OR id = b) AND reviewed = true",
         f.And((f.Not(f.Or((f.OneOf(f.WordField.ID, frozenset("a")), f.OneOf(f.WordField.ID, frozenset("b"))))),
                f.Reviewed()))),
        (r'id = "a\"\\b"', f.OneOf(f.WordField.ID, frozenset({'a"\\b'}))),
    ],
)  # fmt: skip
def test_a_filter_is_read_as_it_is_meant(text: str, parsed: f.Filter) -> None:
    assert parse(text) == parsed


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("source", 7, "expected a comparison"),
        ("source =", 9, "expected a value, got the end"),
        ("sauce = a", 1, "there is no field 'sauce'"),
        ("id = a AND", 11, "expected a field"),
        ("id = a id = b", 8, "expected AND, OR or the end"),
        ("id = a AND id = b OR id = c", 19, "parentheses"),
        ("id = a and id = b", 8, "write AND in capitals"),
        ("(id = a", 8, "expected ')'"),
        ("id = a)", 7, "expected AND, OR or the end"),
        ("id IN ()", 8, "expected a value"),
        ("id < a", 1, "compared with = != IN"),
        ('id = "a', 6, "not closed"),
        ("id = §", 6, "quotation marks"),
        ("timestamp > yesterday", 13, "expected a time"),
        ("reviewed = 1", 12, "true or false"),
        ('text:"!?"', 6, "no word"),
        ("text:*", 1, "every document"),
        ("text = a", 1, "compared with :"),
        ("text:a > 1", 10, "no comparison"),
        ("assigned:'A > '", 10, "empty level"),
        ("exception = Timeout", 1, "is compared with :"),
        ("predicted:*", 1, "name a label"),
        ("predicted:A > 1.1", 15, "from 0 to 1"),
        ('predicted:A > "1"', 15, "without quotation marks"),
        ("predicted:A = 1", 15, "compared with <"),
        ("metadata. = 1", 1, "name of a property"),
        ("metadata.a:b", 1, "use ="),
        ("metadata.a > 1e999", 14, "expected a number"),
        ("retrieval_mode = luck", 18, "no retrieval mode"),
        ("(" * 34 + "id = a" + ")" * 34, 34, "deeper"),
        (" AND ".join(["id = a"] * 257), 2817, "at most 256"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: int, told: str) -> None:
    with pytest.raises(AppError) as raised:
        parse(text)
    assert (raised.value.code, raised.value.reason) == (Code.INVALID, "INVALID_FILTER")
    assert raised.value.violations[0].field == "filter"
    assert f"at character {place}: " in raised.value.message
    assert told in raised.value.message


def test_the_longest_filter_is_read_and_one_character_more_is_not() -> None:
    text = f'id = "{"x" * (FILTER_CHARS_MAX - 7)}"'
    parse(text)
    with pytest.raises(AppError, match="at most 16,384 characters"):
        parse(text + " ")


@given(st.text(max_size=40) | st.text("()\"' ANDORNOTINidtext:=<>!*,metadata.0123456789", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(AppError):
        assert list(f.leaves(parse(text)))
