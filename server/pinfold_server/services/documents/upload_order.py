"""The documents of several sources in the order of their upload."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from pinfold_server.domain.streams import Position
from pinfold_server.services.documents.document_scope import DocumentScope
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DocumentRecord
from pinfold_server.store.tables import arrivals, documents
from pinfold_server.store.tables.arrivals import Arrival


@dataclass(frozen=True, slots=True)
class Arrived:
    """A document at its place in the order of uploads, as it is now."""

    position: Position
    source_id: str
    source_uid: int
    document_id: str
    record: DocumentRecord
    time_us: int


def behind(txn: Txn, scope: DocumentScope, position: Position) -> Iterator[tuple[Position, Arrived | None]]:
    """Places behind `position` in order, with the document that is there; None for the end of an arrival."""
    ids = {source.uid: source.id for source in scope.sources}
    runs = (arrivals.of_source(txn, source, position.arrival) for source in scope.sources)
    for arrival in heapq.merge(*runs, key=attrgetter("number")):
        first = arrival.first
        if arrival.number == position.arrival:
            first = max(first, position.number + 1)
        if first <= arrival.last:
            yield from _documents(txn, arrival, first, ids[arrival.source_uid])
            yield Position(arrival.number, arrival.last), None


def _documents(txn: Txn, arrival: Arrival, first: int, source_id: str) -> Iterator[tuple[Position, Arrived]]:
    for number, document_id in documents.by_number(txn, arrival.source_uid, first):
        if number > arrival.last:
            return
        record = documents.get(txn, arrival.source_uid, document_id)
        if record is not None:
            position = Position(arrival.number, number)
            yield position, Arrived(position, source_id, arrival.source_uid, document_id, record, arrival.time_us)
