"""Sends rows of the caller, the next call being prepared while one is under way."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Mapping
from typing import Any

from pinfold._aio.connection import Connection
from pinfold._aio.iterate import each
from pinfold._arguments import length_of
from pinfold._calls import Call
from pinfold._errors import PinfoldError
from pinfold._progress import upload_reporter
from pinfold._types import UploadProgress, UploadReport
from pinfold._upload import Target, Upload, calls_in_flight

Progress = bool | Callable[[UploadProgress], object]
Rows = Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]]


async def upload_rows(
    connection: Connection, target: Target, rows: Rows, progress: Progress, timeout: float | None
) -> UploadReport:
    """What became of the rows; `timeout` bounds each call."""
    upload = Upload(target)
    report = upload_reporter(progress)
    total = length_of(rows)
    try:
        async for answer in connection.run_many(_calls(upload, rows), calls_in_flight(target), timeout):
            upload.add(answer)
            report(upload.progress(total))
    except PinfoldError as error:
        upload.explain(error)
        raise
    report(upload.progress(total, finished=True))
    return upload.report()


async def _calls(upload: Upload, rows: Rows) -> AsyncIterator[Call[UploadReport]]:
    async for row in each(rows):
        if (full := upload.push(row)) is not None:
            yield full
    if (last := upload.flush()) is not None:
        yield last
