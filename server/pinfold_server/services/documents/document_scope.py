"""Which documents a request speaks of: those of one source, or of the sources that a dataset reads."""

from dataclasses import dataclass

from pinfold_server.domain.names import dataset_name
from pinfold_server.errors import invalid
from pinfold_server.services.common import lookup
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, SourceRecord


@dataclass(frozen=True, slots=True)
class DocumentScope:
    """`sources` in the order of their making; `owner` is the dataset whose annotations count, if any."""

    owner: DatasetRecord | None
    sources: tuple[SourceRecord, ...]

    @property
    def key(self) -> bytes:
        """Tells one scope from another."""
        uids = (0 if self.owner is None else self.owner.uid, *(source.uid for source in self.sources))
        return b"".join(uid.to_bytes(4, "big") for uid in uids)


def resolve(txn: Txn, dataset_id: str | None, source_id: str | None) -> DocumentScope:
    """Raises AppError NOT_FOUND, SOURCE_NOT_IN_DATASET, INVALID when neither is named."""
    if dataset_id is None:
        if source_id is None:
            raise invalid("source", "must be named, or a dataset")
        return DocumentScope(None, (lookup.source(txn, source_id),))
    owner = lookup.dataset(txn, dataset_id)
    if source_id is not None:
        found = lookup.source(txn, source_id)
        lookup.check_reads(owner, source_id)
        return DocumentScope(owner, (found,))
    records = [lookup.source(txn, name) for name in owner.source_ids]
    return DocumentScope(owner, tuple(sorted(records, key=lambda record: record.uid)))


def check_named(scope: DocumentScope, source_ids: frozenset[str]) -> None:
    """Raises AppError INVALID_FILTER for a source that a filter names and neither dataset nor request does."""
    owner = scope.owner
    known = {source.id for source in scope.sources}.union(() if owner is None else owner.source_ids)
    unknown = sorted(source_ids - known)
    if unknown:
        whose = "the request" if owner is None else dataset_name(owner.id)
        raise invalid("filter", f"{whose} does not read the source {unknown[0]!r}", "INVALID_FILTER")
