"""Consumers of streams that live long: batches as documents come, as far as the consumer keeps up.

A consumer has no state in the store: its place is that of its stream, which it moves with Advance. One that goes away
is forgotten, and whoever comes next gets what was not advanced over.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from pinfold_server.domain.streams import Position
from pinfold_server.errors import AppError, Code, invalid
from pinfold_server.services.streams.stream_batches import SIZE_DEFAULT, Batch, StreamBatches, check_size
from pinfold_server.services.streams.streams import StreamRef
from pinfold_server.store.env import Store
from pinfold_server.store.streams_pb2 import StreamRecord
from pinfold_server.store.tables import streams

LOOK_SECONDS = 0.05
HEARTBEAT_SECONDS = 15.0
HEARTBEAT_SECONDS_MAX = 300.0
LIFE_SECONDS = 3_600.0
CONSUMERS_MAX = 64
UNADVANCED_MAX = 65_536
UNADVANCED_BATCHES = 4


@dataclass(frozen=True, slots=True)
class Appetite:
    """What a consumer takes: 0 and None stand for the defaults. Raises AppError INVALID."""

    size: int = 0
    unadvanced: int = 0
    heartbeat: float | None = None

    def __post_init__(self) -> None:
        size = check_size(self.size)
        if self.unadvanced and not size <= self.unadvanced <= UNADVANCED_MAX:
            raise invalid("max_unadvanced", f"must be {size:,} to {UNADVANCED_MAX:,}, got {self.unadvanced:,}")
        if not 1 <= self.seconds <= HEARTBEAT_SECONDS_MAX:
            raise invalid("heartbeat", f"must be 1 to {HEARTBEAT_SECONDS_MAX:.0f} seconds, got {self.seconds:g}")

    @property
    def batch(self) -> int:
        """Most documents in a batch."""
        return self.size or SIZE_DEFAULT

    @property
    def ahead(self) -> int:
        """Most documents that are sent and not advanced over."""
        return self.unadvanced or UNADVANCED_BATCHES * self.batch

    @property
    def seconds(self) -> float:
        """Longest time without a sign of life."""
        return HEARTBEAT_SECONDS if self.heartbeat is None else self.heartbeat


class ConsumerService:
    """Belongs to the event loop."""

    def __init__(self, store: Store, batches: StreamBatches) -> None:
        self._store = store
        self._batches = batches
        self._consumers = 0
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Ends every consumer, and turns away those that come: another worker, or the next server, goes on."""
        self._closing.set()

    async def consume(self, ref: StreamRef, appetite: Appetite) -> AsyncGenerator[Batch | None, None]:
        """Batches in order, from the place of the stream on; None as a sign of life. For an hour at most.

        Raises AppError as StreamBatches.fetch, TOO_MANY_CONSUMERS, DRAINING.
        """
        if self._consumers >= CONSUMERS_MAX:
            description = f"{self._consumers} consumers are at this worker already, the most allowed: use Fetch"
            raise AppError(Code.EXHAUSTED, "TOO_MANY_CONSUMERS", description, retry_after=5.0)
        self._consumers += 1
        try:
            async for batch in self._follow(_Progress(ref, self._batches.current(ref)), appetite):
                yield batch
        finally:
            self._consumers -= 1

    async def _follow(self, progress: "_Progress", appetite: Appetite) -> AsyncGenerator[Batch | None, None]:
        began = told = time.monotonic()
        seen = -1
        while time.monotonic() - began < LIFE_SECONDS:
            self._check_open()
            change = self._store.last_change
            batch = None
            if change != seen:
                batch = await self._next(progress, appetite)
            if batch is not None:
                told = time.monotonic()
                yield batch
                continue
            seen = change
            if time.monotonic() - told >= appetite.seconds:
                told = time.monotonic()
                yield None
            await self._pause()

    async def _next(self, progress: "_Progress", appetite: Appetite) -> Batch | None:
        """None while there is nothing new, or too much is not advanced over."""
        record = self._batches.current(progress.ref)
        progress.see(record)
        if progress.unadvanced + appetite.batch > appetite.ahead:
            return None
        batch = await self._batches.after(progress.ref, record, progress.position, appetite.batch)
        if batch.position == progress.position:
            return None
        progress.sent(batch)
        return batch

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._closing.wait()

    def _check_open(self) -> None:
        if self._closing.is_set():
            message = "the server stops: consume again, and it goes on behind what was advanced over"
            raise AppError(Code.UNAVAILABLE, "DRAINING", message, retry_after=0.1)


class _Progress:
    """Where a consumer is: `position` ends what was sent to it."""

    def __init__(self, ref: StreamRef, record: StreamRecord) -> None:
        self.ref = ref
        self.position = streams.cursor(record)
        self._begin(record)

    def see(self, record: StreamRecord) -> None:
        """The stream as it is now. One that was reset begins anew, wherever it is."""
        cursor = streams.cursor(record)
        if (record.uid, record.epoch) != self._life:
            self.position = cursor
            self._begin(record)
        while self._sent and self._sent[0][0] <= cursor:
            self.unadvanced -= self._sent.popleft()[1]
        # Another consumer of the stream, or Fetch, may be further.
        self.position = max(self.position, cursor)

    def sent(self, batch: Batch) -> None:
        self.position = batch.position
        if batch.count:
            self._sent.append((batch.position, batch.count))
            self.unadvanced += batch.count

    def _begin(self, record: StreamRecord) -> None:
        self._life = record.uid, record.epoch
        self._sent: deque[tuple[Position, int]] = deque()
        self.unadvanced = 0
