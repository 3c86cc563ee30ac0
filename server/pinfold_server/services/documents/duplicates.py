"""Documents whose text a source has under another id, and what an upload does with them."""

import enum
from dataclasses import dataclass

from pinfold_server.domain.documents.same_texts import comparable, digest_of
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DocumentRecord, SourceRecord
from pinfold_server.store.tables import documents, sources, text_digests

#: Texts that one transaction takes into the index: some tens of milliseconds.
COMPARED_STEP = 2_000


class DuplicateTexts(enum.IntEnum):
    """What is done with a text that the source has under another id; the numbers are those of the protocol."""

    STORE = 1
    KEEP_FIRST = 2
    KEEP_LAST = 3
    MERGE = 4


@dataclass(frozen=True, slots=True)
class Twin:
    """The document that has a text already; `record` as it will be after what this upload did so far."""

    id: str
    record: DocumentRecord


class Twins:
    """The texts of one source within one transaction. `pending`: changes by id that are not stored yet."""

    def __init__(self, txn: Txn, source: SourceRecord, pending: dict[str, documents.Change]) -> None:
        catch_up(txn, source, None)
        self._txn = txn
        self._uid = source.uid
        self._pending = pending
        self._taken: dict[str, str] = {}  # ids by text, of changes that are not stored yet

    def find(self, document_id: str, text: str, old: DocumentRecord | None) -> Twin | None:
        """Another document with the text; None also for a document that has it itself."""
        compared = comparable(text)
        if old is not None and comparable(old.text) == compared:
            return None
        taken = self._taken.get(compared)
        if taken is not None:
            return Twin(taken, self._pending[taken].new)
        for number in text_digests.numbers_with(self._txn, self._uid, digest_of(compared)):
            other = documents.id_of(self._txn, self._uid, number)
            if other is None or other == document_id:
                continue
            record = self._record(other)
            if record is not None and comparable(record.text) == compared:
                return Twin(other, record)
        return None

    def take(self, document_id: str, text: str) -> None:
        """The document will have the text; it is among the pending changes."""
        self._taken.setdefault(comparable(text), document_id)

    def _record(self, document_id: str) -> DocumentRecord | None:
        change = self._pending.get(document_id)
        return change.new if change is not None else documents.get(self._txn, self._uid, document_id)


def catch_up(txn: Txn, source: SourceRecord, limit: int | None) -> int:
    """Takes up to `limit` texts into the index and stores the source; how many numbers are still to be looked at."""
    entries: list[tuple[bytes, int]] = []
    reached = source.last_number
    for number, document_id in documents.by_number(txn, source.uid, source.compared_number + 1):
        if limit is not None and len(entries) == limit:
            reached = entries[-1][1]
            break
        record = documents.get(txn, source.uid, document_id)
        assert record is not None, "a number always names a document"
        entries.append((digest_of(comparable(record.text)), number))
    if reached != source.compared_number:
        text_digests.add_many(txn, source.uid, entries)
        source.compared_number = reached
        sources.put(txn, source)
    return source.last_number - reached
