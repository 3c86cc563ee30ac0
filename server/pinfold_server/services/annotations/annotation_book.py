"""Changes of a dataset's annotations within one transaction, with every count and the revision kept right."""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from pinfold_server.domain.labels.annotations import Cause, Marks, MarksChange, RetrievalMode, closed, merge
from pinfold_server.services.labels.taxonomy import Taxonomy
from pinfold_server.store import keys
from pinfold_server.store.annotation_changes import AnnotationChanges, Statement, statement
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord, DatasetRecord
from pinfold_server.store.tables import datasets


# One is made for each document of an upload, and a frozen dataclass takes three times as long to make.
class Place(NamedTuple):
    """A document."""

    source_uid: int
    document_id: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Who annotates, how the document was found, and why; a mode that is not told leaves the one that is stored."""

    annotator: str = ""
    mode: RetrievalMode = RetrievalMode.UNSPECIFIED
    cause: Cause = Cause.ANNOTATED


@dataclass(slots=True)
class _Outcome:
    """What a change makes of all annotations that say the same before it, and of how many of them."""

    before: Marks
    after: Marks
    said: Statement | None = None  # None: nothing changes
    times: int = 0


@dataclass(slots=True)
class Saying:
    """A change that is made to many documents; `anew` is what it makes of one of which nothing was said, once known."""

    change: MarksChange
    origin: Origin
    anew: _Outcome | None = None


class AnnotationBook:
    """Every change goes into the history of its document. Call `close` once, after the last change.

    An upload says the same of thousands of documents: what is merged, stored and counted is worked out once for each
    different thing that is said.
    """

    def __init__(self, txn: Txn, owner: DatasetRecord, labels_max: int, now_us: int, actor: str = "") -> None:
        self._txn = txn
        self._now_us = now_us
        self._actor = actor
        self._outcomes: dict[tuple[Marks, MarksChange, str, int, Cause], _Outcome] = {}
        self._statements: dict[tuple[Marks, str, int, Cause], Statement] = {}
        self._changes = AnnotationChanges(txn, owner.uid)
        self._moves: Counter[tuple[Marks, Marks]] = Counter()
        self.owner = owner
        self.taxonomy = Taxonomy(txn, owner, labels_max)

    def apply(self, place: Place, change: MarksChange, origin: Origin) -> bool:
        """True when the annotation is another one now; raises LabelConflict."""
        return self.say(place, Saying(change, origin))

    def say(self, place: Place, saying: Saying) -> bool:
        """As `apply`, of a change that is made to many documents."""
        where = keys.place(*place)
        record = self._changes.get(where)
        outcome = saying.anew if record is None else None
        if outcome is None:
            outcome = self._outcome(record, saying.change, saying.origin)
            if record is None:
                saying.anew = outcome
        if outcome.said is None:
            return False
        self._write(where, record, outcome.said)
        outcome.times += 1
        return True

    def marks(self, place: Place) -> Marks:
        """What is said of a document now."""
        return marks_of(self._changes.get(keys.place(*place)))

    def erase(self, place: Place, origin: Origin) -> bool:
        """Removes what is said of a document; True when something was."""
        where = keys.place(*place)
        record = self._changes.get(where)
        if record is None:
            return False
        self._write(where, record, self._statement(_NOTHING, origin.annotator, origin.mode, origin.cause))
        self._moves[marks_of(record), _NOTHING] += 1
        return True

    def rewrite(self, place: Place, before: AnnotationRecord, after: Marks, origin: Origin) -> None:
        """Stores what an annotation says under other labels; how often labels are assigned is the caller's to count.

        Who annotated and how the document was found stay as they are.
        """
        said = self._statement(after, before.annotator, before.retrieval_mode, origin.cause)
        self._write(keys.place(*place), before, said)
        self.owner.annotated_count -= after.empty

    def put_back(self, place: Place, now: AnnotationRecord | None, then: AnnotationRecord) -> None:
        """Stores what was said of a document once, with who said it; all counts are the caller's to keep."""
        said = self._statement(marks_of(then), then.annotator, then.retrieval_mode, Cause.RESTORED)
        self._write(keys.place(*place), now, said)

    def flush(self) -> None:
        """Writes the annotations that changed, their history and indexes; `close` does it too."""
        self._changes.flush()

    def close(self, *, beside: bool = False) -> int:
        """Stores the dataset with its counts; its revision afterwards, risen by one when anything changed, be it only
        something `beside` the annotations that trainings go by.
        """
        for outcome in self._outcomes.values():
            if outcome.times:
                self._moves[outcome.before, outcome.after] += outcome.times
        for (before, after), times in self._moves.items():
            self._count(before, after, times)
        self.flush()
        if self._moves or self.taxonomy.changed or beside:
            self.taxonomy.flush(self._actor, self._now_us)
            self.owner.revision += 1
            datasets.put(self._txn, self.owner)
        return self.owner.revision

    def _outcome(self, record: AnnotationRecord | None, change: MarksChange, origin: Origin) -> _Outcome:
        before = marks_of(record)
        mode = origin.mode or (record.retrieval_mode if record is not None else 0)
        key = (before, change, origin.annotator, mode, origin.cause)
        outcome = self._outcomes.get(key)
        if outcome is None:
            after = merge(before, change, self.taxonomy.levels_of)
            said = None if after == before else self._statement(after, origin.annotator, mode, origin.cause)
            outcome = self._outcomes[key] = _Outcome(before, after, said)
        return outcome

    def _write(self, where: bytes, before: AnnotationRecord | None, said: Statement) -> None:
        if before is not None and not self.owner.has_history:
            self._changes.put_earlier(where, before, Cause.EARLIER)
        self._changes.put(where, before, said)

    def _statement(self, marks: Marks, annotator: str, mode: int, cause: Cause) -> Statement:
        key = (marks, annotator, mode, cause)
        said = self._statements.get(key)
        if said is None:
            record = AnnotationRecord(
                assigned=sorted(marks.assigned),
                negative=sorted(marks.negative),
                dismissed=sorted(marks.dismissed),
                reviewed=marks.reviewed,
                annotator=annotator,
                retrieval_mode=mode,
                updated_us=self._now_us,
                revision=self.owner.revision + 1,  # what `close` makes it
            )
            said = self._statements[key] = statement(self.owner.uid, record, cause, self._actor)
        return said

    def _count(self, before: Marks, after: Marks, times: int) -> None:
        self.owner.annotated_count += ((not after.empty) - (not before.empty)) * times
        self.owner.reviewed_count += (after.reviewed - before.reviewed) * times
        held = closed(before.assigned, self.taxonomy.levels_of)
        holds = closed(after.assigned, self.taxonomy.levels_of)
        self.taxonomy.count(holds - held, after.dismissed - before.dismissed, times)
        self.taxonomy.count(held - holds, before.dismissed - after.dismissed, -times)


_NOTHING = Marks()


def marks_of(record: AnnotationRecord | None) -> Marks:
    """What an annotation says; nothing for one that is not there."""
    if record is None:
        return _NOTHING
    return Marks(frozenset(record.assigned), frozenset(record.dismissed), record.reviewed, frozenset(record.negative))
