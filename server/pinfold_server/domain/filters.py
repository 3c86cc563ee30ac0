"""What a filter says of documents: its parsed form, and whether a document matches. `filter_syntax` reads it from text.

A document that lacks what a comparison asks for does not match it; `NOT` turns that round, and `!=` is `NOT` of `=`.
"""

import enum
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from pinfold_server.domain.words import holds_phrase


class Comparator(enum.StrEnum):
    """Order of two values."""

    EQUAL = "="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="


class WordField(enum.StrEnum):
    """Fields that are one string, compared whole; those of WORDS_OF_ANNOTATIONS belong to the annotation."""

    ID = "id"
    SOURCE = "source"
    ANNOTATOR = "annotator"
    RETRIEVAL_MODE = "retrieval_mode"


WORDS_OF_ANNOTATIONS = frozenset({WordField.ANNOTATOR, WordField.RETRIEVAL_MODE})


class TimeField(enum.StrEnum):
    """Fields that are times."""

    TIMESTAMP = "timestamp"
    CREATE_TIME = "create_time"
    UPDATE_TIME = "update_time"


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty filter."""


@dataclass(frozen=True, slots=True)
class And:
    """All of `parts`, of which there are at least two."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of `parts`, of which there are at least two."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Filter"


@dataclass(frozen=True, slots=True)
class OneOf:
    field: WordField
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class TimeIs:
    """`time_us` in microseconds since 1970, UTC."""

    field: TimeField
    comparator: Comparator
    time_us: int


@dataclass(frozen=True, slots=True)
class MetadataIs:
    """A property of the same kind as `value`, string or number, that compares so; strings by code point."""

    name: str
    comparator: Comparator
    value: str | float


@dataclass(frozen=True, slots=True)
class MetadataOneOf:
    name: str
    values: frozenset[str | float]


@dataclass(frozen=True, slots=True)
class MetadataExists:
    name: str


@dataclass(frozen=True, slots=True)
class TextHas:
    """The words, as `words.words_of` reads them, next to each other and in order."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The annotation is complete."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """There is an annotation of any kind."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """People assigned the label or one below it; None: any label."""

    label: str | None


@dataclass(frozen=True, slots=True)
class Dismissed:
    """People dismissed this very label; None: any label."""

    label: str | None


@dataclass(frozen=True, slots=True)
class Predicted:
    """A model's probability of the label compares so; without a comparator, the model predicts the label."""

    label: str
    comparator: Comparator | None = None
    threshold: float = 0.0


Filter: TypeAlias = (
    Everything
    | And
    | Or
    | Not
    | OneOf
    | TimeIs
    | MetadataIs
    | MetadataOneOf
    | MetadataExists
    | TextHas
    | Reviewed
    | Annotated
    | Assigned
    | Dismissed
    | Predicted
)


class AnnotationView(Protocol):
    """What a filter sees of an annotation, worked out when it is asked for. `assigned` is closed over ancestors."""

    @property
    def reviewed(self) -> bool: ...
    @property
    def assigned(self) -> frozenset[str]: ...
    @property
    def dismissed(self) -> frozenset[str]: ...
    @property
    def annotator(self) -> str: ...
    @property
    def retrieval_mode(self) -> str: ...


class DocumentView(Protocol):
    """What a filter sees of a document. Attributes may be worked out when they are asked for."""

    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def timestamp_us(self) -> int: ...
    @property
    def created_us(self) -> int: ...
    @property
    def updated_us(self) -> int: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def annotation(self) -> AnnotationView | None: ...
    def metadata_value(self, name: str) -> str | float | None:
        """A property of the document; None where it has none of that name."""
        ...

    def probability(self, label: str) -> float:
        """A model's probability of the label."""
        ...

    def predicts(self, label: str) -> bool:
        """Whether that probability reaches the model's own threshold of the label."""
        ...


Predicate = Callable[[DocumentView], bool]

_COMPARE: Mapping[Comparator, Callable[[float, float], bool]] = {
    Comparator.EQUAL: operator.eq,
    Comparator.LESS: operator.lt,
    Comparator.LESS_EQUAL: operator.le,
    Comparator.GREATER: operator.gt,
    Comparator.GREATER_EQUAL: operator.ge,
}


