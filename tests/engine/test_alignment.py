import pytest
from hypothesis import given

from pinfold_server.engine.alignment import align
from pinfold_server.engine.spec import MAX_CODE_POINTS
from pinfold_server.engine.text import Folding, read_texts
from tests.engine.quadratic import quadratic_seconds, timed
from tests.engine.strategies import texts


def sources(text: str, *foldings: Folding) -> list[tuple[str, str]]:
    """What is read, letter by letter, with the part of the original that each comes from."""
    found = align(text, foldings)
    spans = zip(found.read, found.starts.tolist(), found.ends.tolist(), strict=True)
    return [(letter, text[start:end]) for letter, start, end in spans]


@given(texts)
def test_what_is_read_is_what_models_read_and_comes_from_the_text_in_order(text: str) -> None:
    for foldings in ((), tuple(Folding)):
        found = align(text, foldings)
        assert [found.read] == read_texts([text], foldings).texts
        assert len(found.starts) == len(found.ends) == len(found.read)
        assert (found.starts < found.ends).all()
        assert (found.ends <= len(text)).all()
        for places in (found.starts, found.ends):
            assert (places[1:] >= places[:-1]).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aB", [("a", "a"), ("b", "B")]),
        ("ﬁn", [("f", "ﬁ"), ("i", "ﬁ"), ("n", "n")]),
        ("ße\u0301!", [("s", "ß"), ("s", "ß"), ("é", "e\u0301"), ("!", "!")]),
        ("x\u1112\u1161\u11abx", [("x", "x"), ("한", "\u1112\u1161\u11ab"), ("x", "x")]),
        ("a\x00b", [("a", "a"), (" ", "\x00"), ("b", "b")]),
        ("", []),
    ],
)
def test_every_letter_knows_where_it_comes_from(text: str, expected: list[tuple[str, str]]) -> None:
    assert sources(text) == expected


def test_a_folded_address_or_number_comes_from_all_that_it_replaces() -> None:
    text = "№12 at HTTPS://ex.org/1 ok"
    spans = sources(text, *Folding)
    assert "".join(letter for letter, _ in spans) == "no0 at _url_ ok"
    assert [origin for letter, origin in spans if letter == "0"] == ["12"]
    assert {origin for letter, origin in spans if letter in "_url"} == {"HTTPS://ex.org/1"}


def test_a_text_beyond_the_limit_says_so_as_reading_it_does() -> None:
    for text in ("a" * MAX_CODE_POINTS, "a" * (MAX_CODE_POINTS + 1), "\ufdfa" * 10_000):
        found = align(text)
        assert found.truncated == bool(read_texts([text]).truncated)
        assert found.read == read_texts([text]).texts[0]


def test_heaps_of_marks_take_no_quadratic_time() -> None:
    text = "a" + "\u0315\u0300" * (MAX_CODE_POINTS // 2)
    taken, (found, read) = timed(lambda: (align(text).read, read_texts([text]).texts[0]))
    assert found == read
    assert taken < quadratic_seconds(text)
