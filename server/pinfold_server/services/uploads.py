"""Uploads: batch by batch, each committed on its own, items that fail told without harm to the others."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.annotations import Cause, MarksChange, RetrievalMode
from pinfold_server.domain.documents import Document, check_document
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import ACTOR_CHARS_MAX, check_text_field
from pinfold_server.errors import AppError, Code, FieldViolation, invalid
from pinfold_server.services import lookup, metadata
from pinfold_server.services.annotation_book import AnnotationBook, Origin, Place
from pinfold_server.services.changes import Changes
from pinfold_server.services.failures import failure
from pinfold_server.store import documents, sources
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DocumentRecord, ItemFailureRecord, UploadAnswer

BATCH_MAX = 10_000
#: Ids are kept in memory to find repeats, so an upload has an end.
UPLOAD_MAX = 1_000_000
FAILURES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where the documents of one upload go. Raises AppError INVALID."""

    source_id: str
    dataset_id: str | None = None
    create_labels: bool = False
    annotator: str = ""
    add_only: bool = False  # what is stored is never changed

    def __post_init__(self) -> None:
        check_text_field(self.annotator, "annotator", ACTOR_CHARS_MAX)


@dataclass(frozen=True, slots=True)
class UploadItem:
    """A document, and the labels that people gave it; None when nothing is said of labels."""

    document: Document
    labels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Checked:
    """An item without a fault of its own."""

    index: int
    item: UploadItem


class UploadService:
    """Starts uploads."""

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits

    def begin(self, target: UploadTarget) -> "Upload":
        """Raises AppError NOT_FOUND for a source or dataset that is not there, SOURCE_NOT_IN_DATASET."""
        with self._store.read() as txn:
            lookup.source(txn, target.source_id)
            revision = 0
            if target.dataset_id is not None:
                owner = lookup.dataset(txn, target.dataset_id)
                lookup.check_reads(owner, target.source_id)
                revision = owner.revision
        return Upload(target, self._changes, self._limits, revision)


class Upload:
    """One upload to `target` under way. `answer` holds the totals of what is committed."""

    def __init__(self, target: UploadTarget, changes: Changes, limits: DatasetLimits, revision: int) -> None:
        self.answer = UploadAnswer(revision=revision)
        self.target = target
        self._changes = changes
        self._limits = limits
        self._ids: set[str] = set()
        self._sent = 0

    async def add(self, items: Sequence[UploadItem]) -> None:
        """Stores a batch; on return it is committed. Raises AppError TOO_MANY_DOCUMENTS."""
        if len(items) > BATCH_MAX:
            raise _too_many(f"a message must have at most {BATCH_MAX:,}, got {len(items):,}")
        if self._sent + len(items) > UPLOAD_MAX:
            raise _too_many(f"an upload must have at most {UPLOAD_MAX:,}; send the rest in another")
        # A large batch takes tens of milliseconds: not on the event loop.
        checked, refused = await asyncio.to_thread(self._check, items)
        batch = UploadAnswer(revision=self.answer.revision)
        if checked:
            batch = await self._changes.run(UploadAnswer, lambda txn, now_us: self._store(txn, now_us, checked))
        batch.failures.extend(refused)
        batch.failures.sort(key=lambda found: found.index)
        self._add(batch)

    def _check(self, items: Sequence[UploadItem]) -> tuple[list[_Checked], list[ItemFailureRecord]]:
        checked: list[_Checked] = []
        refused: list[ItemFailureRecord] = []
        for index, item in enumerate(items, self._sent):
            try:
                self._check_item(index, item)
            except AppError as error:
                refused.append(failure(index, item.document.id, error))
            else:
                checked.append(_Checked(index, item))
        self._sent += len(items)
        return checked, refused

    def _check_item(self, index: int, item: UploadItem) -> None:
        path = f"documents[{index}]"
        check_document(item.document, f"{path}.document", self._limits.text_bytes_max)
        if item.labels is not None and self.target.dataset_id is None:
            raise invalid(f"{path}.labels", "needs a dataset: name it in the first message", "DATASET_REQUIRED")
        if item.document.id in self._ids:
            raise invalid(f"{path}.document.id", f"{item.document.id!r} came earlier in this upload", "DUPLICATE_ID")
        self._ids.add(item.document.id)

    def _store(self, txn: Txn, now_us: int, checked: Sequence[_Checked]) -> UploadAnswer:
        source = lookup.source(txn, self.target.source_id)
        book = self._open_book(txn, now_us)
        origin = Origin(self.target.annotator, RetrievalMode.UPLOAD, Cause.UPLOADED)
        answer = UploadAnswer()
        changed: list[documents.Change] = []
        ids = [entry.item.document.id for entry in checked]
        for entry, old in zip(checked, documents.get_many(txn, source.uid, ids), strict=True):
            document, labels = entry.item.document, entry.item.labels
            if self.target.add_only and old is not None:
                _leave(answer, entry, old)
                continue
            try:
                if book is not None and labels is not None:
                    field = f"documents[{entry.index}].labels.labels"
                    numbers = book.taxonomy.resolve(labels, field, create=self.target.create_labels)
                    change = MarksChange(assigned=numbers, reviewed=True)
                    answer.annotated_count += book.apply(Place(source.uid, document.id), change, origin)
            except AppError as error:
                answer.failures.append(failure(entry.index, document.id, error))
                continue
            record = _count(answer, old, document, now_us)
            if record is not None:
                changed.append(documents.Change(document.id, old, record))
        if changed:
            documents.put_many(txn, source, changed, now_us)
            source.document_count += answer.new_count
            sources.put(txn, source)
        if book is not None:
            answer.labels_created_count = book.taxonomy.created
            answer.revision = book.close()
        return answer

    def _open_book(self, txn: Txn, now_us: int) -> AnnotationBook | None:
        if self.target.dataset_id is None:
            return None
        owner = lookup.dataset(txn, self.target.dataset_id)
        lookup.check_reads(owner, self.target.source_id)
        return AnnotationBook(txn, owner, self._limits.labels_max, now_us, self.target.annotator)

    def _add(self, batch: UploadAnswer) -> None:
        total = self.answer
        total.new_count += batch.new_count
        total.text_changed_count += batch.text_changed_count
        total.metadata_changed_count += batch.metadata_changed_count
        total.unchanged_count += batch.unchanged_count
        total.annotated_count += batch.annotated_count
        total.labels_created_count += batch.labels_created_count
        total.failed_count += len(batch.failures)
        total.failures.extend(batch.failures[: FAILURES_MAX - len(total.failures)])
        total.revision = batch.revision


def _leave(answer: UploadAnswer, entry: _Checked, old: DocumentRecord) -> None:
    """What is told of a document whose id is stored, and stays as it is."""
    new = entry.item.document
    if old.text == new.text and not _other_metadata(old, new):
        answer.unchanged_count += 1
        return
    field = f"documents[{entry.index}].document.id"
    violation = FieldViolation(field, "is the id of another document that is stored already")
    error = AppError(Code.EXISTS, "DOCUMENT_EXISTS", f"{field}: {new.id!r} is stored already", violations=(violation,))
    answer.failures.append(failure(entry.index, new.id, error))


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
    metadata.write(record.metadata, new.metadata)
    return record


def _too_many(description: str) -> AppError:
    return invalid("documents", description, "TOO_MANY_DOCUMENTS")
