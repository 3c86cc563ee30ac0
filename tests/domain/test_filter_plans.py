import math

import pytest

from pinfold_server.domain.documents import filter_plans as p
from pinfold_server.domain.documents.filter_syntax import parse

DAY = 86_400_000_000


def cost(access: p.Access) -> float:
    """A store of a million documents, a thousand of them annotated."""
    match access:
        case p.Everyone():
            return 1_000_000
        case p.OfAnnotations():
            return 1_000
        case p.OfLabel(label):
            return {"A": 500, "B": 900_000}[label]
        case p.OfIds(ids):
            return len(ids)
        case p.OfWords(words):
            return math.inf if "the" in words and len(words) == 1 else 2_000
        case p.OfTime(first, last):
            return (last - first) / DAY
        case p.AnyOf():
            raise AssertionError


def words(*wanted: str) -> p.OfWords:
    return p.OfWords(frozenset(wanted))


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("", p.Everyone()),
        ("metadata.x = 1", p.Everyone()),
        ("NOT text:refund", p.Everyone()),
        ("text:the", p.Everyone()),
        ("text:the AND text:late", words("the", "late")),
        ('text:"late refund"', words("late", "refund")),
        ("text:late AND reviewed = true", p.OfAnnotations()),
        ("assigned:A AND reviewed = true", p.OfLabel("A")),
        ("assigned:B", p.OfAnnotations()),
        ("assigned:B AND id IN (a, b)", p.OfIds(frozenset("ab"))),
        ("annotator = x", p.OfAnnotations()),
        ("text:late OR metadata.x = 1", p.Everyone()),
        ("text:late OR assigned:A", p.AnyOf((words("late"), p.OfLabel("A")))),
        ("metadata.x = 1 AND (id = a OR id = b)", p.AnyOf((p.OfIds(frozenset("a")), p.OfIds(frozenset("b"))))),
        ("timestamp >= 1970-01-02 AND timestamp < 1970-01-03", p.OfTime(DAY, 2 * DAY - 1)),
        ("timestamp = 1970-01-02", p.OfTime(DAY, DAY)),
        ("create_time = 1970-01-02", p.Everyone()),
    ],
)
def test_the_cheapest_access_that_gives_every_match(text: str, access: p.Access) -> None:
    assert p.choose(parse(text), cost) == access


def test_only_the_longest_of_many_words_are_looked_up() -> None:
    wanted = parse('text:"a bb ccc dddd eeeee ffffff ggggggg hhhhhhhh iiiiiiiii"')
    assert p.words_of_all(wanted) == {"bb", "ccc", "dddd", "eeeee", "ffffff", "ggggggg", "hhhhhhhh", "iiiiiiiii"}


def test_sources_that_a_filter_leaves() -> None:
    assert p.sources_of_all(parse("source = a AND source IN (a, b)")) == {"a"}
    assert p.sources_of_all(parse("source = a OR id = b")) is None
    assert p.sources_of_all(parse("source != a")) is None


@pytest.mark.parametrize(
    ("text", "properties"),
    [
        ("metadata.x = 1", [(("x", 1.0),)]),
        ("metadata.x = a AND metadata.y IN (b, 2) AND text:late", [(("x", "a"),), (("y", 2.0), ("y", "b"))]),
        ("metadata.x != 1", []),
        ("metadata.x < 1 AND metadata.y:*", []),
        ("metadata.x = 1 OR metadata.x = 2", []),
        ("metadata.x IN (1, 2, 3, 4, 5, 6, 7, 8, 9)", []),
    ],
)
def test_properties_of_every_match(text: str, properties: list[tuple[p.Property, ...]]) -> None:
    assert p.properties_of_all(parse(text)) == properties
