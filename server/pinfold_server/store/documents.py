"""Documents of a source, by id."""

from collections.abc import Iterable, Iterator, Sequence

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DocumentRecord
from pinfold_server.store.table import Table

_documents = Table(DocumentRecord)


def get(txn: Txn, source_uid: int, document_id: str) -> DocumentRecord | None:
    return _documents.get(txn, keys.document(source_uid, document_id))


def exists(txn: Txn, source_uid: int, document_id: str) -> bool:
    return txn.get(keys.document(source_uid, document_id)) is not None


def get_many(txn: Txn, source_uid: int, document_ids: Sequence[str]) -> list[DocumentRecord | None]:
    """A record, or None, for each id in turn."""
    wanted = [keys.document(source_uid, document_id) for document_id in document_ids]
    with txn.cursor() as cursor:
        found = {bytes(key): DocumentRecord.FromString(bytes(value)) for key, value in cursor.getmulti(wanted)}
    return [found.get(key) for key in wanted]


def put_many(txn: Txn, source_uid: int, records: Iterable[tuple[str, DocumentRecord]]) -> None:
    """Stores records by id, in key order: a page of the tree is then touched once, not once for each document."""
    items = [
        (keys.document(source_uid, document_id), record.SerializeToString(deterministic=True))
        for document_id, record in records
    ]
    items.sort()
    with txn.cursor() as cursor:
        cursor.putmulti(items)


def delete(txn: Txn, source_uid: int, document_id: str) -> bool:
    """True when there was one."""
    return _documents.delete(txn, keys.document(source_uid, document_id))


def by_id(txn: Txn, source_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, DocumentRecord]]:
    """Key and record of every document of a source, by id."""
    return _documents.scan(txn, scope(source_uid), start)


def scope(source_uid: int) -> bytes:
    return keys.documents(source_uid)
