"""A stream that an async client holds."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self, Unpack

from pinfold import _stream_calls as calls
from pinfold._aio.connection import Connection
from pinfold._arguments import Numbered
from pinfold._calls import WatchBudget, stream_ended
from pinfold._errors import PinfoldError
from pinfold._stream_calls import StreamOptions
from pinfold._stream_types import StreamBatch, StreamException, StreamExceptionReport, StreamInfo, StreamItem
from pinfold._stream_view import StreamView


class AsyncStream(StreamView):
    """A place in the documents of a dataset, in the order of their upload, and the version that predicts them.

    Example:
        >>> async for batch in stream.consume():
        ...     async with stream.processing(batch):  # advances, unless the block raises
        ...         for item in batch.items:
        ...             route(item.document, item.prediction)

    """

    def __init__(self, connection: Connection, info: StreamInfo) -> None:
        super().__init__(info)
        self._connection = connection

    async def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads `info` anew."""
        self._info = await self._connection.run(calls.get_stream(self.dataset, self.id), timeout)
        return self

    async def update(
        self,
        version: int | Numbered | None = None,
        *,
        etag: str | None = None,
        timeout: float | None = None,
        **options: Unpack[StreamOptions],
    ) -> Self:
        """Changes the definition; the place stays. Options are those of `Dataset.create_stream`; None clears one.

        Raises Conflict when `etag` is given and the definition has changed since.
        """
        self._info = await self._connection.run(calls.update_stream(self._info, version, etag, options), timeout)
        return self

    async def delete(self, *, etag: str | None = None, timeout: float | None = None) -> None:
        """Deletes the stream with its exceptions; documents stay."""
        await self._connection.run(calls.delete_stream(self.dataset, self.id, etag), timeout)

    async def fetch(self, size: int | None = None, *, timeout: float | None = None) -> StreamBatch:
        """The next documents, at most `size` (1 to 1,024; default: 128). Moves nothing: ask again, get the same.

        A batch can be short, or empty, and have `more` behind it: advance, and fetch again.
        """
        return await self._connection.run(calls.fetch(self.dataset, self.id, size), timeout)

    async def advance(self, to: StreamBatch | StreamItem | str, *, timeout: float | None = None) -> bool:
        """Says that everything up to a batch, an item or a sequence id is done; whether the stream moved.

        Never moves backwards. Raises FailedPrecondition with the reason SEQUENCE_ID_EXPIRED for a place that was given
        before the stream was reset.
        """
        return await self._connection.run(calls.advance(self.dataset, self.id, to), timeout)

    async def reset(self, to_time: datetime, *, timeout: float | None = None) -> Self:
        """Goes, backwards or forwards, to the documents that were uploaded at a time or later."""
        self._info = await self._connection.run(calls.reset(self.dataset, self.id, to_time), timeout)
        return self

    async def consume(
        self, size: int | None = None, *, max_unadvanced: int | None = None, timeout: float | None = None
    ) -> AsyncIterator[StreamBatch]:
        """Batches as documents are uploaded, without end; a broken connection is opened again.

        The server sends ahead until `max_unadvanced` documents (default: 4 times `size`) are not advanced over, and
        after a break it goes on behind what was: everything comes at least once, in order. `timeout` (seconds) bounds
        the whole, None does not. Raises DeadlineExceeded when it is over, NotFound when the stream is deleted.
        """
        budget = WatchBudget(timeout, self._connection.settings.retry, f"documents of {self.name}")
        stream = calls.consume(self.dataset, self.id, size, max_unadvanced)
        while True:
            failure: PinfoldError = stream_ended()
            try:
                async for batch in self._connection.stream(stream, budget.opening()):
                    budget.progressed()
                    if batch is not None:
                        yield batch
            except PinfoldError as error:
                failure = error
            await asyncio.sleep(budget.pause_after(failure))

    @asynccontextmanager
    async def processing(self, batch: StreamBatch | StreamItem) -> AsyncIterator[None]:
        """Advances over the batch, or the item, at the end of the block, unless it raises.

        A stream that was reset meanwhile stays where the reset put it.
        """
        yield
        try:
            await self.advance(batch)
        except PinfoldError as error:
            if not calls.was_reset(error):
                raise

    async def put_exceptions(
        self, exceptions: Iterable[StreamException], *, timeout: float | None = None
    ) -> StreamExceptionReport:
        """Tells which documents could not be dealt with; one that was told before is replaced.

        They are found with the filter `exception:"TYPE"`, or `F.exception("TYPE")`.
        """
        batches = calls.put_exceptions(self.dataset, self.id, exceptions)
        return calls.total([await self._connection.run(call, timeout) for call in batches])

    def exceptions(self, *, timeout: float | None = None) -> AsyncIterator[StreamException]:
        """Every exception by source and document id, read page by page."""
        return self._connection.list(calls.list_exceptions(self.dataset, self.id), timeout)

    async def delete_exceptions(self, ids: Iterable[str], source: str, *, timeout: float | None = None) -> int:
        """Deletes the exceptions of documents; how many there were."""
        batches = calls.delete_exceptions(self.dataset, self.id, source, ids)
        return sum([await self._connection.run(call, timeout) for call in batches])
