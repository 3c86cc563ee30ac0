"""Documents: found and listed. Storing them is `uploads.py`, deleting them `deletions.py`."""

from dataclasses import dataclass

from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.names import document_name
from pinfold_server.errors import not_found
from pinfold_server.services.common import lookup
from pinfold_server.services.common.pages import PageRequest
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.finding import Finder, Found, page_of, token_scope
from pinfold_server.services.sampling.score_tables import TableScores
from pinfold_server.services.sampling.stored_scores import StoredScores
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import DocumentRecord
from pinfold_server.store.tables import documents


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents, the token of the page after them (empty on the last one), what a filter on predictions read."""

    records: list[Found]
    next_token: str
    scores: TableScores | None


class DocumentService:
    """Every method raises AppError NOT_FOUND for a source that is not there."""

    def __init__(self, store: Store, scores: StoredScores) -> None:
        self._store = store
        self._scores = scores

    def get(self, source_id: str, document_id: str) -> DocumentRecord:
        """Raises AppError DOCUMENT_NOT_FOUND."""
        with self._store.read() as txn:
            record = documents.get(txn, lookup.source(txn, source_id).uid, document_id)
        if record is None:
            raise not_found("document", document_name(source_id, document_id))
        return record

    def list_documents(
        self, source_id: str | None, page: PageRequest, dataset_id: str | None = None, filter_text: str = ""
    ) -> DocumentPage:
        """By source (in the order of their making) and id; with a filter a page can be short although more follow.

        Raises what `document_scope.resolve`, `filter_syntax.parse`, `StoredScores.of` and `Finder` raise.
        """
        wanted = parse(filter_text)
        with self._store.read() as txn:
            scope = document_scope.resolve(txn, dataset_id, source_id)
            scores = self._scores.of(txn, scope, wanted)
            found = page_of(Finder(txn, scope, wanted, scores), token_scope(scope, filter_text), page)
        return DocumentPage(found.records, found.next_token, scores)
