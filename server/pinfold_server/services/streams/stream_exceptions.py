"""Documents that consumers of a stream could not deal with, kept for people who look after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pinfold_server.domain.documents.documents import MetadataValue, check_metadata
from pinfold_server.domain.names import document_name, has_control, parse_document
from pinfold_server.errors import invalid, not_found
from pinfold_server.services.common import lookup, metadata
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.failures import work_each
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.streams.streams import StreamRef
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord
from pinfold_server.store.streams_pb2 import PutExceptionsAnswer, StreamExceptionRecord, StreamRecord
from pinfold_server.store.tables import documents, sources, streams

BATCH_MAX = 1_000
TYPE_CHARS_MAX = 64


@dataclass(frozen=True, slots=True)
class StreamException:
    """What is told of a document, by its resource name; a metadata value None stands for one that has no value."""

    document: str
    type: str
    metadata: Mapping[str, MetadataValue | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamExceptionInfo:
    """What is kept of a document."""

    document: str
    record: StreamExceptionRecord


class StreamExceptionService:
    """Every method raises AppError NOT_FOUND for a dataset or stream that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def put(
        self, ref: StreamRef, told: Sequence[StreamException], once: RequestKey | None = None
    ) -> PutExceptionsAnswer:
        """Items that fail are told and do not harm the others."""
        _check_count("exceptions", len(told))

        def work(txn: Txn, now_us: int) -> PutExceptionsAnswer:
            places = _Places(txn, ref)
            answer = PutExceptionsAnswer()
            for key, exception in work_each(
                told, lambda one, field: (places.check(one, field), one), "exceptions", answer.failures
            ):
                record = StreamExceptionRecord(type=exception.type, updated_us=now_us)
                metadata.write(record.metadata, exception.metadata)
                streams.put_exception(txn, key, record)
                answer.stored_count += 1
            return answer

        return await self._changes.run(PutExceptionsAnswer, work, once)

    def list_exceptions(self, ref: StreamRef, page: PageRequest) -> Page[StreamExceptionInfo]:
        """By source (in the order of their making) and document id; of sources that the dataset reads."""
        with self._store.read() as txn:
            owner, stream = _find(txn, ref)
            scope = streams.exceptions_scope(owner.uid, stream.uid)
            start = page.position(scope)
            entries = streams.exceptions(txn, owner.uid, stream.uid, keys.after(start) if start else b"")
            read = {record.uid: record.id for name in owner.source_ids if (record := sources.get(txn, name))}
            known = (entry for entry in entries if keys.excepted_document(entry[0])[1] in read)
            found = ((key, _info(key, record, read)) for key, record in known)
            return take(found, page.limit(), scope, lambda info: len(info.document) + info.record.ByteSize())

    async def delete(self, ref: StreamRef, names: Sequence[str], once: RequestKey | None = None) -> CountAnswer:
        """How many there were."""
        _check_count("documents", len(names))

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            places = _Places(txn, ref)
            wanted = [places.key(name, f"documents[{index}]") for index, name in enumerate(names)]
            return CountAnswer(count=sum(streams.delete_exception(txn, key) for key in wanted))

        return await self._changes.run(CountAnswer, work, once)


class _Places:
    """Keys of the exceptions of one stream, by names of documents, in one transaction."""

    def __init__(self, txn: Txn, ref: StreamRef) -> None:
        self._txn = txn
        self._owner, self._stream = _find(txn, ref)
        self._uids: dict[str, int] = {}

    def key(self, name: str, place: str) -> bytes:
        """Raises AppError for a name that is wrong, or of a source that the dataset does not read."""
        source_id, document_id = parse_document(name, place)
        return keys.stream_exception(self._owner.uid, self._stream.uid, self._source_uid(source_id, place), document_id)

    def check(self, told: StreamException, place: str) -> bytes:
        """The key of an exception that can be stored. Raises AppError as `key`, DOCUMENT_NOT_FOUND, INVALID."""
        key = self.key(told.document, f"{place}.document")
        if not 1 <= len(told.type) <= TYPE_CHARS_MAX or has_control(told.type):
            description = f"must have 1 to {TYPE_CHARS_MAX} characters and no control characters"
            raise invalid(f"{place}.type", description)
        check_metadata(told.metadata, f"{place}.metadata")
        source_id, document_id = parse_document(told.document)
        if not documents.exists(self._txn, self._uids[source_id], document_id):
            raise not_found("document", told.document, f"{place}.document")
        return key

    def _source_uid(self, source_id: str, place: str) -> int:
        if source_id not in self._uids:
            found = lookup.source(self._txn, source_id, place)
            lookup.check_reads(self._owner, source_id)
            self._uids[source_id] = found.uid
        return self._uids[source_id]


def _find(txn: Txn, ref: StreamRef) -> tuple[DatasetRecord, StreamRecord]:
    owner = lookup.dataset(txn, ref.dataset_id)
    return owner, lookup.stream(txn, owner, ref.stream_id)


def _info(key: bytes, record: StreamExceptionRecord, source_ids: Mapping[int, str]) -> StreamExceptionInfo:
    _, source_uid, document_id = keys.excepted_document(key)
    return StreamExceptionInfo(document_name(source_ids[source_uid], document_id), record)


def _check_count(field: str, count: int) -> None:
    if not 1 <= count <= BATCH_MAX:
        raise invalid(field, f"must hold 1 to {BATCH_MAX:,}, got {count:,}")
