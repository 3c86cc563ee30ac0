"""Sources by id."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn, next_number
from pinfold_server.store.storage_pb2 import SourceRecord
from pinfold_server.store.table import Table

_sources = Table(SourceRecord)

SCOPE = keys.SOURCE

#: Fields that tell how far the indexes of a source are: they mean nothing in another store.
INDEX_FIELDS = ("last_number", "words_uid", "indexed_number", "gone_count", "compared_number", "has_indexes")


def get(txn: Txn, source_id: str) -> SourceRecord | None:
    return _sources.get(txn, keys.source(source_id))


def put(txn: Txn, record: SourceRecord) -> None:
    _sources.put(txn, keys.source(record.id), record)


def create(txn: Txn, source_id: str, title: str, now_us: int) -> SourceRecord:
    """Stores a new source; the caller made sure that the id is free."""
    record = SourceRecord(
        uid=next_number(txn, "source"),
        id=source_id,
        title=title,
        created_us=now_us,
        updated_us=now_us,
        generation=next_number(txn, "generation"),
        has_indexes=True,
    )
    put(txn, record)
    return record


def delete(txn: Txn, source_id: str) -> None:
    _sources.delete(txn, keys.source(source_id))


def by_id(txn: Txn, start: bytes = b"") -> Iterator[tuple[bytes, SourceRecord]]:
    """Key and record of every source, by id."""
    return _sources.scan(txn, SCOPE, start)
