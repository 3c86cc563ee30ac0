"""Streams of a dataset by id, and their exceptions by document."""

from collections.abc import Iterable, Iterator

from pinfold_server.domain.streams import Position
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.streams_pb2 import StreamExceptionRecord, StreamRecord
from pinfold_server.store.table import Table

_streams = Table(StreamRecord)
_exceptions = Table(StreamExceptionRecord)


def get(txn: Txn, dataset_uid: int, stream_id: str) -> StreamRecord | None:
    return _streams.get(txn, keys.stream(dataset_uid, stream_id))


def put(txn: Txn, dataset_uid: int, record: StreamRecord) -> None:
    _streams.put(txn, keys.stream(dataset_uid, record.id), record)


def delete(txn: Txn, dataset_uid: int, stream_id: str) -> None:
    """Removes the stream; its exceptions stay under its uid."""
    _streams.delete(txn, keys.stream(dataset_uid, stream_id))


def by_id(txn: Txn, dataset_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, StreamRecord]]:
    """Key and record of every stream, by id."""
    return _streams.scan(txn, scope(dataset_uid), start)


def every(txn: Txn) -> Iterator[tuple[int, StreamRecord]]:
    """Dataset uid and record of every stream of every dataset."""
    for key, record in _streams.scan(txn, keys.STREAM):
        yield keys.dataset_uid_of(key), record


def of_version(txn: Txn, dataset_uid: int, number: int) -> list[str]:
    """Ids of the streams that predict with a version."""
    return [record.id for _, record in by_id(txn, dataset_uid) if record.version == number]


def scope(dataset_uid: int) -> bytes:
    return keys.of_dataset(keys.STREAM, dataset_uid)


def cursor(record: StreamRecord) -> Position:
    """The place up to which everything is done."""
    return Position(record.cursor_arrival, record.cursor_number)


def set_cursor(record: StreamRecord, position: Position) -> None:
    record.cursor_arrival, record.cursor_number = position


def exception(
    txn: Txn, dataset_uid: int, stream_uid: int, source_uid: int, document_id: str
) -> StreamExceptionRecord | None:
    return _exceptions.get(txn, keys.stream_exception(dataset_uid, stream_uid, source_uid, document_id))


def put_exception(txn: Txn, key: bytes, record: StreamExceptionRecord) -> None:
    """`key` as `keys.stream_exception` makes it."""
    _exceptions.put(txn, key, record)


def delete_exception(txn: Txn, key: bytes) -> bool:
    """True when there was one."""
    return _exceptions.delete(txn, key)


def exceptions(
    txn: Txn, dataset_uid: int, stream_uid: int, start: bytes = b""
) -> Iterator[tuple[bytes, StreamExceptionRecord]]:
    """Key and record of every exception of a stream, by source and document id."""
    return _exceptions.scan(txn, exceptions_scope(dataset_uid, stream_uid), start)


def exceptions_scope(dataset_uid: int, stream_uid: int) -> bytes:
    return keys.stream_exceptions(dataset_uid, stream_uid)


def forget_documents(txn: Txn, dataset_uid: int, source_uid: int, document_ids: Iterable[str]) -> None:
    """Deletes the exceptions that a dataset's streams have of documents."""
    uids = [record.uid for _, record in by_id(txn, dataset_uid)]
    for document_id in document_ids if uids else ():
        for uid in uids:
            _exceptions.delete(txn, keys.stream_exception(dataset_uid, uid, source_uid, document_id))
