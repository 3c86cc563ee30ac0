"""What is said of documents, read beside them."""

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from pinfold._splits import DocumentSplit
from pinfold._types import Annotation

E = TypeVar("E", Annotation, DocumentSplit)


class AsyncBeside(Generic[E]):
    """Entries of one source among `entries`, which are in the order of document ids within a source."""

    def __init__(self, entries: AsyncIterator[E], source: str) -> None:
        self._entries: AsyncIterator[E] = entries
        self._source = source
        self._next: E | None = None
        self._begun = False

    async def of(self, document_id: str) -> E | None:
        """That of a document; documents are asked for in the order of their ids."""
        if not self._begun:
            self._begun = True
            await self._step()
        while self._next is not None and self._next.document_id < document_id:
            await self._step()
        found = self._next is not None and self._next.document_id == document_id
        return self._next if found else None

    async def _step(self) -> None:
        self._next = await anext(self._entries, None)
        while self._next is not None and self._next.source != self._source:
            self._next = await anext(self._entries, None)
