"""Labels renamed, merged and deleted, with what people said of documents: one transaction, so that nobody sees half."""

from collections import Counter
from dataclasses import dataclass

from pinfold_server.domain.labels import label_moves
from pinfold_server.domain.labels.annotations import Cause, Marks, closed
from pinfold_server.domain.labels.label_moves import LabelEventKind, Moves
from pinfold_server.domain.labels.labels import SEPARATOR, check_path
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import ACTOR_CHARS_MAX, check_text_field, dataset_name
from pinfold_server.errors import AppError, Code, FieldViolation, invalid, precondition
from pinfold_server.services.annotations.annotation_book import AnnotationBook, Origin, Place, marks_of
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import (
    AnnotationRecord,
    DatasetRecord,
    DeleteLabelAnswer,
    LabelEventRecord,
    LabelRecord,
    RenameLabelAnswer,
)
from pinfold_server.store.tables import annotations, label_events, labels

#: Annotations that one change rewrites: three seconds of the one writer, which nobody else can use meanwhile. A move in
#: steps would show half of it to whoever reads or trains between two of them.
ANNOTATIONS_MAX = 100_000


class LabelMoveService:
    """Every method raises AppError NOT_FOUND for a dataset or label that is not there."""

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits

    async def rename(
        self, dataset_id: str, label: str, new_label: str, actor: str = "", once: RequestKey | None = None
    ) -> RenameLabelAnswer:
        """Raises AppError INVALID_LABEL, LABEL_BELOW_ITSELF, TOO_MANY_LABELS, TOO_MANY_ANNOTATIONS."""
        old, new = check_path(label, "label"), check_path(new_label, "new_label")
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)
        if new.startswith(old + SEPARATOR):
            raise invalid("new_label", f"must not lie below {old!r} itself", "LABEL_BELOW_ITSELF")

        def work(txn: Txn, now_us: int) -> RenameLabelAnswer:
            owner = lookup.dataset(txn, dataset_id)
            names = labels.names(txn, owner.uid)
            number = _number(txn, owner, old, "label")
            if old == new:
                return RenameLabelAnswer(label=labels.get(txn, owner.uid, number), revision=owner.revision)
            moves = label_moves.renaming(names, old, new)
            for path in moves.renamed.values():
                check_path(path, "new_label")
            mover = _Mover(txn, owner, AnnotationBook(txn, owner, self._limits.labels_max, now_us, actor))
            same_parent = label_moves.parent_of(old) == label_moves.parent_of(new)
            count = mover.move(moves, rewrite=bool(moves.merged) or not same_parent)
            mover.tell(names, moves, actor, now_us)
            final = moves.merged.get(number) or number
            return RenameLabelAnswer(
                revision=mover.book.close(),
                label=mover.book.taxonomy.record(final),
                renamed_count=len(moves.renamed),
                merged_count=len(moves.merged),
                annotation_count=count,
            )

        return await self._changes.run(RenameLabelAnswer, work, once)

    async def delete(
        self,
        dataset_id: str,
        label: str,
        move_to: str = "",
        *,
        force: bool = False,
        actor: str = "",
        once: RequestKey | None = None,
    ) -> DeleteLabelAnswer:
        """Raises AppError INVALID_LABEL, LABEL_BELOW_ITSELF, LABEL_IN_USE, TOO_MANY_ANNOTATIONS."""
        path = check_path(label, "label")
        target = check_path(move_to, "move_to") if move_to else ""
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)
        if target == path or target.startswith(path + SEPARATOR):
            raise invalid("move_to", f"must not be {path!r}, which is deleted, or lie below it", "LABEL_BELOW_ITSELF")

        def work(txn: Txn, now_us: int) -> DeleteLabelAnswer:
            owner = lookup.dataset(txn, dataset_id)
            names = labels.names(txn, owner.uid)
            record = labels.get(txn, owner.uid, _number(txn, owner, path, "label"))
            moves = label_moves.deletion(names, path, _number(txn, owner, target, "move_to") if target else None)
            if record is not None and not target and not force:
                _check_unused(txn, owner, record, moves)
            mover = _Mover(txn, owner, AnnotationBook(txn, owner, self._limits.labels_max, now_us, actor))
            count = mover.move(moves, rewrite=True)
            mover.tell(names, moves, actor, now_us)
            revision = mover.book.close()
            return DeleteLabelAnswer(deleted_count=len(moves.merged), annotation_count=count, revision=revision)

        return await self._changes.run(DeleteLabelAnswer, work, once)

    def history(self, dataset_id: str, label: str, page: PageRequest) -> Page[LabelEventRecord]:
        """Newest first; of one label, whatever it was called, or of all when `label` is empty."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            number = _number(txn, owner, check_path(label, "label"), "label") if label else 0
            scope = label_events.scope(owner.uid) + str(number).encode()
            found = (
                (key, event)
                for key, event in label_events.newest_first(txn, owner.uid, page.position(scope))
                if not number or number in (event.number, event.into_number)
            )
            return take(found, page.limit(), scope, LabelEventRecord.ByteSize)


@dataclass(frozen=True, slots=True)
class _Said:
    place: Place
    record: AnnotationRecord


class _Mover:
    """One change of labels within one transaction; the caller closes `book`."""

    def __init__(self, txn: Txn, owner: DatasetRecord, book: AnnotationBook) -> None:
        self._txn = txn
        self._owner = owner
        self.book = book

    def move(self, moves: Moves, *, rewrite: bool) -> int:
        """Changes labels and, with `rewrite`, what annotations say and count for; how many say something else now."""
        said = self._affected(moves) if rewrite else []
        self._count(Counter(marks_of(one.record) for one in said), -1)
        self.book.taxonomy.hide(moves.merged)
        self.book.taxonomy.rename(moves.renamed)
        self.book.taxonomy.create(moves.created)
        after: Counter[Marks] = Counter()
        changed = 0
        for one in said:
            before = marks_of(one.record)
            marks = label_moves.moved_marks(before, moves.merged, self.book.taxonomy.levels_of)
            after[marks] += 1
            if marks != before:
                changed += 1
                self.book.rewrite(one.place, one.record, marks, Origin(cause=Cause.LABELS_CHANGED))
        self._count(after, 1)
        self.book.taxonomy.remove(moves.merged)
        return changed

    def tell(self, names: dict[int, str], moves: Moves, actor: str, now_us: int) -> None:
        for number, path in moves.renamed.items():
            event = LabelEventRecord(kind=LabelEventKind.RENAMED, number=number, from_name=names[number], to_name=path)
            self.book.taxonomy.tell(event, actor, now_us)
        for number, target in moves.merged.items():
            event = LabelEventRecord(kind=LabelEventKind.DELETED, number=number, from_name=names[number])
            if target is not None:
                event.kind, event.into_number = LabelEventKind.MERGED, target
                event.to_name = self.book.taxonomy.record(target).name
            self.book.taxonomy.tell(event, actor, now_us)

    def _affected(self, moves: Moves) -> list[_Said]:
        places = self._places(moves)
        if len(places) > ANNOTATIONS_MAX:
            raise precondition(
                "TOO_MANY_ANNOTATIONS",
                f"{len(places):,} annotations name these labels; one change rewrites at most {ANNOTATIONS_MAX:,}:"
                " move labels below it one by one, or give its documents their new label with Annotate first",
                name=dataset_name(self._owner.id),
            )
        found = (
            (place, annotations.get(self._txn, self._owner.uid, place.source_uid, place.document_id))
            for place in sorted(places, key=lambda place: (place.source_uid, place.document_id))
        )
        return [_Said(place, record) for place, record in found if record is not None]

    def _places(self, moves: Moves) -> set[Place]:
        if self._owner.has_label_index:
            return {
                Place(*found)
                for number in moves.touched
                for found in annotations.places_of_label(self._txn, self._owner.uid, number)
            }
        return {
            Place(*keys.annotated_document(key))
            for key, record in annotations.by_document(self._txn, self._owner.uid)
            if not moves.touched.isdisjoint((*record.assigned, *record.dismissed))
        }

    def _count(self, marks: Counter[Marks], step: int) -> None:
        taxonomy = self.book.taxonomy
        for one, times in marks.items():
            taxonomy.count(closed(one.assigned, taxonomy.levels_of), one.dismissed, step * times)


def _number(txn: Txn, owner: DatasetRecord, path: str, field: str) -> int:
    number = labels.number_of(txn, owner.uid, path)
    if number is None:
        violation = FieldViolation(field, "is not a label of the dataset")
        message = f"{field}: {dataset_name(owner.id)} has no label {path!r}"
        raise AppError(Code.NOT_FOUND, "UNKNOWN_LABEL", message, violations=(violation,))
    return number


def _check_unused(txn: Txn, owner: DatasetRecord, record: LabelRecord, moves: Moves) -> None:
    records = [labels.get(txn, owner.uid, number) for number in moves.merged]
    dismissed = sum(one.dismissed_count for one in records if one is not None)
    if record.assigned_count or dismissed:
        raise precondition(
            "LABEL_IN_USE",
            f"{record.name!r} is assigned to {record.assigned_count:,} documents and was dismissed {dismissed:,} times,"
            " labels below it included: name a label that they move to, or force the deletion",
            name=dataset_name(owner.id),
        )
