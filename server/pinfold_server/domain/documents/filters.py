"""What a filter says of documents: its parsed form. `filter_syntax` reads it, `filter_matching` applies it."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


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
class Excepted:
    """A stream of the dataset has an exception of this type; None: of any type."""

    type: str | None


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
    | Excepted
    | Predicted
)


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


def needs_dataset(wanted: Filter) -> bool:
    """Whether a filter speaks of annotations, exceptions or predictions, which belong to a dataset."""
    return any(
        isinstance(leaf, Reviewed | Annotated | Assigned | Dismissed | Excepted | Predicted)
        or (isinstance(leaf, OneOf) and leaf.field in WORDS_OF_ANNOTATIONS)
        for leaf in leaves(wanted)
    )
