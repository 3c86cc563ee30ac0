"""Filters as people write them: the grammar of docs/filters.md, read into the parsed form of `filters`.

filter      = [ expression ]
expression  = term { "AND" term }  |  term { "OR" term }        both in one level need parentheses
term        = { "NOT" } ( "(" expression ")" | restriction )
restriction = field "IN" "(" value { "," value } ")"
| field ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
| field ":" ( value | "*" ) [ comparator number ]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pinfold_server.domain.documents.filter_fields import Complaint, Restriction, Value, restriction
from pinfold_server.domain.documents.filters import And, Everything, Filter, Not, Or
from pinfold_server.errors import AppError, invalid

FILTER_CHARS_MAX = 16_384
RESTRICTIONS_MAX = 256
NESTING_MAX = 32

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<mark><=|>=|!=|[=<>:(),*])
    | (?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w./@-]))
    | (?P<word>[\w./@+-]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_KEYWORDS = frozenset({"AND", "OR", "NOT", "IN"})
_COMPARATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind`: mark, word, quoted, number, or end; `text` of a quoted one without quotes and escapes."""

    kind: str
    text: str
    place: int

    @property
    def shown(self) -> str:
        return "the end" if self.kind == "end" else repr(self.text[:40])


def parse(text: str, field: str = "filter") -> Filter:
    """The filter that `text` says. Raises AppError INVALID_FILTER naming `field` and the character."""
    try:
        if len(text) > FILTER_CHARS_MAX:
            raise Complaint(f"must have at most {FILTER_CHARS_MAX:,} characters, got {len(text):,}", None)
        return _Parser(list(_tokens(text))).whole()
    except Complaint as complaint:
        where = "" if complaint.place is None else f"at character {complaint.place + 1}: "
        raise _invalid(field, where + complaint.text) from None


def _invalid(field: str, description: str) -> AppError:
    return invalid(field, description, "INVALID_FILTER")


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            if text[place] in "\"'":
                raise Complaint("this quotation mark is not closed", place)
            raise Complaint(f"{text[place]!r} must be written in quotation marks", place)
        if found.lastgroup == "quoted":
            yield _Token("quoted", _ESCAPE.sub(r"\1", found.group()[1:-1]), place)
        elif found.lastgroup != "space":
            yield _Token(found.lastgroup, found.group(), place)
        place = found.end()
    yield _Token("end", "", len(text))


class _Parser:
    """Recursive descent, one method a rule."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._restrictions = 0

    def whole(self) -> Filter:
        if self._peek().kind == "end":
            return Everything()
        found = self._expression(0)
        if self._peek().kind != "end":
            raise self._expected("AND, OR or the end")
        return found

    def _expression(self, depth: int) -> Filter:
        if depth > NESTING_MAX:
            raise Complaint(f"must not nest deeper than {NESTING_MAX} levels", self._peek().place)
        parts = [self._term(depth)]
        joined = ""
        while (keyword := self._keyword("AND", "OR")) is not None:
            if joined and keyword.text != joined:
                raise Complaint("AND and OR on one level need parentheses to say which binds first", keyword.place)
            joined = keyword.text
            parts.append(self._term(depth))
        if len(parts) == 1:
            return parts[0]
        return And(tuple(parts)) if joined == "AND" else Or(tuple(parts))

    def _term(self, depth: int) -> Filter:
        negated = False
        while self._keyword("NOT") is not None:
            negated = not negated
        if self._mark("(") is not None:
            found = self._expression(depth + 1)
            self._demand(")")
        else:
            found = self._restriction()
        return Not(found) if negated else found

    def _restriction(self) -> Filter:
        self._restrictions += 1
        name = self._field()
        if self._restrictions > RESTRICTIONS_MAX:
            raise Complaint(f"must have at most {RESTRICTIONS_MAX} comparisons", name.place)
        if self._keyword("IN") is not None:
            return restriction(Restriction(name.text, name.place, "IN", self._values()))
        comparator = self._comparator()
        if comparator is not None:
            return restriction(Restriction(name.text, name.place, comparator, (self._value(),)))
        if self._mark(":") is not None:
            return self._has(name)
        raise self._expected("a comparison: = != < <= > >= : or IN")

    def _has(self, name: _Token) -> Filter:
        values = () if self._mark("*") is not None else (self._value(),)
        comparator = self._comparator()
        limit = None if comparator is None else self._value()
        return restriction(Restriction(name.text, name.place, ":", values, comparator or "", limit))

    def _field(self) -> _Token:
        """The name of a field; `metadata."two words"` is joined to one."""
        token = self._peek()
        if token.kind != "word" or token.text in _KEYWORDS:
            raise self._expected("a field such as text, source, timestamp, metadata.NAME or assigned")
        self._take()
        if token.text == "metadata." and self._peek().kind == "quoted":
            return _Token("word", token.text + self._take().text, token.place)
        return token

    def _values(self) -> tuple[Value, ...]:
        self._demand("(")
        values = [self._value()]
        while self._mark(",") is not None:
            values.append(self._value())
        self._demand(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self._peek()
        if token.kind in ("quoted", "number") or (token.kind == "word" and token.text not in _KEYWORDS):
            self._take()
            return Value(token.text, token.kind, token.place)
        raise self._expected("a value")

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _comparator(self) -> str | None:
        token = self._peek()
        return self._take().text if token.kind == "mark" and token.text in _COMPARATORS else None

    def _keyword(self, *words: str) -> _Token | None:
        token = self._peek()
        if token.kind == "word" and token.text in words:
            return self._take()
        if token.kind == "word" and token.text.upper() in words and token.text.upper() != "NOT":
            raise Complaint(f"write {token.text.upper()} in capitals", token.place)
        return None

    def _mark(self, text: str) -> _Token | None:
        token = self._peek()
        return self._take() if token.kind == "mark" and token.text == text else None

    def _demand(self, text: str) -> None:
        if self._mark(text) is None:
            raise self._expected(repr(text))

    def _expected(self, what: str) -> Complaint:
        token = self._peek()
        return Complaint(f"expected {what}, got {token.shown}", token.place)
