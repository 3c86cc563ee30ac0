"""Keeps the index of words up with the documents, in the background and in small transactions.

An upload only gives numbers to its texts, so that it costs little; search looks at the texts behind `indexed_number`
themselves. Texts are read and taken apart outside of any write transaction.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.documents.words import words_of
from pinfold_server.store import garbage
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import SourceRecord
from pinfold_server.store.tables import documents, sources, words

BATCH_DOCUMENTS = 8_192
BATCH_CHARS = 4 << 20
WORDS_A_WRITE = 1_500

#: An index with more numbers of texts that are gone than there are documents, and than this, is made anew.
GONE_MIN = 50_000


@dataclass(frozen=True, slots=True)
class _Batch:
    """Texts with numbers from after `base` to `last`, of which each word has a list of numbers."""

    source_id: str
    source_uid: int
    base: int
    last: int
    numbers: list[tuple[str, Sequence[int]]]


def texts_to_index(store: Store) -> int:
    """Changes with every text that arrives; 0 when there is nothing for `index_some` to do."""
    with store.read() as txn:
        return sum(record.last_number for _, record in sources.by_id(txn) if _needs(record))


def index_some(store: Store) -> bool:
    """Indexes some documents of one source, or begins an index anew; False when there was nothing to do."""
    with store.read() as txn:
        source = next((record for _, record in sources.by_id(txn) if _needs(record)), None)
        if source is not None and not _is_worn(source):
            texts, last = _texts(txn, source)
    if source is None:
        return False
    if _is_worn(source):
        _begin_anew(store, source)
        return True
    gathered: dict[str, list[int]] = {}
    for number, text in texts:
        for word in set(words_of(text)):
            gathered.setdefault(word, []).append(number)
    _write(store, _Batch(source.id, source.uid, source.indexed_number, last, sorted(gathered.items())))
    return True


def _needs(source: SourceRecord) -> bool:
    return source.has_indexes and (source.indexed_number < source.last_number or _is_worn(source))


def _is_worn(source: SourceRecord) -> bool:
    return source.gone_count > max(GONE_MIN, source.document_count)


def _texts(txn: Txn, source: SourceRecord) -> tuple[list[tuple[int, str]], int]:
    """Number and text of the next documents, and the number up to which they go."""
    found: list[tuple[int, str]] = []
    room = BATCH_CHARS
    for number, document_id in documents.by_number(txn, source.uid, source.indexed_number + 1):
        record = documents.get(txn, source.uid, document_id)
        assert record is not None, "a number always names a document"
        found.append((number, record.text))
        room -= len(record.text)
        if len(found) == BATCH_DOCUMENTS or room <= 0:
            return found, number
    return found, source.last_number


def _write(store: Store, batch: _Batch) -> None:
    """Words in small transactions, and with the last of them what is indexed now.

    Stops when another process did the work; what it wrote is not written twice.
    """
    additions = iter(batch.numbers)
    while True:
        part = list(itertools.islice(additions, WORDS_A_WRITE))
        with store.write() as txn:
            source = sources.get(txn, batch.source_id)
            if source is None or source.uid != batch.source_uid or source.indexed_number != batch.base:
                return
            if not source.words_uid:
                source.words_uid = next_number(txn, "words")
                sources.put(txn, source)
            words.add_many(txn, source.words_uid, part)
            if len(part) < WORDS_A_WRITE:
                source.indexed_number = batch.last
                sources.put(txn, source)
                return


def _begin_anew(store: Store, worn: SourceRecord) -> None:
    """Documents keep their numbers; all of them are behind the index then."""
    with store.write() as txn:
        source = sources.get(txn, worn.id)
        if source is not None and source.uid == worn.uid and _is_worn(source):
            garbage.discard_words(txn, source)
            source.gone_count = 0
            sources.put(txn, source)
