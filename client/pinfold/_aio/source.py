"""A source that an async client holds."""

from collections.abc import AsyncIterator, Iterable
from typing import Self

from pinfold import _dataset_calls as calls
from pinfold import _names
from pinfold._aio.connection import Connection
from pinfold._aio.uploading import Progress, Rows, upload_rows
from pinfold._arguments import not_seen
from pinfold._types import Document, SourceInfo, UploadReport
from pinfold._upload import Target
from pinfold.filters import Filter


class AsyncSource:
    """A named collection of documents; several datasets can read it. Made by `AsyncClient.source` and its siblings."""

    def __init__(self, connection: Connection, source_id: str, info: SourceInfo | None = None) -> None:
        self._connection = connection
        self._id = source_id
        self._name = _names.source(source_id)
        self._info = info

    def __repr__(self) -> str:
        return f"<pinfold.AsyncSource {self._id!r}>"

    @property
    def id(self) -> str:
        """The id, such as `tickets`."""
        return self._id

    @property
    def name(self) -> str:
        """The resource name, such as `sources/tickets`."""
        return self._name

    @property
    def info(self) -> SourceInfo:
        """Title, counts and times as last seen. Raises RuntimeError before the first `refresh()` of a bare handle."""
        if self._info is None:
            raise not_seen(self._name)
        return self._info

    async def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads `info` anew."""
        self._info = await self._connection.run(calls.get_source(self._id), timeout)
        return self

    async def upload(self, rows: Rows, *, progress: Progress = False, timeout: float | None = None) -> UploadReport:
        """Stores documents without labels; see `AsyncDataset.upload`, which takes labels too."""
        return await upload_rows(self._connection, Target(source=self._name), rows, progress, timeout)

    def documents(self, *, filter: str | Filter | None = None, timeout: float | None = None) -> AsyncIterator[Document]:
        """Every document by id, or those that match `filter`, read page by page. See `Dataset.documents`."""
        return self._connection.list(calls.list_documents(None, self._id, filter), timeout)

    async def document(self, document_id: str, *, timeout: float | None = None) -> Document:
        """One document. Raises NotFound."""
        return await self._connection.run(calls.get_document(self._id, document_id), timeout)

    async def delete_documents(self, ids: Iterable[str], *, timeout: float | None = None) -> int:
        """Deletes documents with their annotations in every dataset; how many of them existed."""
        deleted = 0
        for call in calls.delete_documents(self._id, ids):
            deleted += await self._connection.run(call, timeout)
        return deleted

    async def delete(self, *, etag: str | None = None, timeout: float | None = None) -> None:
        """Deletes the source with its documents. Raises FailedPrecondition while a dataset reads it."""
        await self._connection.run(calls.delete_source(self._id, etag), timeout)