def predicate(wanted: Filter) -> Predicate:
    """A function that tells of a document whether it matches."""
    match wanted:
        case Everything():
            return lambda _: True
        case And(parts):
            each = [predicate(part) for part in parts]
            if len(each) == 2:  # most of them, and a third of the time of a loop
                first, second = each
                return lambda document: first(document) and second(document)
            return lambda document: all(one(document) for one in each)
        case Or(parts):
            each = [predicate(part) for part in parts]
            return lambda document: any(one(document) for one in each)
        case Not(part):
            inner = predicate(part)
            return lambda document: not inner(document)
        case Predicted(label, comparator, threshold):
            return _predicted(label, comparator, threshold)
        case Reviewed() | Annotated() | Assigned() | Dismissed():
            return _of_annotation(wanted)
        case _:
            return _of_document(wanted)


def leaves(wanted: Filter) -> Iterator[Filter]:
    """The comparisons that a filter is made of."""
    match wanted:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield wanted


def labels_of(wanted: Filter) -> frozenset[str]:
    """Labels of the taxonomy that a filter names, those of predictions left out."""
    found = (leaf.label for leaf in leaves(wanted) if isinstance(leaf, Assigned | Dismissed))
    return frozenset(label for label in found if label is not None)


def predicted_labels(wanted: Filter) -> frozenset[str]:
    """Labels whose probabilities a filter asks for."""
    return frozenset(leaf.label for leaf in leaves(wanted) if isinstance(leaf, Predicted))


def needs_annotations(wanted: Filter) -> bool:
    """Whether a filter speaks of annotations, which belong to a dataset."""
    return any(
        isinstance(leaf, Reviewed | Annotated | Assigned | Dismissed)
        or (isinstance(leaf, OneOf) and leaf.field in WORDS_OF_ANNOTATIONS)
        for leaf in leaves(wanted)
    )


def _of_document(wanted: Filter) -> Predicate:
    match wanted:
        case OneOf(field, values):
            return _one_of(field, values)
        case TimeIs(field, comparator, time_us):
            compare = _COMPARE[comparator]
            return _time_is(field, lambda value: compare(value, time_us))
        case MetadataIs(name, comparator, value):
            return _metadata_is(name, comparator, value)
        case MetadataOneOf(name, values):
            return lambda document: document.metadata_value(name) in values
        case MetadataExists(name):
            return lambda document: document.metadata_value(name) is not None
        case TextHas(words):
            return lambda document: holds_phrase(document.words, words)
    raise AssertionError(f"not a filter: {wanted!r}")


def _one_of(field: WordField, values: frozenset[str]) -> Predicate:
    match field:
        case WordField.ID:
            return lambda document: document.id in values
        case WordField.SOURCE:
            return lambda document: document.source in values
        case WordField.ANNOTATOR:
            return lambda document: (said := document.annotation) is not None and said.annotator in values
        case WordField.RETRIEVAL_MODE:
            return lambda document: (said := document.annotation) is not None and said.retrieval_mode in values


def _time_is(field: TimeField, fits: Callable[[int], bool]) -> Predicate:
    match field:
        case TimeField.TIMESTAMP:
            return lambda document: fits(document.timestamp_us)
        case TimeField.CREATE_TIME:
            return lambda document: fits(document.created_us)
        case TimeField.UPDATE_TIME:
            return lambda document: fits(document.updated_us)


def _metadata_is(name: str, comparator: Comparator, value: str | float) -> Predicate:
    compare: Callable[[object, object], bool] = _COMPARE[comparator]  # type: ignore[assignment]  # strings compare too
    kind = str if isinstance(value, str) else float

    def fits(document: DocumentView) -> bool:
        found = document.metadata_value(name)
        return isinstance(found, kind) and compare(found, value)

    return fits


def _of_annotation(wanted: Reviewed | Annotated | Assigned | Dismissed) -> Predicate:
    match wanted:
        case Reviewed():
            return lambda document: (said := document.annotation) is not None and said.reviewed
        case Annotated():
            return lambda document: document.annotation is not None
        case Assigned(None):
            return lambda document: (said := document.annotation) is not None and bool(said.assigned)
        case Assigned(label):
            return lambda document: (said := document.annotation) is not None and label in said.assigned
        case Dismissed(None):
            return lambda document: (said := document.annotation) is not None and bool(said.dismissed)
        case Dismissed(label):
            return lambda document: (said := document.annotation) is not None and label in said.dismissed


def _predicted(label: str, comparator: Comparator | None, threshold: float) -> Predicate:
    if comparator is None:
        return lambda document: document.predicts(label)
    compare = _COMPARE[comparator]
    # Probabilities are float32: a probability shown as 0.7 must reach the threshold 0.7 (see thresholds.py).
    rounded = float(np.float32(threshold))
    return lambda document: compare(document.probability(label), rounded)
