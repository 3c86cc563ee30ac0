"""How the documents that can match a filter are found without looking at all of them; the costs come from outside.

Each access gives at least the documents that match; whoever uses it looks at every one of them with the whole filter.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pinfold_server.domain.documents.documents import TIMESTAMP_US_MAX, TIMESTAMP_US_MIN
from pinfold_server.domain.documents.filters import (
    WORDS_OF_ANNOTATIONS,
    And,
    Annotated,
    Assigned,
    Comparator,
    Dismissed,
    Filter,
    MetadataIs,
    MetadataOneOf,
    OneOf,
    Or,
    Predicted,
    Reviewed,
    TextHas,
    TimeField,
    TimeIs,
    WordField,
)

#: Words of a filter that are looked up; more hardly narrow the choice.
WORDS_MAX = 8

#: Values of a property that documents are looked through for before they are read.
PROPERTIES_MAX = 8

Property: TypeAlias = tuple[str, str | float]  # name and value


@dataclass(frozen=True, slots=True)
class Everyone:
    """All documents."""


@dataclass(frozen=True, slots=True)
class OfAnnotations:
    """Documents that people annotated."""


@dataclass(frozen=True, slots=True)
class OfLabel:
    """Documents to which people assigned the label or one below it."""

    label: str


@dataclass(frozen=True, slots=True)
class OfPredictions:
    """Scored documents of which the model says so."""

    leaf: Predicted


@dataclass(frozen=True, slots=True)
class OfIds:
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class OfWords:
    """Documents whose text has all of the words."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class OfTime:
    """Documents with a timestamp from `first_us` to `last_us`, both included."""

    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents of any of the parts."""

    parts: tuple["Access", ...]


Access: TypeAlias = Everyone | OfAnnotations | OfLabel | OfPredictions | OfIds | OfWords | OfTime | AnyOf
Cost = Callable[[Access], float]  # of every access but AnyOf; infinite where it cannot be used


def choose(wanted: Filter, cost: Cost) -> Access:
    """The cheapest access that gives every match."""
    return _cheapest(wanted, cost)[1]


def words_of_all(wanted: Filter) -> frozenset[str]:
    """Words that every match has in its text, the longest ones where there are many."""
    found = {word for part in _conjuncts(wanted) if isinstance(part, TextHas) for word in part.words}
    return frozenset(sorted(found, key=lambda word: (-len(word), word))[:WORDS_MAX])


def properties_of_all(wanted: Filter) -> list[tuple[Property, ...]]:
    """Properties of which every match has one of each tuple."""
    found: list[tuple[Property, ...]] = []
    for part in _conjuncts(wanted):
        match part:
            case MetadataIs(name, Comparator.EQUAL, value):
                found.append(((name, value),))
            case MetadataOneOf(name, values) if len(values) <= PROPERTIES_MAX:
                found.append(tuple((name, value) for value in sorted(values, key=str)))
    return found


def sources_of_all(wanted: Filter) -> frozenset[str] | None:
    """Ids of the only sources that matches can be of; None where the filter does not say."""
    named = [part.values for part in _conjuncts(wanted) if isinstance(part, OneOf) and part.field is WordField.SOURCE]
    return frozenset.intersection(*named) if named else None


def _cheapest(wanted: Filter, cost: Cost) -> tuple[float, Access]:
    everyone = Everyone()
    return min(
        [(cost(everyone), everyone), *((cost_of(access, cost), access) for access in _accesses(wanted, cost))],
        key=lambda priced: priced[0],
    )


def cost_of(access: Access, cost: Cost) -> float:
    """Of any access, those made of several too."""
    return sum(cost_of(part, cost) for part in access.parts) if isinstance(access, AnyOf) else cost(access)


def _accesses(wanted: Filter, cost: Cost) -> Iterable[Access]:
    """Accesses of which each alone gives every match."""
    match wanted:
        case And(parts):
            for part in parts:
                if not isinstance(part, TextHas | TimeIs):
                    yield from _accesses(part, cost)
            if words := words_of_all(wanted):
                yield OfWords(words)
            yield from _times(parts)
        case Or(parts):
            each = [_cheapest(part, cost)[1] for part in parts]
            if not any(isinstance(access, Everyone) for access in each):
                yield AnyOf(tuple(each))
        case TextHas():
            yield OfWords(words_of_all(wanted))
        case TimeIs():
            yield from _times((wanted,))
        case Assigned(label) if label is not None:
            yield OfLabel(label)
            yield OfAnnotations()
        case Predicted():
            yield OfPredictions(wanted)
        case Reviewed() | Annotated() | Assigned() | Dismissed():
            yield OfAnnotations()
        case OneOf(WordField.ID, values):
            yield OfIds(values)
        case OneOf(field, _) if field in WORDS_OF_ANNOTATIONS:
            yield OfAnnotations()


def _times(parts: Iterable[Filter]) -> Iterable[OfTime]:
    """The one range that all comparisons of the timestamp leave."""
    first, last, said = TIMESTAMP_US_MIN, TIMESTAMP_US_MAX, False
    for part in parts:
        if not isinstance(part, TimeIs) or part.field is not TimeField.TIMESTAMP:
            continue
        said = True
        match part.comparator:
            case Comparator.EQUAL:
                first, last = max(first, part.time_us), min(last, part.time_us)
            case Comparator.LESS:
                last = min(last, part.time_us - 1)
            case Comparator.LESS_EQUAL:
                last = min(last, part.time_us)
            case Comparator.GREATER:
                first = max(first, part.time_us + 1)
            case Comparator.GREATER_EQUAL:
                first = max(first, part.time_us)
    if said:
        yield OfTime(first, last)


def _conjuncts(wanted: Filter) -> tuple[Filter, ...]:
    return wanted.parts if isinstance(wanted, And) else (wanted,)
