"""Streams of a dataset of a sync client."""

from collections.abc import Iterator
from datetime import datetime
from typing import Unpack

from pinfold import _stream_calls as calls
from pinfold._arguments import Numbered
from pinfold._stream_calls import StreamOptions
from pinfold._sync.content import DatasetContent
from pinfold._sync.stream import Stream


class DatasetStreams(DatasetContent):
    """Part of `Dataset`: documents in the order of their upload, for consumers that live long."""

    def create_stream(
        self,
        stream_id: str,
        version: int | Numbered,
        *,
        start_time: datetime | None = None,
        timeout: float | None = None,
        **options: Unpack[StreamOptions],
    ) -> Stream:
        """Makes a stream that predicts with a pinned version.

        Args:
            stream_id: Its id, such as `routing`.
            version: A pinned version or its number; it cannot be unpinned while the stream is there.
            start_time: Begin with what was uploaded at this time or later. Default: with what is uploaded from now on.
            timeout: Seconds for the call.
            options: `title`, `description`; `thresholds`, `policy`, `default_threshold` and `labels` as in `predict`;
                `filter`, text of the grammar in docs/filters.md or built with `pinfold.filters.F`.

        Raises FailedPrecondition with the reason VERSION_NOT_PINNED, AlreadyExists.

        Example:
            >>> routing = support.create_stream("routing", version, thresholds={"Billing > Refund": 0.6})

        """
        call = calls.create_stream(self._id, stream_id, version, start_time, options)
        return Stream(self._connection, self._connection.run(call, timeout))

    def stream(self, stream_id: str, *, timeout: float | None = None) -> Stream:
        """One stream. Raises NotFound."""
        return Stream(self._connection, self._connection.run(calls.get_stream(self._id, stream_id), timeout))

    def streams(self, *, timeout: float | None = None) -> Iterator[Stream]:
        """Every stream by id."""
        for info in self._connection.list(calls.list_streams(self._id), timeout):
            yield Stream(self._connection, info)
