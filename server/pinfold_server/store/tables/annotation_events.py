"""The log of all changes of a dataset's annotations: by document, oldest first, never rewritten.

It lies in the order of the annotations themselves, so that both can be walked side by side.
"""

from collections.abc import Iterable, Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationEventRecord
from pinfold_server.store.table import Table, scan

_events = Table(AnnotationEventRecord)


def append_many(txn: Txn, records: Iterable[tuple[bytes, bytes]]) -> None:
    """Stores key and serialised record of each change, in key order: a page of the tree is then touched once."""
    with txn.cursor() as cursor:
        cursor.putmulti(sorted(records))


def newest_first(
    txn: Txn, dataset_uid: int, source_uid: int, document_id: str, before: bytes = b""
) -> Iterator[tuple[bytes, AnnotationEventRecord]]:
    """Key and record of every change of one document's annotation, from the newest, or from the one before a key."""
    return _events.scan_back(txn, keys.annotation_events(dataset_uid, source_uid, document_id), before)


def every(txn: Txn, dataset_uid: int) -> Iterator[tuple[bytes, AnnotationEventRecord]]:
    """Key and record of every change, document by document, oldest first."""
    return _events.scan(txn, scope(dataset_uid))


def latest_of_each(txn: Txn, dataset_uid: int) -> Iterator[tuple[bytes, bytes]]:
    """Key of the annotation, whether or not there is one now, and the last recorded change of it, serialised."""
    last_key, last_value = b"", b""
    for key, value in scan(txn, scope(dataset_uid)):
        if last_key and key[:-8] != last_key[:-8]:
            yield keys.annotation_of_event(last_key), last_value
        last_key, last_value = key, value
    if last_key:
        yield keys.annotation_of_event(last_key), last_value


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.ANNOTATION_EVENT, dataset_uid)
