"""Streams: made, found, changed, deleted, and moved on."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from pinfold_server.domain.names import check_id, stream_name
from pinfold_server.domain.streams import LAST_NUMBER, SECRET_BYTES, Position, SequenceIds
from pinfold_server.errors import exists, too_many
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.etags import check_etag
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.documents import document_scope
from pinfold_server.services.streams.stream_definitions import StreamDefinition
from pinfold_server.store import garbage, keys
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord
from pinfold_server.store.streams_pb2 import AdvanceAnswer, StreamRecord
from pinfold_server.store.tables import arrivals, streams

STREAMS_MAX = 100


@dataclass(frozen=True, slots=True)
class StreamRef:
    """Which stream, and for a change on what condition."""

    dataset_id: str
    stream_id: str
    etag: str = ""


class StreamService:
    """Every method raises AppError NOT_FOUND for a dataset or stream that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def create(
        self, ref: StreamRef, wanted: StreamDefinition, start_us: int | None, once: RequestKey | None = None
    ) -> StreamRecord:
        """Begins with what came at `start_us` or later; None: with what comes from now on.

        Raises AppError STREAM_EXISTS, TOO_MANY_STREAMS and what StreamDefinition.check raises.
        """
        check_id(ref.stream_id, "stream_id")

        def work(txn: Txn, now_us: int) -> StreamRecord:
            owner = lookup.dataset(txn, ref.dataset_id)
            if streams.get(txn, owner.uid, ref.stream_id) is not None:
                raise exists("stream", stream_name(owner.id, ref.stream_id))
            count = sum(1 for _ in streams.by_id(txn, owner.uid))
            if count >= STREAMS_MAX:
                raise too_many("streams", f"the dataset has {count} streams, the most allowed: delete one")
            wanted.check(txn, owner)
            record = StreamRecord(
                uid=next_number(txn, "stream"),
                id=ref.stream_id,
                secret=secrets.token_bytes(SECRET_BYTES),
                created_us=now_us,
            )
            streams.set_cursor(record, _end(txn) if start_us is None else _before(txn, owner, start_us))
            wanted.write(record)
            return _store_changed(txn, owner, record, now_us)

        return await self._changes.run(StreamRecord, work, once)

    def get(self, ref: StreamRef) -> StreamRecord:
        with self._store.read() as txn:
            return lookup.stream(txn, lookup.dataset(txn, ref.dataset_id), ref.stream_id)

    def list_streams(self, dataset_id: str, page: PageRequest) -> Page[StreamRecord]:
        """Streams by id."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = streams.scope(owner.uid)
            start = page.position(scope)
            entries = streams.by_id(txn, owner.uid, keys.after(start) if start else b"")
            return take(entries, page.limit(), scope, StreamRecord.ByteSize)

    async def update(
        self, ref: StreamRef, wanted: StreamDefinition, chosen: Collection[str], once: RequestKey | None = None
    ) -> StreamRecord:
        """Takes the `chosen` fields of `wanted`. Raises AppError ETAG_MISMATCH and as StreamDefinition.check."""

        def work(txn: Txn, now_us: int) -> StreamRecord:
            owner = lookup.dataset(txn, ref.dataset_id)
            record = lookup.stream(txn, owner, ref.stream_id)
            check_etag(ref.etag, record, stream_name(owner.id, record.id))
            before = StreamDefinition.of(record)
            changed = replace(before, **{field: getattr(wanted, field) for field in chosen})
            if changed == before:
                return record
            changed.check(txn, owner)
            changed.write(record)
            return _store_changed(txn, owner, record, now_us)

        return await self._changes.run(StreamRecord, work, once)

    async def delete(self, ref: StreamRef, once: RequestKey | None = None) -> CountAnswer:
        """With its exceptions. Raises AppError ETAG_MISMATCH."""

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            owner = lookup.dataset(txn, ref.dataset_id)
            record = lookup.stream(txn, owner, ref.stream_id)
            check_etag(ref.etag, record, stream_name(owner.id, record.id))
            streams.delete(txn, owner.uid, record.id)
            garbage.discard_stream(txn, owner.uid, record.uid)
            return CountAnswer(count=1)

        return await self._changes.run(CountAnswer, work, once)

    async def advance(self, ref: StreamRef, sequence_id: str) -> AdvanceAnswer:
        """Never backwards. Raises AppError INVALID_SEQUENCE_ID, SEQUENCE_ID_EXPIRED."""

        def work(txn: Txn, now_us: int) -> AdvanceAnswer:
            owner = lookup.dataset(txn, ref.dataset_id)
            record = lookup.stream(txn, owner, ref.stream_id)
            position = sequence_ids(record).decode(sequence_id, "sequence_id")
            moved = position > streams.cursor(record)
            if moved:
                streams.set_cursor(record, position)
                record.advanced_us = now_us
                streams.put(txn, owner.uid, record)
            return AdvanceAnswer(stream=record, moved=moved)

        return await self._changes.run(AdvanceAnswer, work)

    async def reset(self, ref: StreamRef, to_us: int, once: RequestKey | None = None) -> StreamRecord:
        """Goes to the documents that came at a time or later; sequence ids given before count no longer."""

        def work(txn: Txn, now_us: int) -> StreamRecord:
            owner = lookup.dataset(txn, ref.dataset_id)
            record = lookup.stream(txn, owner, ref.stream_id)
            streams.set_cursor(record, _before(txn, owner, to_us))
            record.epoch += 1
            record.advanced_us = now_us
            streams.put(txn, owner.uid, record)
            return record

        return await self._changes.run(StreamRecord, work, once)


def sequence_ids(record: StreamRecord) -> SequenceIds:
    """Those that the stream gives now."""
    return SequenceIds(record.secret, record.epoch)


def place_id(record: StreamRecord) -> str:
    """Sequence id of what the stream goes on after."""
    return sequence_ids(record).encode(streams.cursor(record))


def _end(txn: Txn) -> Position:
    """Past everything that has come, from any source."""
    return Position(arrivals.latest(txn), LAST_NUMBER)


def _before(txn: Txn, owner: DatasetRecord, time_us: int) -> Position:
    """Before the first document that came to a source of the dataset at a time or later.

    Each source's times rise; where the clock went back, they need not rise from source to source: the first of the
    places is taken, so that nothing is left out.
    """
    scope = document_scope.resolve(txn, owner.id, None)
    found = (arrivals.first_at(txn, source.uid, time_us) for source in scope.sources)
    first = min((number for number in found if number is not None), default=None)
    return _end(txn) if first is None else Position(first - 1, LAST_NUMBER)


def _store_changed(txn: Txn, owner: DatasetRecord, record: StreamRecord, now_us: int) -> StreamRecord:
    record.updated_us = now_us
    record.generation = next_number(txn, "generation")
    streams.put(txn, owner.uid, record)
    return record
