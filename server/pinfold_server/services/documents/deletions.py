"""Documents deleted, by id or by what a filter says of them, a bounded number in each transaction."""

import asyncio
import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.labels.annotations import Cause
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import check_document_id, document_name
from pinfold_server.errors import invalid, precondition
from pinfold_server.services.annotations.annotation_book import AnnotationBook, Origin, Place
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import Page, PageRequest
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.finding import Finder, Found, page_of, token_scope
from pinfold_server.services.sampling.score_tables import TableScores
from pinfold_server.services.sampling.stored_scores import StoredScores
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, DeleteDocumentsAnswer
from pinfold_server.store.tables import annotations, datasets, documents, sources, splits, streams

DELETE_MAX = 1_000


class Policy(enum.IntEnum):
    """What is done with annotated documents; the numbers are those of the protocol."""

    REFUSE = 1
    KEEP = 2
    DELETE = 3


@dataclass(frozen=True, slots=True)
class Matching:
    """Documents that a filter chooses, from where the call before stopped."""

    filter_text: str
    dataset_id: str | None
    source_id: str | None
    token: str = ""


class DeletionService:
    """Every method raises AppError NOT_FOUND for a source or dataset that is not there.

    ANNOTATED_DOCUMENTS, with nothing deleted, when the policy is to refuse and a document is annotated.
    """

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits, scores: StoredScores) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits
        self._scores = scores

    async def delete(
        self,
        source_id: str,
        document_ids: Sequence[str],
        once: RequestKey | None = None,
        *,
        policy: Policy = Policy.DELETE,
    ) -> DeleteDocumentsAnswer:
        """Ids that do not exist are not counted."""
        if not 1 <= len(document_ids) <= DELETE_MAX:
            raise invalid("ids", f"must name 1 to {DELETE_MAX:,} documents, got {len(document_ids):,}")
        for index, document_id in enumerate(document_ids):
            check_document_id(document_id, f"ids[{index}]")

        def work(txn: Txn, now_us: int) -> DeleteDocumentsAnswer:
            lookup.source(txn, source_id)
            return _Deletion(txn, policy, self._limits, now_us).delete(source_id, document_ids)

        return await self._changes.run(DeleteDocumentsAnswer, work, once)

    async def delete_matching(
        self, matching: Matching, policy: Policy, once: RequestKey | None = None
    ) -> DeleteDocumentsAnswer:
        """Up to DELETE_MAX of them; the answer's token leads to the rest. Raises what listing them would raise."""
        wanted = parse(matching.filter_text)
        await self._scores.ready(matching.dataset_id, matching.filter_text)
        page, scores = await asyncio.to_thread(self._find, matching)

        def work(txn: Txn, now_us: int) -> DeleteDocumentsAnswer:
            scope = document_scope.resolve(txn, matching.dataset_id, matching.source_id)
            # Between the look and this transaction a document may have been changed so that it matches no more.
            matches = _still_matching(txn, Finder(txn, scope, wanted, scores))
            deletion = _Deletion(txn, policy, self._limits, now_us)
            answer = DeleteDocumentsAnswer(next_token=page.next_token)
            if scores is not None:
                answer.scored_version, answer.unscored_count = scores.version, scores.unscored_count
            for source_id, found in groupby(page.records, lambda one: one.source_id):
                part = deletion.delete(source_id, [one.document_id for one in found if matches(one)])
                answer.deleted_count += part.deleted_count
                answer.kept_count += part.kept_count
            return answer

        return await self._changes.run(DeleteDocumentsAnswer, work, once)

    def _find(self, matching: Matching) -> tuple[Page[Found], TableScores | None]:
        with self._store.read() as txn:
            scope = document_scope.resolve(txn, matching.dataset_id, matching.source_id)
            wanted = parse(matching.filter_text)
            scores = self._scores.of(txn, scope, wanted)
            request = PageRequest(DELETE_MAX, matching.token)
            token = b"delete" + token_scope(scope, matching.filter_text)
            return page_of(Finder(txn, scope, wanted, scores), token, request), scores


class _Deletion:
    """Deletes within one transaction."""

    def __init__(self, txn: Txn, policy: Policy, limits: DatasetLimits, now_us: int) -> None:
        self._txn = txn
        self._policy = policy
        self._limits = limits
        self._now_us = now_us

    def delete(self, source_id: str, document_ids: Sequence[str]) -> DeleteDocumentsAnswer:
        source = lookup.source(self._txn, source_id)
        readers = datasets.reading(self._txn, source_id)
        answer = DeleteDocumentsAnswer()
        gone: list[str] = []
        for document_id in document_ids:
            place = Place(source.uid, document_id)
            if self._policy is not Policy.DELETE and self._is_annotated(readers, place):
                if self._policy is Policy.REFUSE:
                    raise _refused(source_id, document_id)
                answer.kept_count += 1
            elif documents.delete(self._txn, source, document_id):
                gone.append(document_id)
        if gone:
            source.document_count -= len(gone)
            sources.put(self._txn, source)
        for owner in readers:
            book = AnnotationBook(self._txn, owner, self._limits.labels_max, self._now_us)
            streams.forget_documents(self._txn, owner.uid, source.uid, gone)
            for document_id in gone:
                splits.delete(self._txn, owner.uid, source.uid, document_id)
                book.erase(Place(source.uid, document_id), Origin(cause=Cause.DOCUMENT_DELETED))
            book.close()
        answer.deleted_count = len(gone)
        return answer

    def _is_annotated(self, readers: Sequence[DatasetRecord], place: Place) -> bool:
        return any(
            annotations.get(self._txn, owner.uid, place.source_uid, place.document_id) is not None for owner in readers
        )


def _still_matching(txn: Txn, finder: Finder) -> Callable[[Found], bool]:
    def matches(found: Found) -> bool:
        record = documents.get(txn, found.source_uid, found.document_id)
        key = keys.document(found.source_uid, found.document_id)
        return record is not None and finder.look(key, record) is not None

    return matches


def _refused(source_id: str, document_id: str) -> Exception:
    name = document_name(source_id, document_id)
    return precondition(
        "ANNOTATED_DOCUMENTS",
        f"{name} is annotated, and nothing was deleted: say whether annotated documents are kept or deleted",
        name=name,
    )
