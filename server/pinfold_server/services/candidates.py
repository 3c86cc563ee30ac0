"""Documents that can match a filter, in the order of sources and ids: all of them, or those that people annotated."""

from collections.abc import Iterator

from pinfold_server.domain import filters
from pinfold_server.domain.filters import And, Filter
from pinfold_server.services.document_scope import DocumentScope
from pinfold_server.store import annotations, documents, keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DocumentRecord


class Candidates:
    """`numbers` are those of the dataset's labels, by name."""

    def __init__(self, txn: Txn, scope: DocumentScope, wanted: Filter, numbers: dict[str, int]) -> None:
        self._txn = txn
        self._scope = scope
        self._annotated_only = _implies_annotation(wanted)

    def after(self, start: bytes) -> Iterator[tuple[bytes, DocumentRecord]]:
        """Key and record of each candidate whose key is not before `start`."""
        for source in self._scope.sources:
            if keys.past(documents.scope(source.uid)) <= start:
                continue
            if self._annotated_only and self._scope.owner is not None:
                yield from self._annotated(self._scope.owner.uid, source.uid, start)
            else:
                yield from documents.by_id(self._txn, source.uid, start)

    def _annotated(self, dataset_uid: int, source_uid: int, start: bytes) -> Iterator[tuple[bytes, DocumentRecord]]:
        for document_id in annotations.documents_of(self._txn, dataset_uid, source_uid, start):
            record = documents.get(self._txn, source_uid, document_id)
            if record is not None:
                yield keys.document(source_uid, document_id), record


def _implies_annotation(wanted: Filter) -> bool:
    """Whether only annotated documents can match."""
    match wanted:
        case And(parts):
            return any(_implies_annotation(part) for part in parts)
        case filters.Or(parts):
            return all(_implies_annotation(part) for part in parts)
        case filters.Reviewed() | filters.Annotated() | filters.Assigned() | filters.Dismissed():
            return True
        case filters.OneOf(field, _):
            return field in filters.WORDS_OF_ANNOTATIONS
        case _:
            return False
