"""Annotations of a dataset, by source and document id."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord
from pinfold_server.store.table import Table, scan

_annotations = Table(AnnotationRecord)


def get(txn: Txn, dataset_uid: int, source_uid: int, document_id: str) -> AnnotationRecord | None:
    return _annotations.get(txn, keys.annotation(dataset_uid, source_uid, document_id))


def get_of(txn: Txn, dataset_uid: int, document_key: bytes) -> AnnotationRecord | None:
    """What a dataset says of the document with this key."""
    return _annotations.get(txn, keys.annotation_of_document(dataset_uid, document_key))


def at(txn: Txn, key: bytes) -> AnnotationRecord | None:
    """The annotation under a key."""
    return _annotations.get(txn, key)


def put_many(txn: Txn, entries: list[tuple[bytes, bytes]]) -> None:
    """Stores key and value of annotations, or of how they are found, in key order."""
    with txn.cursor() as cursor:
        cursor.putmulti(sorted(entries))


def delete_at(txn: Txn, key: bytes) -> bool:
    """True when there was one."""
    return _annotations.delete(txn, key)


def by_document(txn: Txn, dataset_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, AnnotationRecord]]:
    """Key and record of every annotation of a dataset; `keys.annotated_document` takes a key apart."""
    return _annotations.scan(txn, scope(dataset_uid), start)


def entries(txn: Txn, dataset_uid: int) -> Iterator[tuple[bytes, bytes]]:
    """Key and bytes of every annotation of a dataset; `record_of` reads them."""
    return scan(txn, scope(dataset_uid))


def record_of(value: bytes) -> AnnotationRecord:
    return AnnotationRecord.FromString(value)


def label_heads(dataset_uid: int, record: AnnotationRecord) -> Iterator[bytes]:
    """What the keys begin with by which a document is found that has this annotation; `keys.place` ends them."""
    for number in record.assigned:
        yield keys.labelled(keys.ANNOTATION_LABEL, dataset_uid, number)
    for number in record.dismissed:
        yield keys.labelled(keys.DISMISSED_LABEL, dataset_uid, number)


def documents_with_label(
    txn: Txn, dataset_uid: int, label_number: int, source_uid: int, start: bytes = b""
) -> Iterator[bytes]:
    """Keys of the documents of a source to which people assigned this very label; `start` as for `documents_of`."""
    prefix = keys.labelled_in(keys.ANNOTATION_LABEL, dataset_uid, label_number, source_uid)
    return _documents(txn, prefix, source_uid, start)


def places_of_label(txn: Txn, dataset_uid: int, label_number: int) -> Iterator[tuple[int, str]]:
    """Source uid and id of the documents to which people assigned this very label, or of which they dismissed it."""
    for kind in (keys.ANNOTATION_LABEL, keys.DISMISSED_LABEL):
        for key, _ in scan(txn, keys.labelled(kind, dataset_uid, label_number)):
            yield keys.labelled_document(key)[1:]


def documents_of(txn: Txn, dataset_uid: int, source_uid: int, start: bytes = b"") -> Iterator[bytes]:
    """Keys of the annotated documents of a source, from the first that is not before `start`."""
    return _documents(txn, keys.annotations(dataset_uid, source_uid), source_uid, start)


def any_in_source(txn: Txn, dataset_uid: int, source_uid: int) -> bool:
    return next(scan(txn, keys.annotations(dataset_uid, source_uid)), None) is not None


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.ANNOTATION, dataset_uid)


def _documents(txn: Txn, prefix: bytes, source_uid: int, start: bytes) -> Iterator[bytes]:
    head = keys.documents(source_uid)
    first = prefix + start[len(head) :] if start.startswith(head) else prefix
    for key, _ in scan(txn, prefix, first):
        yield head + key[len(prefix) :]


def scored_name(key: bytes) -> bytes:
    """How a score chunk names the document of an annotation with this key."""
    return key[5:]
