"""Annotations: changed in batches, found, listed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.labels.annotations import LabelConflict, MarksChange, RetrievalMode
from pinfold_server.domain.labels.sentiments import Sentiment
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import ACTOR_CHARS_MAX, check_text_field, document_name, parse_document
from pinfold_server.errors import invalid, not_found, stale_etag
from pinfold_server.services.annotations.annotation_book import AnnotationBook, Origin, Place
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.etags import annotation_etag
from pinfold_server.services.common.failures import work_each
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.labels.label_sentiments import check_sentiments, negative_numbers, sentiments_of
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import AnnotateAnswer, AnnotationRecord, DatasetRecord
from pinfold_server.store.tables import annotations, documents, labels

BATCH_MAX = 4_096


@dataclass(frozen=True, slots=True)
class AnnotationUpdate:
    """A change as it is sent: `document` a resource name, labels by path; None leaves what is stored."""

    document: str
    assigned: tuple[str, ...] | None = None
    dismissed: tuple[str, ...] | None = None
    reviewed: bool | None = None
    retrieval_mode: int = 0
    etag: str = ""
    sentiments: tuple[int, ...] = ()  # of `assigned`
    dismissed_sentiments: tuple[int, ...] = ()  # nobody may say any


@dataclass(frozen=True, slots=True)
class AnnotationInfo:
    """An annotation with names instead of numbers."""

    document: str
    assigned: tuple[str, ...]
    dismissed: tuple[str, ...]
    record: AnnotationRecord
    etag: str
    sentiments: tuple[Sentiment, ...] = ()  # of `assigned`


class AnnotationService:
    """Every method raises AppError NOT_FOUND for a dataset that is not there."""

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits

    async def annotate(
        self, dataset_id: str, updates: Sequence[AnnotationUpdate], annotator: str = "", once: RequestKey | None = None
    ) -> AnnotateAnswer:
        """Items that fail are told in the answer; the others are committed together."""
        if not 1 <= len(updates) <= BATCH_MAX:
            raise invalid("annotations", f"must have 1 to {BATCH_MAX:,} changes, got {len(updates):,}")
        check_text_field(annotator, "annotator", ACTOR_CHARS_MAX)

        def work(txn: Txn, now_us: int) -> AnnotateAnswer:
            owner = lookup.dataset(txn, dataset_id)
            book = AnnotationBook(txn, owner, self._limits.labels_max, now_us)
            batch = _Batch(txn, owner, book, annotator)
            answer = AnnotateAnswer()
            for changed in work_each(updates, batch.apply, "annotations", answer.failures):
                answer.changed_count += changed
                answer.unchanged_count += not changed
            answer.revision = book.close()
            return answer

        return await self._changes.run(AnnotateAnswer, work, once)

    def get(self, dataset_id: str, document: str) -> AnnotationInfo:
        """Raises AppError ANNOTATION_NOT_FOUND when nothing is said of the document."""
        source_id, document_id = parse_document(document, "document")
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            source = lookup.source(txn, source_id)
            record = annotations.get(txn, owner.uid, source.uid, document_id)
            if record is None:
                raise not_found("annotation", document)
            names: dict[int, str] = {}
            for number in (*record.assigned, *record.dismissed):
                label = labels.get(txn, owner.uid, number)
                names[number] = label.name if label is not None else ""
            return describe(owner, document, record, names)

    def list_annotations(self, dataset_id: str, page: PageRequest) -> Page[AnnotationInfo]:
        """By source (in the order of their making) and document id."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = annotations.scope(owner.uid)
            start = page.position(scope)
            names = labels.names(txn, owner.uid)
            source_ids = {lookup.source(txn, source_id).uid: source_id for source_id in owner.source_ids}
            entries = (
                (key, describe(owner, _document_of(key, source_ids), record, names))
                for key, record in annotations.by_document(txn, owner.uid, keys.after(start))
            )
            return take(entries, page.limit(), scope, _bytes_of)


