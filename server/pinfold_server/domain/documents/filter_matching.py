"""Whether a document matches a filter.

A document that lacks what a comparison asks for does not match it; `NOT` turns that round, and `!=` is `NOT` of `=`.
Only what a model says can be unknown, of documents that it has not scored yet: neither the comparison nor its `NOT`
matches then, as with the NULL of SQL, so that nothing is deleted or exported on the strength of a guess.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np

from pinfold_server.domain.documents.filters import (
    And,
    Annotated,
    Assigned,
    Comparator,
    Dismissed,
    Everything,
    Excepted,
    Filter,
    MetadataExists,
    MetadataIs,
    MetadataOneOf,
    Not,
    OneOf,
    Or,
    Predicted,
    Reviewed,
    TextHas,
    TimeField,
    TimeIs,
    WordField,
)
from pinfold_server.domain.documents.words import holds_phrase


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
    @property
    def exceptions(self) -> frozenset[str]:
        """Types of the exceptions that streams have of the document."""
        ...

    def metadata_value(self, name: str) -> str | float | None:
        """A property of the document; None where it has none of that name."""
        ...

    def probability(self, label: str) -> float | None:
        """A model's probability of the label; None for a document that it has not scored."""
        ...

    def predicts(self, label: str) -> bool | None:
        """Whether that probability reaches the model's own threshold of the label; None as above."""
        ...


Predicate = Callable[[DocumentView], bool]

#: What each comparator asks of two numbers, or of an array and a number.
COMPARE: Mapping[Comparator, Callable[[float, float], bool]] = {
    Comparator.EQUAL: operator.eq,
    Comparator.LESS: operator.lt,
    Comparator.LESS_EQUAL: operator.le,
    Comparator.GREATER: operator.gt,
    Comparator.GREATER_EQUAL: operator.ge,
}


def predicate(wanted: Filter) -> Predicate:
    """A function that tells of a document whether it matches for certain."""
    return _certainly(wanted, negated=False)


def _certainly(wanted: Filter, *, negated: bool) -> Predicate:
    """Of a filter below an odd number of `NOT` (`negated`), what is unknown must count as a match."""
    match wanted:
        case Everything():
            return lambda _: True
        case And(parts):
            each = [_certainly(part, negated=negated) for part in parts]
            if len(each) == 2:  # most of them, and a third of the time of a loop
                first, second = each
                return lambda document: first(document) and second(document)
            return lambda document: all(one(document) for one in each)
        case Or(parts):
            each = [_certainly(part, negated=negated) for part in parts]
            return lambda document: any(one(document) for one in each)
        case Not(part):
            inner = _certainly(part, negated=not negated)
            return lambda document: not inner(document)
        case Predicted(label, comparator, threshold):
            return _predicted(label, comparator, threshold, unknown=negated)
        case Reviewed() | Annotated() | Assigned() | Dismissed():
            return _of_annotation(wanted)
        case _:
            return _of_document(wanted)


def _of_document(wanted: Filter) -> Predicate:
    match wanted:
        case OneOf(field, values):
            return _one_of(field, values)
        case TimeIs(field, comparator, time_us):
            compare = COMPARE[comparator]
            return _time_is(field, lambda value: compare(value, time_us))
        case MetadataIs(name, comparator, value):
            return _metadata_is(name, comparator, value)
        case MetadataOneOf(name, values):
            return lambda document: document.metadata_value(name) in values
        case MetadataExists(name):
            return lambda document: document.metadata_value(name) is not None
        case Excepted(None):
            return lambda document: bool(document.exceptions)
        case Excepted(kind):
            return lambda document: kind in document.exceptions
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
    compare: Callable[[object, object], bool] = COMPARE[comparator]  # type: ignore[assignment]  # strings compare too
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


def _predicted(label: str, comparator: Comparator | None, threshold: float, *, unknown: bool) -> Predicate:
    """`unknown` is what it says of a document without a score."""
    if comparator is None:
        return lambda document: unknown if (found := document.predicts(label)) is None else found
    compare = COMPARE[comparator]
    # Probabilities are float32: a probability shown as 0.7 must reach the threshold 0.7 (see thresholds.py).
    rounded = float(np.float32(threshold))
    return lambda document: unknown if (found := document.probability(label)) is None else compare(found, rounded)
