"""Filters built in Python instead of written as text; quotation marks and escapes come out right.

Example:
    >>> from pinfold.filters import F
    >>> F.text("late refund") & ~F.reviewed & (F.metadata["team"] == "mails")
    <Filter text:"late refund" AND NOT reviewed = true AND metadata."team" = "mails">
    >>> for document in support.documents(filter=F.assigned("Billing") & (F.timestamp >= since)):
    ...     ...

Combine filters with `&`, `|` and `~`. Whatever takes a filter takes the text too; the grammar is in docs/filters.md.

"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NoReturn

from pinfold._names import has_surrogate

__all__ = ["F", "Filter"]


class Filter:
    """A filter; `str()` gives its text. Made by `F`, or from text by `Filter(text)`."""

    __slots__ = ("_joined", "_text")

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a filter is made of a str, got {type(text).__name__}")
        self._text = text
        self._joined = "?"  # a text of the caller's may hold anything: it is put in parentheses when it is combined

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<Filter {self._text}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Filter) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __and__(self, other: Filter) -> Filter:
        return _join(self, "AND", other)

    def __or__(self, other: Filter) -> Filter:
        return _join(self, "OR", other)

    def __invert__(self) -> Filter:
        return _made(f"NOT {self._within('NOT')}", "")

    def __bool__(self) -> NoReturn:
        raise TypeError("filters are combined with &, | and ~, each comparison in parentheses; not with and, or, not")

    def _within(self, joined: str) -> str:
        return self._text if self._joined in ("", joined) else f"({self._text})"


class Field:
    """A field that is compared as a whole, such as `F.source` or `F.metadata["team"]`."""

    __slots__ = ("_name",)
    __hash__ = None  # type: ignore[assignment]  # == makes a filter

    def __init__(self, name: str) -> None:
        self._name = name

    def __eq__(self, value: object) -> Filter:  # type: ignore[override]
        return self._compare("=", value)

    def __ne__(self, value: object) -> Filter:  # type: ignore[override]
        return self._compare("!=", value)

    def isin(self, values: Iterable[str | float]) -> Filter:
        """One of the values, of which there must be at least one."""
        if isinstance(values, str):
            raise TypeError("isin() takes a list of values, got a single str")
        listed = ", ".join(_value(value) for value in values)
        if not listed:
            raise ValueError("isin() needs at least one value")
        return _made(f"{self._name} IN ({listed})", "")

    def _compare(self, mark: str, value: object) -> Filter:
        return _made(f"{self._name} {mark} {_value(value)}", "")


class OrderedField(Field):
    """A field whose values have an order: times, and properties of metadata."""

    __slots__ = ()

    def __lt__(self, value: object) -> Filter:
        return self._compare("<", value)

    def __le__(self, value: object) -> Filter:
        return self._compare("<=", value)

    def __gt__(self, value: object) -> Filter:
        return self._compare(">", value)

    def __ge__(self, value: object) -> Filter:
        return self._compare(">=", value)


class Property(OrderedField):
    """A property of the metadata; numbers are compared with numbers and strings with strings."""

    __slots__ = ()

    def exists(self) -> Filter:
        """The document has the property."""
        return _made(f"{self._name}:*", "")


class Metadata:
    """`F.metadata["team"]` is a property."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Property:
        if not name:
            raise ValueError("metadata is asked by the name of a property")
        return Property(f"metadata.{_quoted(name)}")


class Predicted(Filter):
    """A label that a model predicts, or, compared with a number, the probability that it gives the label."""

    __slots__ = ()

    def __lt__(self, probability: float) -> Filter:
        return _made(f"{self} < {_value(probability)}", "")

    def __le__(self, probability: float) -> Filter:
        return _made(f"{self} <= {_value(probability)}", "")

    def __gt__(self, probability: float) -> Filter:
        return _made(f"{self} > {_value(probability)}", "")

    def __ge__(self, probability: float) -> Filter:
        return _made(f"{self} >= {_value(probability)}", "")


class _Fields:
    """The fields of filters, as attributes of `F`."""

    __slots__ = ()

    id: Final = Field("id")
    source: Final = Field("source")
    annotator: Final = Field("annotator")
    retrieval_mode: Final = Field("retrieval_mode")
    timestamp: Final = OrderedField("timestamp")
    create_time: Final = OrderedField("create_time")
    update_time: Final = OrderedField("update_time")
    metadata: Final = Metadata()

    @property
    def reviewed(self) -> Filter:
        """The annotation is complete."""
        return _made("reviewed = true", "")

    @property
    def annotated(self) -> Filter:
        """There is an annotation of any kind."""
        return _made("annotated = true", "")

    def text(self, phrase: str) -> Filter:
        """The text has these words next to each other, whatever their case."""
        return _made(f"text:{_quoted(phrase)}", "")

    def assigned(self, label: str | None = None) -> Filter:
        """People assigned the label or one below it; without a label, any label."""
        return _made(f"assigned:{'*' if label is None else _quoted(label)}", "")

    def dismissed(self, label: str | None = None) -> Filter:
        """People dismissed the label; without a label, any label."""
        return _made(f"dismissed:{'*' if label is None else _quoted(label)}", "")

    def exception(self, type: str | None = None) -> Filter:
        """A consumer of a stream told an exception of this type; without a type, any."""
        return _made(f"exception:{'*' if type is None else _quoted(type)}", "")

    def predicted(self, label: str) -> Predicted:
        """The model predicts the label; compare it (`F.predicted("Billing") >= 0.7`) to choose the probability."""
        found = Predicted(f"predicted:{_quoted(label)}")
        found._joined = ""
        return found


F: Final = _Fields()


def text_of(wanted: str | Filter | None) -> str:
    """The text that a request carries. Raises TypeError or ValueError."""
    if wanted is None:
        return ""
    if isinstance(wanted, str | Filter):
        text = str(wanted)
        if has_surrogate(text):
            raise ValueError("filter contains a lone surrogate, which UTF-8 cannot encode")
        return text
    raise TypeError(f"filter must be a str or a pinfold.filters.Filter, got {type(wanted).__name__}")


def _made(text: str, joined: str) -> Filter:
    found = Filter(text)
    found._joined = joined
    return found


def _join(left: Filter, word: str, right: Filter) -> Filter:
    if not isinstance(right, Filter):
        raise TypeError(f"a filter is combined with a filter, got {type(right).__name__}; Filter(text) makes one")
    if not left._text or not right._text:
        raise ValueError("an empty filter matches everything and cannot be combined")
    return _made(f"{left._within(word)} {word} {right._within(word)}", word)


def _value(value: object) -> str:
    match value:
        case bool():
            raise TypeError("a filter compares with str, numbers and times, got bool")
        case str():
            return _quoted(value)
        case int() | float():
            if not math.isfinite(value):
                raise ValueError(f"a filter compares with finite numbers, got {value}")
            return repr(value)
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a time in a filter must say its time zone (tzinfo)")
            return _quoted(value.astimezone(UTC).isoformat())
        case _:
            raise TypeError(f"a filter compares with str, numbers and times, got {type(value).__name__}")


def _quoted(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"expected a str, got {type(text).__name__}")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