class _Batch:
    """The changes of one call, one after the other."""

    def __init__(self, txn: Txn, owner: DatasetRecord, book: AnnotationBook, annotator: str) -> None:
        self._txn = txn
        self._owner = owner
        self._book = book
        self._annotator = annotator
        self._seen: set[str] = set()
        self._source_uids: dict[str, int] = {}

    def apply(self, update: AnnotationUpdate, field: str) -> bool:
        """True when the annotation changed; raises AppError for what is wrong with the update."""
        place = self._place(update.document, f"{field}.document")
        if update.etag:
            self._check_etag(update, place)
        origin = Origin(self._annotator, _mode(update.retrieval_mode, f"{field}.retrieval_mode"))
        change = self._change(update, field)
        try:
            return self._book.apply(place, change, origin)
        except LabelConflict as conflict:
            name = self._book.taxonomy.record(conflict.number).name
            description = f"dismisses {name!r}, which is also assigned, by itself or through a label below it"
            raise invalid(f"{field}.dismissed", description, "LABEL_CONFLICT") from conflict

    def _change(self, update: AnnotationUpdate, field: str) -> MarksChange:
        labels = update.assigned or ()
        check_sentiments(self._owner, labels, update.sentiments, f"{field}.assigned")
        if update.dismissed_sentiments:
            description = "must be empty: a label that does not apply has no sentiment"
            raise invalid(f"{field}.dismissed.sentiments", description, "SENTIMENT_NOT_TAKEN")
        return MarksChange(
            self._numbers(update.assigned, f"{field}.assigned.labels"),
            self._numbers(update.dismissed, f"{field}.dismissed.labels"),
            update.reviewed,
            negative_numbers(self._book.taxonomy, labels, update.sentiments),
        )

    def _check_etag(self, update: AnnotationUpdate, place: Place) -> None:
        record = annotations.get(self._txn, self._owner.uid, place.source_uid, place.document_id)
        current = annotation_etag(self._owner, record)
        if update.etag != current:
            raise stale_etag(f"the annotation of {update.document}", current)

    def _place(self, document: str, field: str) -> Place:
        source_id, document_id = parse_document(document, field)
        if document in self._seen:
            raise invalid(field, f"names {document} a second time", "DUPLICATE_ID")
        self._seen.add(document)
        place = Place(self._source_uid(source_id, field), document_id)
        if not documents.exists(self._txn, place.source_uid, document_id):
            raise not_found("document", document, field)
        return place

    def _source_uid(self, source_id: str, field: str) -> int:
        if source_id not in self._source_uids:
            source = lookup.source(self._txn, source_id, field)
            lookup.check_reads(self._owner, source_id)
            self._source_uids[source_id] = source.uid
        return self._source_uids[source_id]

    def _numbers(self, paths: tuple[str, ...] | None, field: str) -> frozenset[int] | None:
        return None if paths is None else self._book.taxonomy.resolve(paths, field, create=False)


def _mode(number: int, field: str) -> RetrievalMode:
    try:
        return RetrievalMode(number)
    except ValueError:
        raise invalid(field, f"is not known to this server: {number}") from None


def _document_of(key: bytes, source_ids: dict[int, str]) -> str:
    source_uid, document_id = keys.annotated_document(key)
    return document_name(source_ids[source_uid], document_id)


def describe(owner: DatasetRecord, document: str, record: AnnotationRecord, names: dict[int, str]) -> AnnotationInfo:
    """The annotation of a document with the names of its labels, `names` by number."""
    numbers = sorted(record.assigned, key=names.__getitem__)
    return AnnotationInfo(
        document,
        tuple(names[number] for number in numbers),
        tuple(sorted(names[number] for number in record.dismissed)),
        record,
        annotation_etag(owner, record),
        sentiments_of(owner, record, numbers),
    )


def _bytes_of(info: AnnotationInfo) -> int:
    return len(info.document) + sum(map(len, info.assigned)) + sum(map(len, info.dismissed)) + info.record.ByteSize()
