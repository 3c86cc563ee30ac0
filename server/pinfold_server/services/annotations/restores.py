"""Labels and annotations back to what they were at an earlier revision: one transaction, and a new revision.

Nothing is lost: what was said meanwhile stays in the history, so that a restoration can itself be taken back by
restoring the revision before it, and the model that was trained on it is pinned.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pinfold_server.domain.labels.annotations import Marks, closed
from pinfold_server.domain.labels.label_moves import LabelEventKind
from pinfold_server.domain.labels.labels import levels
from pinfold_server.domain.labels.restoring import LabelStep, names_before
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import ACTOR_CHARS_MAX, VersionRef, check_text_field, dataset_name, document_name
from pinfold_server.errors import AppError, Code, invalid, precondition
from pinfold_server.services.annotations.annotation_book import AnnotationBook, Place, marks_of
from pinfold_server.services.annotations.former_states import FormerState
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import (
    AnnotationRecord,
    DatasetRecord,
    LabelEventRecord,
    LabelRecord,
    RestoreAnswer,
)
from pinfold_server.store.tables import annotation_events, annotations, datasets, documents, label_events, labels

#: Annotations of a dataset that is restored: some seconds of the one writer.
ANNOTATIONS_MAX = 200_000
#: Documents that are named in the answer, of those that are gone.
MISSING_TOLD = 100


@dataclass(frozen=True, slots=True)
class RestoreTarget:
    """Either a version, for the revision that it was trained on, or a revision.

    `expected` is the revision that the dataset must have, 0 for any; with `skip_pin` no version is pinned.
    """

    version: VersionRef | None = None
    revision: int = 0
    expected: int = 0
    skip_pin: bool = False


class RestoreService:
    """Takes datasets back."""

    def __init__(self, changes: Changes, limits: DatasetLimits, *, pins_max: int) -> None:
        self._changes = changes
        self._limits = limits
        self._pins_max = pins_max

    async def restore(
        self, dataset_id: str, target: RestoreTarget, actor: str = "", once: RequestKey | None = None
    ) -> RestoreAnswer:
        """Raises AppError NOT_FOUND, REVISION_MISMATCH, HISTORY_INCOMPLETE, TOO_MANY_ANNOTATIONS, TOO_MANY_PINS."""
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)

        def work(txn: Txn, now_us: int) -> RestoreAnswer:
            owner = lookup.dataset(txn, dataset_id)
            revision = _revision(txn, owner, target)
            answer = RestoreAnswer(
                restored_revision=revision, previous_revision=owner.revision, revision=owner.revision
            )
            if revision == owner.revision:
                return answer
            _check_size(owner, owner.annotated_count)
            former = FormerState(txn, owner, revision, skip_pin=target.skip_pin)
            former.check(self._pins_max)
            book = AnnotationBook(txn, owner, self._limits.labels_max, now_us, actor)
            _Restoration(txn, owner, book, revision, answer).run(actor, now_us)
            if answer.revision != answer.previous_revision:
                former.keep(answer, now_us)
            return answer

        return await self._changes.run(RestoreAnswer, work, once)


class _Restoration:
    """One dataset within one transaction."""

    def __init__(
        self, txn: Txn, owner: DatasetRecord, book: AnnotationBook, revision: int, answer: RestoreAnswer
    ) -> None:
        self._txn = txn
        self._owner = owner
        self._book = book
        self._revision = revision
        self._answer = answer
        found = (lookup.source(txn, source_id) for source_id in owner.source_ids)
        self._source_ids = {source.uid: source.id for source in found}

    def run(self, actor: str, now_us: int) -> None:
        names = self._names_then()
        for place, then in self._changed_since():
            self._put_back(place, then, names)
        self._book.flush()
        events = list(self._restore_labels(names))
        self._recount(names)
        for event in events:
            event.actor, event.time_us, event.revision = actor, now_us, self._owner.revision + 1
            label_events.append(self._txn, self._owner, event)
        self._answer.label_count = len(events)
        if events or self._answer.annotation_count:
            self._owner.revision += 1
        datasets.put(self._txn, self._owner)
        self._answer.revision = self._owner.revision

    def _names_then(self) -> dict[int, str]:
        steps: list[LabelStep] = []
        complete = self._owner.last_label_event <= label_events.KEPT_MAX
        for _, event in label_events.newest_first(self._txn, self._owner.uid):
            if event.revision <= self._revision:
                complete = True
                break
            steps.append(LabelStep(LabelEventKind(event.kind), event.number, event.from_name))
        if not complete:
            raise _incomplete(self._owner)
        return names_before(labels.names(self._txn, self._owner.uid), steps)

    def _changed_since(self) -> list[tuple[Place, AnnotationRecord]]:
        """Documents whose annotation changed after the revision, with what was said of them then."""
        if not self._owner.has_history:
            raise _incomplete(self._owner)
        events = annotation_events.every(self._txn, self._owner.uid)
        found: list[tuple[Place, AnnotationRecord]] = []
        for key, group in groupby(events, lambda entry: keys.annotation_of_event(entry[0])):
            then, changed = AnnotationRecord(), False
            for _, event in group:
                if event.after.revision <= self._revision:
                    then = event.after
                else:
                    changed = True
            if changed:
                found.append((Place(*keys.annotated_document(key)), then))
        _check_size(self._owner, len(found))
        return found

    def _put_back(self, place: Place, then: AnnotationRecord, names: dict[int, str]) -> None:
        now = annotations.get(self._txn, self._owner.uid, place.source_uid, place.document_id)
        if _same(then, now or AnnotationRecord()):
            return
        if not all(number in names for number in (*then.assigned, *then.dismissed)):
            raise _incomplete(self._owner)
        source_id = self._source_ids.get(place.source_uid)
        if source_id is None or not documents.exists(self._txn, place.source_uid, place.document_id):
            self._answer.missing_count += 1
            if source_id is not None and len(self._answer.missing) < MISSING_TOLD:
                self._answer.missing.append(document_name(source_id, place.document_id))
            return
        self._book.put_back(place, now, then)
        self._answer.annotation_count += 1

    def _restore_labels(self, names: dict[int, str]) -> Iterator[LabelEventRecord]:
        """Stores labels under the names that they had, without their counts; what happened to them."""
        uid = self._owner.uid
        current = {record.number: record for record in labels.by_number(self._txn, uid)}
        for number, record in current.items():
            if names.get(number) != record.name:
                labels.drop_name(self._txn, uid, record.name)
            if number not in names:
                labels.retire(self._txn, uid, record)
                yield LabelEventRecord(kind=LabelEventKind.DELETED, number=number, from_name=record.name)
        for number, name in names.items():
            before = current.get(number)
            if before is None:
                labels.revive(self._txn, uid, LabelRecord(number=number, name=name))
                yield LabelEventRecord(kind=LabelEventKind.CREATED, number=number, to_name=name)
            elif before.name != name:
                event = LabelEventRecord(
                    kind=LabelEventKind.RENAMED, number=number, from_name=before.name, to_name=name
                )
                before.name = name
                labels.put(self._txn, uid, before)
                labels.put_name(self._txn, uid, before)
                yield event
        self._owner.label_count = len(names)

    def _recount(self, names: dict[int, str]) -> None:
        """Every count anew: levels may have moved under annotations that did not change."""
        numbers = {name: number for number, name in names.items()}
        above = {number: [numbers[level] for level in levels(name)] for number, name in names.items()}
        said: Counter[Marks] = Counter(
            marks_of(record) for _, record in annotations.by_document(self._txn, self._owner.uid)
        )
        assigned: Counter[int] = Counter()
        dismissed: Counter[int] = Counter()
        for marks, times in said.items():
            for number in closed(marks.assigned, above.__getitem__):
                assigned[number] += times
            for number in marks.dismissed:
                dismissed[number] += times
        self._owner.annotated_count = said.total()
        self._owner.reviewed_count = sum(times for marks, times in said.items() if marks.reviewed)
        for record in list(labels.by_number(self._txn, self._owner.uid)):
            record.assigned_count, record.dismissed_count = assigned[record.number], dismissed[record.number]
            labels.put(self._txn, self._owner.uid, record)


def _revision(txn: Txn, owner: DatasetRecord, target: RestoreTarget) -> int:
    if target.expected and target.expected != owner.revision:
        raise AppError(
            Code.CONFLICT,
            "REVISION_MISMATCH",
            f"{dataset_name(owner.id)} is at revision {owner.revision} by now, not {target.expected}: look again",
            metadata={"name": dataset_name(owner.id), "revision": str(owner.revision)},
        )
    if target.version is not None:
        return lookup.version(txn, owner, target.version).revision
    if not 0 <= target.revision <= owner.revision:
        raise invalid("revision", f"must be from 0 to {owner.revision}, which is the dataset's now")
    return target.revision


def _same(then: AnnotationRecord, now: AnnotationRecord) -> bool:
    """Both say the same, by the same person; who took everything back does not matter."""
    if marks_of(then) != marks_of(now):
        return False
    says_nothing = not (then.assigned or then.dismissed or then.reviewed)
    return says_nothing or (then.annotator, then.retrieval_mode) == (now.annotator, now.retrieval_mode)


def _check_size(owner: DatasetRecord, count: int) -> None:
    if count > ANNOTATIONS_MAX:
        raise precondition(
            "TOO_MANY_ANNOTATIONS",
            f"{count:,} annotations of {dataset_name(owner.id)} would be looked at; one restoration looks at most at"
            f" {ANNOTATIONS_MAX:,}: restore a later revision, or import an archive of the earlier state",
            name=dataset_name(owner.id),
        )


def _incomplete(owner: DatasetRecord) -> AppError:
    return precondition(
        "HISTORY_INCOMPLETE",
        f"the history of {dataset_name(owner.id)} does not reach back so far: it began with a later Pinfold, or the"
        " oldest of its label changes were forgotten",
        name=dataset_name(owner.id),
    )
