"""Annotations of a dataset, by source and document id."""

from collections.abc import Iterator, Mapping

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord
from pinfold_server.store.table import Table, scan

_annotations = Table(AnnotationRecord)


def get(txn: Txn, dataset_uid: int, source_uid: int, document_id: str) -> AnnotationRecord | None:
    return _annotations.get(txn, keys.annotation(dataset_uid, source_uid, document_id))


def put(txn: Txn, dataset_uid: int, source_uid: int, document_id: str, record: AnnotationRecord) -> None:
    _annotations.put(txn, keys.annotation(dataset_uid, source_uid, document_id), record)


def delete(txn: Txn, dataset_uid: int, source_uid: int, document_id: str) -> bool:
    """True when there was one."""
    return _annotations.delete(txn, keys.annotation(dataset_uid, source_uid, document_id))


def by_document(txn: Txn, dataset_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, AnnotationRecord]]:
    """Key and record of every annotation of a dataset; `keys.annotated_document` takes a key apart."""
    return _annotations.scan(txn, scope(dataset_uid), start)


def index_labels(txn: Txn, dataset_uid: int, changes: Mapping[tuple[int, int, str], bool]) -> None:
    """Makes documents findable by labels that are assigned to them (True), or no more (False).

    `changes` by label number, source uid and document id.
    """
    with txn.cursor() as cursor:
        added = [(keys.annotation_label(dataset_uid, *place), b"") for place, holds in changes.items() if holds]
        added.sort()
        cursor.putmulti(added)
    for place, holds in changes.items():
        if not holds:
            txn.delete(keys.annotation_label(dataset_uid, *place))


def documents_with_label(
    txn: Txn, dataset_uid: int, label_number: int, source_uid: int, start: bytes = b""
) -> Iterator[str]:
    """Ids of the documents of a source to which people assigned this very label; `start` as for `documents_of`."""
    return _ids(txn, keys.annotation_labels(dataset_uid, label_number, source_uid), source_uid, start)


def documents_of(txn: Txn, dataset_uid: int, source_uid: int, start: bytes = b"") -> Iterator[str]:
    """Ids of the annotated documents of a source, from the first whose document key is not before `start`."""
    return _ids(txn, keys.annotations(dataset_uid, source_uid), source_uid, start)


def any_in_source(txn: Txn, dataset_uid: int, source_uid: int) -> bool:
    return next(scan(txn, keys.annotations(dataset_uid, source_uid)), None) is not None


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.ANNOTATION, dataset_uid)


def _ids(txn: Txn, prefix: bytes, source_uid: int, start: bytes) -> Iterator[str]:
    head = keys.documents(source_uid)
    first = prefix + start[len(head) :] if start.startswith(head) else prefix
    for key, _ in scan(txn, prefix, first):
        yield key[len(prefix) :].decode()
