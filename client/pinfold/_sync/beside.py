"""What is said of documents, read beside them."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from pinfold._splits import DocumentSplit
from pinfold._types import Annotation

E = TypeVar("E", Annotation, DocumentSplit)


class Beside(Generic[E]):
    """Entries of one source among `entries`, which are in the order of document ids within a source."""

    def __init__(self, entries: Iterator[E], source: str) -> None:
        self._entries: Iterator[E] = entries
        self._source = source
        self._next: E | None = None
        self._begun = False

    def of(self, document_id: str) -> E | None:
        """That of a document; documents are asked for in the order of their ids."""
        if not self._begun:
            self._begun = True
            self._step()
        while self._next is not None and self._next.document_id < document_id:
            self._step()
        found = self._next is not None and self._next.document_id == document_id
        return self._next if found else None

    def _step(self) -> None:
        self._next = next(self._entries, None)
        while self._next is not None and self._next.source != self._source:
            self._next = next(self._entries, None)
