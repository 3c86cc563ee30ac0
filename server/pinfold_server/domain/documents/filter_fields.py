"""The fields of filters: which comparisons each takes, and how its values are read."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pinfold_server.domain.documents.filters import (
    Annotated,
    Assigned,
    Comparator,
    Dismissed,
    Excepted,
    Filter,
    MetadataExists,
    MetadataIs,
    MetadataOneOf,
    Not,
    OneOf,
    Predicted,
    Reviewed,
    TextHas,
    TimeField,
    TimeIs,
    WordField,
)
from pinfold_server.domain.documents.words import words_of
from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.domain.labels.labels import check_path
from pinfold_server.errors import AppError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_METADATA = "metadata."
_NANOSECONDS = re.compile(r"(\.\d{6})\d+")


class Complaint(Exception):
    """What is wrong with a filter, and at which character (counted from 0) where that can be said."""

    def __init__(self, text: str, place: int | None) -> None:
        super().__init__(text)
        self.text = text
        self.place = place


@dataclass(frozen=True, slots=True)
class Value:
    """`kind`: quoted, number or word."""

    text: str
    kind: str
    place: int


@dataclass(frozen=True, slots=True)
class Restriction:
    """One comparison as it is written. `mark` `:` may have a `limit` behind it; no value stands for `*`."""

    field: str
    place: int
    mark: str
    values: tuple[Value, ...]
    comparator: str = ""
    limit: Value | None = None


def restriction(said: Restriction) -> Filter:
    """Raises Complaint for a field that does not exist or does not take this comparison or value."""
    if said.field.startswith(_METADATA):
        return _metadata(said)
    build = _FIELDS.get(said.field)
    if build is None:
        known = ", ".join([*_FIELDS, "metadata.NAME"])
        raise Complaint(f"there is no field {said.field[:80]!r}; fields are {known}", said.place)
    if said.limit is not None and said.field != "predicted":
        raise Complaint(f"{said.field}: takes no comparison after its value", said.limit.place)
    return build(said)


def _word(said: Restriction) -> Filter:
    _allow(said, "=", "!=", "IN")
    values = [value.text.upper() if said.field == "retrieval_mode" else value.text for value in said.values]
    if said.field == "retrieval_mode":
        for value, text in zip(said.values, values, strict=True):
            if text not in RetrievalMode.__members__:
                known = ", ".join(RetrievalMode.__members__)
                raise Complaint(f"{value.text[:40]!r} is no retrieval mode; they are {known}", value.place)
    return _negated(said, OneOf(WordField(said.field), frozenset(values)))


def _time(said: Restriction) -> Filter:
    _allow(said, "=", "!=", "<", "<=", ">", ">=")
    found = TimeIs(TimeField(said.field), _comparator(said.mark), _microseconds(said.values[0]))
    return _negated(said, found)


def _text(said: Restriction) -> Filter:
    _allow(said, ":")
    if not said.values:
        raise Complaint("text:* says nothing: every document has a text", said.place)
    value = said.values[0]
    words = words_of(value.text)
    if not words:
        raise Complaint(f"{value.text[:40]!r} has no word to search for", value.place)
    return TextHas(tuple(words))


def _flag(said: Restriction) -> Filter:
    _allow(said, "=", "!=")
    value = said.values[0]
    if value.text not in ("true", "false"):
        raise Complaint(f"{said.field} is true or false, got {value.text[:40]!r}", value.place)
    found: Filter = Reviewed() if said.field == "reviewed" else Annotated()
    return found if (value.text == "true") == (said.mark == "=") else Not(found)


def _mark_of_label(said: Restriction) -> Filter:
    _allow(said, ":")
    label = _label(said.values[0]) if said.values else None
    return Assigned(label) if said.field == "assigned" else Dismissed(label)


def _exception(said: Restriction) -> Filter:
    _allow(said, ":")
    return Excepted(said.values[0].text if said.values else None)


def _predicted(said: Restriction) -> Filter:
    _allow(said, ":")
    if not said.values:
        raise Complaint("predicted:* is not known; name a label", said.place)
    label = _label(said.values[0])
    if said.limit is None:
        return Predicted(label)
    if said.comparator in ("=", "!="):
        raise Complaint("a probability is compared with <, <=, > or >=", said.limit.place)
    threshold = _number(said.limit)
    if not 0 <= threshold <= 1:
        raise Complaint(f"a probability lies from 0 to 1, got {said.limit.text}", said.limit.place)
    return Predicted(label, _comparator(said.comparator), threshold)


def _metadata(said: Restriction) -> Filter:
    name = said.field.removeprefix(_METADATA)
    if not name:
        raise Complaint("metadata. must be followed by the name of a property", said.place)
    if said.limit is not None:
        raise Complaint(f"{said.field}: takes no comparison after its value", said.limit.place)
    if said.mark == ":":
        if said.values:
            raise Complaint(f"use = to compare; {said.field}:* asks whether the property is there", said.place)
        return MetadataExists(name)
    values = [_property(value) for value in said.values]
    if said.mark == "IN":
        return MetadataOneOf(name, frozenset(values))
    return _negated(said, MetadataIs(name, _comparator(said.mark), values[0]))


_FIELDS: Mapping[str, Callable[[Restriction], Filter]] = {
    "id": _word,
    "source": _word,
    "timestamp": _time,
    "create_time": _time,
    "update_time": _time,
    "text": _text,
    "annotated": _flag,
    "reviewed": _flag,
    "assigned": _mark_of_label,
    "dismissed": _mark_of_label,
    "annotator": _word,
    "retrieval_mode": _word,
    "exception": _exception,
    "predicted": _predicted,
}


def _allow(said: Restriction, *marks: str) -> None:
    if said.mark not in marks:
        raise Complaint(f"{said.field} is compared with {' '.join(marks)}, not with {said.mark}", said.place)


def _negated(said: Restriction, found: Filter) -> Filter:
    return Not(found) if said.mark == "!=" else found


def _comparator(mark: str) -> Comparator:
    return Comparator("=" if mark == "!=" else mark)


def _label(value: Value) -> str:
    try:
        return check_path(value.text, "label")
    except AppError as error:
        raise Complaint(error.message, value.place) from None


def _property(value: Value) -> str | float:
    return _number(value) if value.kind == "number" else value.text


def _number(value: Value) -> float:
    number = float(value.text) if value.kind == "number" else math.nan
    if not math.isfinite(number):
        raise Complaint(f"expected a number without quotation marks, got {value.text[:40]!r}", value.place)
    return number


def _microseconds(value: Value) -> int:
    """A date (midnight in UTC) or a time of ISO 8601; without an offset it is in UTC."""
    try:
        moment = datetime.fromisoformat(_NANOSECONDS.sub(r"\1", value.text))
    except ValueError:
        raise Complaint(
            f'expected a time such as "2026-01-31" or "2026-01-31T08:00:00Z", got {value.text[:40]!r}', value.place
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)
