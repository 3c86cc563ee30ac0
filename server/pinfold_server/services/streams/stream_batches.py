"""The documents behind a place of a stream, in the order of their upload, predicted."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.names import VersionRef, stream_name
from pinfold_server.domain.streams import Position
from pinfold_server.errors import AppError, invalid, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.pages import BYTES_MAX
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.document_scope import DocumentScope
from pinfold_server.services.documents.finding import Matcher
from pinfold_server.services.documents.upload_order import Arrived, behind
from pinfold_server.services.predictions.predictions import Answer, PredictionService, Query
from pinfold_server.services.streams.stream_definitions import StreamDefinition
from pinfold_server.services.streams.streams import StreamRef
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.streams_pb2 import StreamRecord
from pinfold_server.store.tables import streams

SIZE_DEFAULT = 128
SIZE_MAX = 1_024

#: Places that one batch looks at: some milliseconds.
EXAMINED_MAX = 4_096

#: Documents that are read and scored together; fewer when their texts have more bytes than this.
STEP_DOCUMENTS = 128
STEP_BYTES = 1 << 20

Predict = Callable[[Query], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Part:
    """Some documents and the answer to them, in the same order."""

    documents: tuple[Arrived, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class Batch:
    """What is behind a place. `position` is where it ends: with the last document that was looked at, or left out.

    `stream` is the stream as it was when the batch was begun.
    """

    stream: StreamRecord
    parts: tuple[Part, ...]
    position: Position
    filtered: int
    more: bool

    @property
    def count(self) -> int:
        """Documents in it."""
        return sum(len(part.documents) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """At most `size` documents of a stream behind a place."""

    ref: StreamRef
    position: Position
    size: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One look at the store. `ended`: there is nothing behind `position`."""

    documents: tuple[Arrived, ...]
    position: Position
    examined: int
    filtered: int
    ended: bool


@dataclass(frozen=True, slots=True)
class _Room:
    """What may still come into a batch."""

    documents: int
    bytes: int
    examined: int

    @property
    def is_left(self) -> bool:
        return self.documents > 0 and self.bytes > 0 and self.examined > 0

    def without(self, step: _Step) -> "_Room":
        taken = sum(arrived.record.ByteSize() for arrived in step.documents)
        return _Room(self.documents - len(step.documents), self.bytes - taken, self.examined - step.examined)


class StreamBatches:
    """Reads and predicts; moves nothing."""

    def __init__(self, store: Store, predictions: PredictionService) -> None:
        self._store = store
        self._predictions = predictions

    async def fetch(self, ref: StreamRef, size: int) -> Batch:
        """What is behind the place of the stream. Raises AppError INVALID, STREAM_FILTER_INVALID, OVERLOADED."""
        record, size = self.current(ref), check_size(size)
        return await self._read(_Wanted(ref, streams.cursor(record), size), record, self._predictions.predict)

    async def after(self, ref: StreamRef, record: StreamRecord, position: Position, size: int) -> Batch:
        """What is behind another place; waits where `fetch` would refuse."""
        return await self._read(_Wanted(ref, position, size), record, self._predictions.predict_patiently)

    def current(self, ref: StreamRef) -> StreamRecord:
        """The stream as it is. Raises AppError NOT_FOUND."""
        with self._store.read() as txn:
            return lookup.stream(txn, lookup.dataset(txn, ref.dataset_id), ref.stream_id)

    async def _read(self, wanted: _Wanted, record: StreamRecord, predict: Predict) -> Batch:
        while True:
            try:
                return await self._read_as(wanted, record, predict)
            except AppError:
                # Another version may have taken the place of this one, which was then unpinned.
                latest = self.current(wanted.ref)
                if latest.version == record.version:
                    raise
                record = latest

    async def _read_as(self, wanted: _Wanted, record: StreamRecord, predict: Predict) -> Batch:
        """By the definition that the stream had when it was read."""
        definition, position = StreamDefinition.of(record), wanted.position
        query = Query(wanted.ref.dataset_id, VersionRef(definition.version, None), (), definition.asked)
        room = _Room(wanted.size, BYTES_MAX, EXAMINED_MAX)
        parts: list[Part] = []
        filtered, ended = 0, False
        while room.is_left and not ended:
            step = await asyncio.to_thread(self._step, wanted.ref, definition.filter, position, room)
            if step.documents:
                texts = [arrived.record.text for arrived in step.documents]
                parts.append(Part(step.documents, await predict(replace(query, texts=texts))))
            room = room.without(step)
            position, filtered, ended = step.position, filtered + step.filtered, step.ended
        return Batch(record, tuple(parts), position, filtered, more=not ended)

    def _step(self, ref: StreamRef, filter_text: str, position: Position, room: _Room) -> _Step:
        """A few documents, in a short transaction."""
        found: list[Arrived] = []
        bytes_left = min(STEP_BYTES, room.bytes)
        examined = filtered = 0
        with self._store.read() as txn:
            scope = document_scope.resolve(txn, ref.dataset_id, None)
            matcher = _matcher(txn, scope, ref, filter_text)
            for place, arrived in behind(txn, scope, position):
                full = len(found) == min(STEP_DOCUMENTS, room.documents) or (found and bytes_left < 0)
                if examined == room.examined or (full and arrived is not None):
                    return _Step(tuple(found), position, examined, filtered, ended=False)
                if arrived is not None:
                    if matcher.matches(arrived.source_id, arrived.source_uid, arrived.document_id, arrived.record):
                        found.append(arrived)
                        bytes_left -= arrived.record.ByteSize()
                    else:
                        filtered += 1
                examined += 1
                position = place
        return _Step(tuple(found), position, examined, filtered, ended=True)


def check_size(size: int, field: str = "size") -> int:
    """0 stands for the default. Raises AppError INVALID."""
    if not 0 <= size <= SIZE_MAX:
        raise invalid(field, f"must be 1 to {SIZE_MAX:,}, or 0 for {SIZE_DEFAULT}, got {size}")
    return size or SIZE_DEFAULT


def _matcher(txn: Txn, scope: DocumentScope, ref: StreamRef, filter_text: str) -> Matcher:
    """Raises AppError STREAM_FILTER_INVALID: the filter was good once."""
    try:
        return Matcher(txn, scope, parse(filter_text))
    except AppError as error:
        name = stream_name(ref.dataset_id, ref.stream_id)
        raise precondition(
            "STREAM_FILTER_INVALID",
            f"the filter of {name} no longer fits its dataset ({error.message}): update the stream",
            name=name,
        ) from error
