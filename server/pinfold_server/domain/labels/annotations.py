"""What people say of a document, and how a change is merged with what was said before. Labels are numbers here."""

import enum
from collections.abc import Callable, Collection
from dataclasses import dataclass

#: Numbers of a label and of all levels above it.
LevelsOf = Callable[[int], Collection[int]]


class RetrievalMode(enum.IntEnum):
    """How an annotated document was found; the numbers are those of the protocol."""

    UNSPECIFIED = 0
    UPLOAD = 1
    RECENT = 2
    SHUFFLE = 3
    LABEL = 4
    TEACH = 5
    LOW_CONFIDENCE = 6
    CHECK = 7
    MISSED = 8
    REBALANCE = 9
    SEARCH = 10
    CLUSTERS = 11


class Cause(enum.IntEnum):
    """Why an annotation changed; the numbers are those of the protocol."""

    UNSPECIFIED = 0
    ANNOTATED = 1
    UPLOADED = 2
    DOCUMENT_DELETED = 3
    LABELS_CHANGED = 4
    RESTORED = 5
    EARLIER = 6


@dataclass(frozen=True, slots=True)
class Marks:
    """Labels said to apply (without those above them), labels said not to apply, whether that is all, and which of
    those that apply do so in a bad sense.
    """

    assigned: frozenset[int] = frozenset()
    dismissed: frozenset[int] = frozenset()
    reviewed: bool = False
    negative: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        """Nothing is said: the same as no annotation."""
        return not (self.assigned or self.dismissed or self.reviewed)


@dataclass(frozen=True, slots=True)
class MarksChange:
    """New values of an annotation; None leaves what is there. `negative` speaks of `assigned`."""

    assigned: frozenset[int] | None = None
    dismissed: frozenset[int] | None = None
    reviewed: bool | None = None
    negative: frozenset[int] = frozenset()


class LabelConflict(Exception):
    """One change both assigns (itself or through a label below it) and dismisses the label `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(f"label {number} is both assigned and dismissed")
        self.number = number


def merge(before: Marks, change: MarksChange, levels_of: LevelsOf) -> Marks:
    """The annotation after a change.

    The newer word wins: assigning a label takes it, and those above it, out of what was dismissed earlier; dismissing
    one takes it, and those below it, out of what was assigned earlier. Raises LabelConflict when both are said at once.
    """
    assigned, dismissed, negative = before.assigned, before.dismissed, before.negative
    if change.assigned is not None:
        negative = change.negative
        assigned = without_ancestors(change.assigned, levels_of)
        dismissed = dismissed - closed(assigned, levels_of)
    if change.dismissed is not None:
        dismissed = change.dismissed
        if change.assigned is None:
            assigned = frozenset(label for label in assigned if dismissed.isdisjoint(levels_of(label)))
        elif clash := dismissed & closed(assigned, levels_of):
            raise LabelConflict(min(clash))
    reviewed = before.reviewed if change.reviewed is None else change.reviewed
    return Marks(assigned, dismissed, reviewed, negative & assigned)


def closed(labels: Collection[int], levels_of: LevelsOf) -> frozenset[int]:
    """The labels and every level above them: what they all say of a document."""
    return frozenset(level for label in labels for level in levels_of(label))


def without_ancestors(labels: Collection[int], levels_of: LevelsOf) -> frozenset[int]:
    """The labels that are not above another of them."""
    above = {level for label in labels for level in levels_of(label) if level != label}
    return frozenset(label for label in labels if label not in above)
