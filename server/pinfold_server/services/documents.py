"""Documents: found, listed, deleted. Storing them is `services/uploads.py`."""

from collections.abc import Sequence

from pinfold_server.domain.annotations import Cause
from pinfold_server.domain.filter_syntax import parse
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import check_document_id, document_name
from pinfold_server.errors import invalid, not_found
from pinfold_server.services import document_scope, lookup
from pinfold_server.services.annotation_book import AnnotationBook, Origin, Place
from pinfold_server.services.changes import Changes, RequestKey
from pinfold_server.services.finding import Finder, Found, page_of, token_scope
from pinfold_server.services.pages import Page, PageRequest
from pinfold_server.store import datasets, documents, sources
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, DocumentRecord

DELETE_MAX = 1_000


class DocumentService:
    """Every method raises AppError NOT_FOUND for a source that is not there."""

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits

    def get(self, source_id: str, document_id: str) -> DocumentRecord:
        """Raises AppError DOCUMENT_NOT_FOUND."""
        with self._store.read() as txn:
            record = documents.get(txn, lookup.source(txn, source_id).uid, document_id)
        if record is None:
            raise not_found("document", document_name(source_id, document_id))
        return record

    def list_documents(
        self, source_id: str | None, page: PageRequest, dataset_id: str | None = None, filter_text: str = ""
    ) -> Page[Found]:
        """By source (in the order of their making) and id; with a filter a page can be short although more follow.

        Raises what `document_scope.resolve`, `filter_syntax.parse` and `Finder` raise.
        """
        wanted = parse(filter_text)
        with self._store.read() as txn:
            scope = document_scope.resolve(txn, dataset_id, source_id)
            return page_of(Finder(txn, scope, wanted), token_scope(scope, filter_text), page)

    async def delete(self, source_id: str, document_ids: Sequence[str], once: RequestKey | None = None) -> CountAnswer:
        """Deletes documents and what every dataset says of them; answers how many there were."""
        if not 1 <= len(document_ids) <= DELETE_MAX:
            raise invalid("ids", f"must name 1 to {DELETE_MAX:,} documents, got {len(document_ids):,}")
        for index, document_id in enumerate(document_ids):
            check_document_id(document_id, f"ids[{index}]")

        def work(txn: Txn, now_us: int) -> CountAnswer:
            source = lookup.source(txn, source_id)
            gone = [document_id for document_id in document_ids if documents.delete(txn, source, document_id)]
            if gone:
                source.document_count -= len(gone)
                sources.put(txn, source)
            for owner in datasets.reading(txn, source_id):
                book = AnnotationBook(txn, owner, self._limits.labels_max, now_us)
                for document_id in gone:
                    book.erase(Place(source.uid, document_id), Origin(cause=Cause.DOCUMENT_DELETED))
                book.close()
            return CountAnswer(count=len(gone))

        return await self._changes.run(CountAnswer, work, once)
