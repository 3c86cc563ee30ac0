"""What was said of a document, change by change."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from pinfold_server.domain.labels.sentiments import Sentiment
from pinfold_server.domain.names import parse_document
from pinfold_server.services.common import lookup
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.labels.label_sentiments import sentiments_of
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import AnnotationEventRecord, DatasetRecord
from pinfold_server.store.tables import annotation_events, labels

Entry = tuple[bytes, AnnotationEventRecord]


@dataclass(frozen=True, slots=True)
class AnnotationChangeInfo:
    """A change with names instead of numbers: how it left the annotation, and what it gave and took."""

    record: AnnotationEventRecord
    assigned: tuple[str, ...]
    sentiments: tuple[Sentiment, ...]  # of `assigned`
    dismissed: tuple[str, ...]
    newly_assigned: tuple[str, ...]
    no_longer_assigned: tuple[str, ...]
    newly_dismissed: tuple[str, ...]
    no_longer_dismissed: tuple[str, ...]


class AnnotationHistoryService:
    """Every method raises AppError NOT_FOUND for a dataset or source that is not there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_changes(self, dataset_id: str, document: str, page: PageRequest) -> Page[AnnotationChangeInfo]:
        """Newest first; nothing for a document of which nothing was ever said."""
        source_id, document_id = parse_document(document, "document")
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            source = lookup.source(txn, source_id, "document")
            scope = keys.annotation_events(owner.uid, source.uid, document_id)
            found = annotation_events.newest_first(txn, owner.uid, source.uid, document_id, page.position(scope))
            return take(_described(txn, owner, found), page.limit(), scope)


def _described(txn: Txn, owner: DatasetRecord, events: Iterable[Entry]) -> Iterator[tuple[bytes, AnnotationChangeInfo]]:
    """Each change beside the one before it, which follows in the list."""
    names = labels.names_ever(txn, owner.uid)
    none = (b"", AnnotationEventRecord())
    for (key, record), (_, before) in pairwise(chain(events, [none])):
        yield key, _info(owner, record, before, names)


def _info(
    owner: DatasetRecord, record: AnnotationEventRecord, before: AnnotationEventRecord, names: dict[int, str]
) -> AnnotationChangeInfo:
    assigned, dismissed = set(record.after.assigned), set(record.after.dismissed)
    had, had_not = set(before.after.assigned), set(before.after.dismissed)

    def name(number: int) -> str:
        return names.get(number, f"(deleted label {number})")

    def told(numbers: set[int]) -> tuple[str, ...]:
        return tuple(sorted(map(name, numbers)))

    return AnnotationChangeInfo(
        record=record,
        assigned=told(assigned),
        sentiments=sentiments_of(owner, record.after, sorted(assigned, key=name)),
        dismissed=told(dismissed),
        newly_assigned=told(assigned - had),
        no_longer_assigned=told(had - assigned),
        newly_dismissed=told(dismissed - had_not),
        no_longer_dismissed=told(had_not - dismissed),
    )
