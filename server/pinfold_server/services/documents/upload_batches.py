"""What one batch of an upload changes, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.labels.annotations import Cause, Marks, MarksChange, RetrievalMode
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import ACTOR_CHARS_MAX, check_text_field
from pinfold_server.errors import AppError, Code, FieldViolation, invalid
from pinfold_server.services.annotations.annotation_book import AnnotationBook, Origin, Place, Saying
from pinfold_server.services.annotations.split_book import SplitBook, split_of
from pinfold_server.services.common import lookup, metadata
from pinfold_server.services.common.failures import failure
from pinfold_server.services.documents.duplicates import DuplicateTexts, Twin, Twins
from pinfold_server.services.labels.label_sentiments import check_sentiments, negative_numbers
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DocumentRecord, UploadAnswer
from pinfold_server.store.tables import documents, sources


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where the documents of one upload go. Raises AppError INVALID."""

    source_id: str
    dataset_id: str | None = None
    create_labels: bool = False
    annotator: str = ""
    add_only: bool = False  # what is stored is never changed
    duplicates: DuplicateTexts = DuplicateTexts.STORE

    def __post_init__(self) -> None:
        check_text_field(self.annotator, "annotator", ACTOR_CHARS_MAX)
        if self.add_only and self.duplicates in (DuplicateTexts.KEEP_LAST, DuplicateTexts.MERGE):
            name = self.duplicates.name
            raise invalid("duplicates", f"{name} changes what is stored, which the mode ADD rules out: use KEEP_FIRST")


# A million are made in an upload, and a frozen dataclass takes three times as long to make.
class UploadItem(NamedTuple):
    """A document, and the labels that people gave it (None when nothing is said of labels) with their sentiments, and
    the number of its part of a training (None when nothing is said of that).
    """

    document: Document
    labels: tuple[str, ...] | None = None
    sentiments: tuple[int, ...] = ()
    split: int | None = None


class Checked(NamedTuple):
    """An item without a fault of its own."""

    number: int  # its place in the upload, from 0
    item: UploadItem


class UploadBatch:
    """Stores documents and labels of one upload; items that fail are told and harm no other."""

    def __init__(self, txn: Txn, target: UploadTarget, limits: DatasetLimits, now_us: int) -> None:
        self._txn = txn
        self._target = target
        self._now_us = now_us
        self._source = lookup.source(txn, target.source_id)
        self._book = self._open_book(limits)
        self._splits = None if self._book is None else SplitBook(txn, self._book.owner.uid)
        self._answer = UploadAnswer()
        self._origin = Origin(target.annotator, RetrievalMode.UPLOAD, Cause.UPLOADED)
        self._sayings: dict[tuple[tuple[str, ...], tuple[int, ...]], Saying] = {}
        self._changed: dict[str, documents.Change] = {}
        compares = target.duplicates is not DuplicateTexts.STORE
        self._twins = Twins(txn, self._source, self._changed) if compares else None

    def store(self, checked: Sequence[Checked]) -> UploadAnswer:
        ids = [entry.item.document.id for entry in checked]
        for entry, old in zip(checked, documents.get_many(self._txn, self._source.uid, ids), strict=True):
            if self._target.add_only and old is not None:
                _leave(self._answer, entry, old)
                continue
            try:
                self._take(entry, old)
            except AppError as error:
                self._answer.failures.append(failure(entry.number, entry.item.document.id, error))
        return self._close()

    def _take(self, entry: Checked, old: DocumentRecord | None) -> None:
        document = entry.item.document
        twin = None if self._twins is None else self._twins.find(document.id, document.text, old)
        if twin is not None:
            self._take_duplicate(entry, twin)
            return
        self._say(entry, document.id, merge=False)
        record = _count(self._answer, old, document, self._now_us)
        if record is not None:
            self._changed[document.id] = documents.Change(document.id, old, record)
            if self._twins is not None:
                self._twins.take(document.id, document.text)

    def _take_duplicate(self, entry: Checked, twin: Twin) -> None:
        duplicates = self._target.duplicates
        if duplicates is not DuplicateTexts.KEEP_FIRST:
            self._say(entry, twin.id, merge=duplicates is DuplicateTexts.MERGE)
        self._answer.duplicate_count += 1
        if duplicates is DuplicateTexts.KEEP_LAST:
            record = _count(UploadAnswer(), twin.record, replace(entry.item.document, id=twin.id), self._now_us)
            if record is not None:
                pending = self._changed.get(twin.id)
                stored = twin.record if pending is None else pending.old
                self._changed[twin.id] = documents.Change(twin.id, stored, record)

    def _say(self, entry: Checked, document_id: str, *, merge: bool) -> None:
        """What an item says of a document: labels, with `merge` beside those that it has, and its split."""
        split = None if entry.item.split is None else split_of(entry.item.split, f"documents[{entry.number}].split")
        self._annotate(entry, document_id, merge=merge)
        if self._splits is not None and split is not None:
            self._answer.split_changed_count += self._splits.choose(self._source.uid, document_id, split)

    def _annotate(self, entry: Checked, document_id: str, *, merge: bool) -> None:
        labels = entry.item.labels
        if self._book is None or labels is None:
            return
        place = Place(self._source.uid, document_id)
        # Thousands of documents get the same labels: what they mean is worked out once.
        key = (labels, entry.item.sentiments)
        saying = self._sayings.get(key)
        if saying is None:
            saying = self._sayings[key] = Saying(self._change(self._book, entry), self._origin)
        if merge:
            saying = Saying(_beside(saying.change, self._book.marks(place)), self._origin)
        self._answer.annotated_count += self._book.say(place, saying)

    def _change(self, book: AnnotationBook, entry: Checked) -> MarksChange:
        """Raises AppError for labels or sentiments that are out of rule."""
        field, labels, sentiments = f"documents[{entry.number}].labels", entry.item.labels or (), entry.item.sentiments
        check_sentiments(book.owner, labels, sentiments, field)
        numbers = book.taxonomy.resolve(labels, f"{field}.labels", create=self._target.create_labels)
        negative = negative_numbers(book.taxonomy, labels, sentiments)
        return MarksChange(assigned=numbers, reviewed=True, negative=negative)

    def _close(self) -> UploadAnswer:
        answer = self._answer
        if self._changed:
            documents.put_many(self._txn, self._source, self._changed.values(), self._now_us)
            self._source.document_count += answer.new_count
            sources.put(self._txn, self._source)
        if self._splits is not None:
            self._splits.close()
        if self._book is not None:
            answer.labels_created_count = self._book.taxonomy.created
            answer.revision = self._book.close(beside=answer.split_changed_count > 0)
        return answer

    def _open_book(self, limits: DatasetLimits) -> AnnotationBook | None:
        target = self._target
        if target.dataset_id is None:
            return None
        owner = lookup.dataset(self._txn, target.dataset_id)
        lookup.check_reads(owner, target.source_id)
        return AnnotationBook(self._txn, owner, limits.labels_max, self._now_us, target.annotator)


