"""Which part of a training documents are for: chosen by people, listed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.names import document_name, parse_document
from pinfold_server.errors import invalid, not_found
from pinfold_server.services.annotations.split_book import SplitBook, split_of
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.failures import work_each
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import AnnotateAnswer, DatasetRecord
from pinfold_server.store.tables import datasets, documents, sources, splits

BATCH_MAX = 4_096


@dataclass(frozen=True, slots=True)
class SplitChoice:
    """The part of a document, as it is sent: `document` a resource name, `split` any number."""

    document: str
    split: int


class SplitService:
    """Every method raises AppError NOT_FOUND for a dataset that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def choose(
        self, dataset_id: str, choices: Sequence[SplitChoice], once: RequestKey | None = None
    ) -> AnnotateAnswer:
        """Items that fail are told in the answer; the others are committed together, as one revision."""
        if not 1 <= len(choices) <= BATCH_MAX:
            raise invalid("splits", f"must have 1 to {BATCH_MAX:,} documents, got {len(choices):,}")

        def work(txn: Txn, now_us: int) -> AnnotateAnswer:
            owner = lookup.dataset(txn, dataset_id)
            book = SplitBook(txn, owner.uid)
            batch = _Batch(txn, owner, book)
            answer = AnnotateAnswer()
            for changed in work_each(choices, batch.apply, "splits", answer.failures):
                answer.changed_count += changed
                answer.unchanged_count += not changed
            book.close()
            if answer.changed_count:
                owner.revision += 1
                owner.updated_us = now_us
                datasets.put(txn, owner)
            answer.revision = owner.revision
            return answer

        return await self._changes.run(AnnotateAnswer, work, once)

    def list_splits(self, dataset_id: str, page: PageRequest) -> Page[SplitChoice]:
        """By source (in the order of their making) and document id, of the sources that the dataset reads."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = splits.scope(owner.uid)
            found = (sources.get(txn, source_id) for source_id in owner.source_ids)
            source_ids = {record.uid: record.id for record in found if record is not None}
            entries = (
                (key, SplitChoice(document_name(source_ids[uid], document_id), record.split))
                for key, record in splits.by_document(txn, owner.uid, keys.after(page.position(scope)))
                for uid, document_id in (keys.split_document(key),)
                if uid in source_ids
            )
            return take(entries, page.limit(), scope)


class _Batch:
    """The choices of one call, one after the other."""

    def __init__(self, txn: Txn, owner: DatasetRecord, book: SplitBook) -> None:
        self._txn = txn
        self._owner = owner
        self._book = book
        self._seen: set[str] = set()
        self._source_uids: dict[str, int] = {}

    def apply(self, choice: SplitChoice, field: str) -> bool:
        """True when the part changed; raises AppError for what is wrong with the choice."""
        split = split_of(choice.split, f"{field}.split")
        return self._book.choose(*self._place(choice.document, f"{field}.document"), split)

    def _place(self, document: str, field: str) -> tuple[int, str]:
        source_id, document_id = parse_document(document, field)
        if document in self._seen:
            raise invalid(field, f"names {document} a second time", "DUPLICATE_ID")
        self._seen.add(document)
        source_uid = self._source_uid(source_id, field)
        if not documents.exists(self._txn, source_uid, document_id):
            raise not_found("document", document, field)
        return source_uid, document_id

    def _source_uid(self, source_id: str, field: str) -> int:
        if source_id not in self._source_uids:
            source = lookup.source(self._txn, source_id, field)
            lookup.check_reads(self._owner, source_id)
            self._source_uids[source_id] = source.uid
        return self._source_uids[source_id]
