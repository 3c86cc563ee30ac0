"""Changes of a dataset's annotations within one transaction, with every count and the revision kept right."""

from collections import Counter
from dataclasses import dataclass

from pinfold_server.domain.labels.annotations import Cause, Marks, MarksChange, RetrievalMode, closed, merge
from pinfold_server.services.labels.taxonomy import Taxonomy
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationEventRecord, AnnotationRecord, DatasetRecord
from pinfold_server.store.tables import annotation_events, annotations, datasets


@dataclass(frozen=True, slots=True)
class Place:
    """A document."""

    source_uid: int
    document_id: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Who annotates, how the document was found, and why; a mode that is not told leaves the one that is stored."""

    annotator: str = ""
    mode: RetrievalMode = RetrievalMode.UNSPECIFIED
    cause: Cause = Cause.ANNOTATED


@dataclass(frozen=True, slots=True)
class _Entry:
    """An annotation, as it is stored (None: it says nothing) and as an event of its history."""

    record: AnnotationRecord
    value: bytes | None
    event: bytes


@dataclass(slots=True)
class _Outcome:
    """What a change makes of all annotations that say the same before it, and of how many of them."""

    before: Marks
    after: Marks
    entry: _Entry | None = None  # None: nothing changes
    times: int = 0


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
        self._entries: dict[tuple[Marks, str, int, Cause], _Entry] = {}
        self._events: dict[bytes, bytes] = {}
        self._index = annotations.LabelIndex(owner.uid)
        self._moves: Counter[tuple[Marks, Marks]] = Counter()
        self.owner = owner
        self.taxonomy = Taxonomy(txn, owner, labels_max)

    def apply(self, place: Place, change: MarksChange, origin: Origin) -> bool:
        """True when the annotation is another one now; raises LabelConflict."""
        key = self._key(place)
        record = annotations.at(self._txn, key)
        outcome = self._outcome(record, change, origin)
        if outcome.entry is None:
            return False
        self._write(place, key, record, outcome.entry)
        outcome.times += 1
        return True

    def marks(self, place: Place) -> Marks:
        """What is said of a document now."""
        return marks_of(annotations.get(self._txn, self.owner.uid, place.source_uid, place.document_id))

    def erase(self, place: Place, origin: Origin) -> bool:
        """Removes what is said of a document; True when something was."""
        key = self._key(place)
        record = annotations.at(self._txn, key)
        if record is None:
            return False
        self._write(place, key, record, self._entry(_NOTHING, origin.annotator, origin.mode, origin.cause))
        self._moves[marks_of(record), _NOTHING] += 1
        return True

    def rewrite(self, place: Place, before: AnnotationRecord, after: Marks, origin: Origin) -> None:
        """Stores what an annotation says under other labels; how often labels are assigned is the caller's to count.

        Who annotated and how the document was found stay as they are.
        """
        entry = self._entry(after, before.annotator, before.retrieval_mode, origin.cause)
        self._write(place, self._key(place), before, entry)
        self.owner.annotated_count -= after.empty

    def put_back(self, place: Place, now: AnnotationRecord | None, then: AnnotationRecord) -> None:
        """Stores what was said of a document once, with who said it; all counts are the caller's to keep."""
        entry = self._entry(marks_of(then), then.annotator, then.retrieval_mode, Cause.RESTORED)
        self._write(place, self._key(place), now, entry)

    def flush(self) -> None:
        """Writes history and indexes of the annotations that changed; `close` does it too."""
        annotation_events.append_many(self._txn, self._events.items())
        self._index.flush(self._txn)

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

    def _key(self, place: Place) -> bytes:
        return keys.annotation(self.owner.uid, place.source_uid, place.document_id)

    def _outcome(self, record: AnnotationRecord | None, change: MarksChange, origin: Origin) -> _Outcome:
        before = marks_of(record)
        mode = origin.mode or (record.retrieval_mode if record is not None else 0)
        key = (before, change, origin.annotator, mode, origin.cause)
        outcome = self._outcomes.get(key)
        if outcome is None:
            after = merge(before, change, self.taxonomy.levels_of)
            entry = None if after == before else self._entry(after, origin.annotator, mode, origin.cause)
            outcome = self._outcomes[key] = _Outcome(before, after, entry)
        return outcome

    def _write(self, place: Place, key: bytes, before: AnnotationRecord | None, entry: _Entry) -> None:
        if before is not None and not self.owner.has_history:
            self._keep_earlier(place, before)
        if entry.value is None:
            annotations.delete_at(self._txn, key)
        else:
            annotations.put_at(self._txn, key, entry.value)
        self._events[keys.event_of_annotation(key, entry.record.revision)] = entry.event
        self._index.change(place.source_uid, place.document_id, before, entry.record)

    def _keep_earlier(self, place: Place, before: AnnotationRecord) -> None:
        """In a dataset that is older than its history: what the first recorded change is a change of."""
        at = (self.owner.uid, place.source_uid, place.document_id, before.revision)
        if not annotation_events.exists(self._txn, *at):
            event = AnnotationEventRecord(after=before, cause=Cause.EARLIER)
            self._events.setdefault(keys.annotation_event(*at), event.SerializeToString(deterministic=True))

    def _entry(self, marks: Marks, annotator: str, mode: int, cause: Cause) -> _Entry:
        key = (marks, annotator, mode, cause)
        entry = self._entries.get(key)
        if entry is None:
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
            event = AnnotationEventRecord(after=record, cause=cause, actor=self._actor)
            value = None if marks.empty else annotations.bytes_of(record)
            entry = self._entries[key] = _Entry(record, value, event.SerializeToString(deterministic=True))
        return entry

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