def _beside(change: MarksChange, before: Marks) -> MarksChange:
    """Assigns what was assigned before too; of labels that both name, the newer sentiment holds."""
    assigned = change.assigned or frozenset()
    negative = change.negative | (before.negative - assigned)
    return replace(change, assigned=assigned | before.assigned, negative=negative)


def _leave(answer: UploadAnswer, entry: Checked, old: DocumentRecord) -> None:
    """What is told of a document whose id is stored, and stays as it is."""
    new = entry.item.document
    if old.text == new.text and not _other_metadata(old, new):
        answer.unchanged_count += 1
        return
    field = f"documents[{entry.number}].document.id"
    violation = FieldViolation(field, "is the id of another document that is stored already")
    error = AppError(Code.EXISTS, "DOCUMENT_EXISTS", f"{field}: {new.id!r} is stored already", violations=(violation,))
    answer.failures.append(failure(entry.number, new.id, error))


def _other_metadata(old: DocumentRecord, new: Document) -> bool:
    if new.timestamp_us is not None and old.timestamp_us != new.timestamp_us:
        return True
    return metadata.read(old.metadata) != new.metadata


def _count(answer: UploadAnswer, old: DocumentRecord | None, new: Document, now_us: int) -> DocumentRecord | None:
    """The record to store, None when it is stored already as sent; counts which of the four it is."""
    if old is None:
        answer.new_count += 1
        return _record(new, now_us, now_us, now_us)
    if old.text != new.text:
        answer.text_changed_count += 1
    elif _other_metadata(old, new):
        answer.metadata_changed_count += 1
    else:
        answer.unchanged_count += 1
        return None
    # A document that is sent again without a timestamp keeps its own, so that a repeat changes nothing.
    return _record(new, old.timestamp_us, old.created_us, now_us)


def _record(new: Document, implied_timestamp_us: int, created_us: int, now_us: int) -> DocumentRecord:
    record = DocumentRecord(
        text=new.text,
        timestamp_us=implied_timestamp_us if new.timestamp_us is None else new.timestamp_us,
        created_us=created_us,
        updated_us=now_us,
    )
    if new.metadata:
        metadata.write(record.metadata, new.metadata)
    return record
