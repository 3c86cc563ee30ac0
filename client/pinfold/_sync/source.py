"""A source that a sync client holds."""

from collections.abc import Iterable, Iterator
from typing import Self

from pinfold import _dataset_calls as calls
from pinfold import _names
from pinfold._sync.connection import Connection
from pinfold._sync.uploading import Progress, Rows, upload_rows
from pinfold._types import Document, SourceInfo, UploadReport
from pinfold._upload import Target
from pinfold.filters import Filter


class Source:
    """A named collection of documents; several datasets can read it. Made by `Client.source` and its siblings."""

    def __init__(self, connection: Connection, source_id: str, info: SourceInfo | None = None) -> None:
        self._connection = connection
        self._id = source_id
        self._name = _names.source(source_id)
        self._info = info

    def __repr__(self) -> str:
        return f"<pinfold.Source {self._id!r}>"

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
        """Title, counts and times as last seen; read from the server when nothing was seen yet."""
        if self._info is None:
            self._info = self._connection.run(calls.get_source(self._id))
        return self._info

    def refresh(self, *, timeout: float | None = None) -> Self:
        """Reads `info` anew."""
        self._info = self._connection.run(calls.get_source(self._id), timeout)
        return self

    def upload(self, rows: Rows, *, progress: Progress = False, timeout: float | None = None) -> UploadReport:
        """Stores documents without labels; see `Dataset.upload`, which takes labels too."""
        return upload_rows(self._connection, Target(source=self._name), rows, progress, timeout)

    def documents(self, *, filter: str | Filter | None = None, timeout: float | None = None) -> Iterator[Document]:
        """Every document by id, or those that match `filter`, read page by page. See `Dataset.documents`."""
        return self._connection.list(calls.list_documents(None, self._id, filter), timeout)

    def document(self, document_id: str, *, timeout: float | None = None) -> Document:
        """One document. Raises NotFound."""
        return self._connection.run(calls.get_document(self._id, document_id), timeout)

    def delete_documents(self, ids: Iterable[str], *, timeout: float | None = None) -> int:
        """Deletes documents with their annotations in every dataset; how many of them existed."""
        return sum(self._connection.run(call, timeout) for call in calls.delete_documents(self._id, ids))

    def delete(self, *, etag: str | None = None, timeout: float | None = None) -> None:
        """Deletes the source with its documents. Raises FailedPrecondition while a dataset reads it."""
        self._connection.run(calls.delete_source(self._id, etag), timeout)
