"""Documents of a source, by id, and how they are found: by their number and by their time.

A number stands for one text: the index of words names documents by it, so a document whose text changes gets another
one and its old words find nothing any more.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from pinfold_server.domain.documents.postings import Numbers
from pinfold_server.domain.documents.same_texts import comparable, digest_of
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DocumentRecord, SourceRecord
from pinfold_server.store.table import Table, keys_between, scan, scan_back
from pinfold_server.store.tables import arrivals, text_digests

_documents = Table(DocumentRecord)

Holds: TypeAlias = Callable[[bytes], bool]


def _anything(_value: bytes) -> bool:
    return True


class Change(NamedTuple):
    """A document as it was, None for a new one, and as it is to be stored."""

    document_id: str
    old: DocumentRecord | None
    new: DocumentRecord


def get(txn: Txn, source_uid: int, document_id: str) -> DocumentRecord | None:
    return _documents.get(txn, keys.document(source_uid, document_id))


def exists(txn: Txn, source_uid: int, document_id: str) -> bool:
    return txn.get(keys.document(source_uid, document_id)) is not None


def get_many(txn: Txn, source_uid: int, document_ids: Sequence[str]) -> list[DocumentRecord | None]:
    """A record, or None, for each id in turn."""
    return get_by_keys(txn, [keys.document(source_uid, document_id) for document_id in document_ids])


def get_by_keys(txn: Txn, wanted: Sequence[bytes], holds: Holds = _anything) -> list[DocumentRecord | None]:
    """A record for each key of a document in turn, or None, also for one that `holds` refuses by its bytes."""
    with txn.cursor() as cursor:
        # In key order neighbours are found on the page that is in hand.
        stored = cursor.getmulti(sorted(wanted))
    found = {key: DocumentRecord.FromString(value) for key, value in stored if holds(value)}
    return [found.get(key) for key in wanted]


def put_many(txn: Txn, source: SourceRecord, changes: Iterable[Change], now_us: int) -> None:
    """Stores documents and gives numbers to new texts, which have arrived now; the caller stores the source, which
    counts them.

    In key order: a page of the tree is then touched once, not once for each document.
    """
    uid, last, head = source.uid, source.last_number, scope(source.uid)
    records: list[tuple[bytes, bytes]] = []
    numbers: list[tuple[bytes, bytes]] = []
    times: list[tuple[bytes, bytes]] = []
    for change in changes:
        document_id, old, new = change
        name = document_id.encode()
        if old is not None and old.number and old.text == new.text:
            new.number = old.number
        else:
            last += 1
            new.number = last
            numbers.append((keys.document_number(uid, last), name))
            if old is not None and old.number:
                _give_up(txn, source, old)
        if old is None or old.timestamp_us != new.timestamp_us or not old.number:
            times.append((keys.document_time(uid, new.timestamp_us) + name, b""))
            if old is not None:
                txn.delete(keys.document_time(uid, old.timestamp_us, document_id))
        records.append((head + name, new.SerializeToString(deterministic=True)))
    if numbers:
        arrivals.add(txn, uid, source.last_number + 1, now_us)
    source.last_number = last
    with txn.cursor() as cursor:
        for items in (records, numbers, times):
            items.sort()
            cursor.putmulti(items)


def delete(txn: Txn, source: SourceRecord, document_id: str) -> bool:
    """True when there was one; the caller then counts it and stores the source."""
    key = keys.document(source.uid, document_id)
    old = _documents.get(txn, key)
    if old is None:
        return False
    txn.delete(key)
    txn.delete(keys.document_time(source.uid, old.timestamp_us, document_id))
    if old.number:
        _give_up(txn, source, old)
    return True


def entries(txn: Txn, source_uid: int, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
    """Key and bytes of the record of every document of a source, by id; `record_of` reads them."""
    return scan(txn, scope(source_uid), start)


def some_keys(txn: Txn, source_uid: int, start: bytes, most: int) -> list[bytes]:
    """Keys of the documents of a source by id, from the first that is not before `start`, at most so many."""
    prefix = scope(source_uid)
    return keys_between(txn, max(prefix, start), keys.past(prefix), most)


def record_of(value: bytes) -> DocumentRecord:
    return DocumentRecord.FromString(value)


def holding(properties: Sequence[Sequence[tuple[str, str | float]]]) -> Holds:
    """Tells of the bytes of a record whether it can have one property of each group.

    An entry of the metadata has but one encoding, so that most records need not be read to be refused.
    """
    groups = [[mark for name, value in group for mark in _marks(name, value)] for group in properties]
    match groups:
        case []:
            return _anything
        case [[only]]:
            return lambda value: only in value
        case _:
            return lambda value: all(any(mark in value for mark in marks) for marks in groups)


def _marks(name: str, value: str | float) -> Iterator[bytes]:
    """How a record holds the property; zero has two signs."""
    for same in (0.0, -0.0) if value == 0 else (value,):
        entry = DocumentRecord()
        if isinstance(same, str):
            entry.metadata[name].string_value = same
        else:
            entry.metadata[name].number_value = same
        yield entry.SerializeToString()


def id_of(txn: Txn, source_uid: int, number: int) -> str | None:
    """Id of the document that has the number; None when none has it any more."""
    value = txn.get(keys.document_number(source_uid, number))
    return None if value is None else bytes(value).decode()


def by_number(txn: Txn, source_uid: int, first: int) -> Iterator[tuple[int, str]]:
    """Number and id of every document from the number `first` on."""
    prefix = keys.of_source(keys.DOCUMENT_NUMBER, source_uid)
    for key, value in scan(txn, prefix, keys.document_number(source_uid, first)):
        yield keys.number_of_document(key), value.decode()


def keys_of(txn: Txn, source_uid: int, numbers: Numbers) -> list[bytes]:
    """Keys of the documents that have the numbers; numbers that no document has any more are left out."""
    wanted = [keys.document_number(source_uid, number) for number in numbers.tolist()]
    head = scope(source_uid)
    with txn.cursor() as cursor:
        return [head + value for _, value in cursor.getmulti(wanted)]


def keys_by_time(txn: Txn, source_uid: int, first_us: int, last_us: int) -> list[bytes]:
    """Keys of the documents from one time to another, both included, oldest first."""
    head = scope(source_uid)
    return [head + keys.id_in_timed(key) for key in _timed(txn, source_uid, first_us, last_us)]


def count_by_time(txn: Txn, source_uid: int, first_us: int, last_us: int, most: int) -> int:
    """How many documents `keys_by_time` gives, or `most` where there are more."""
    return len(_timed(txn, source_uid, first_us, last_us, most))


def _timed(txn: Txn, source_uid: int, first_us: int, last_us: int, most: int | None = None) -> list[bytes]:
    first, past = keys.document_time(source_uid, first_us), keys.document_time(source_uid, last_us + 1)
    return keys_between(txn, first, past, most)


def by_time_back(txn: Txn, source_uid: int, before: tuple[int, str] | None) -> Iterator[tuple[int, str]]:
    """Time and id of the documents whose time and id are below `before` (None: of all), newest first."""
    prefix = keys.of_source(keys.DOCUMENT_TIME, source_uid)
    end = b"" if before is None else keys.document_time(source_uid, *before)
    for key, _ in scan_back(txn, prefix, end):
        yield keys.timed_document(key)


def scope(source_uid: int) -> bytes:
    return keys.documents(source_uid)


def _give_up(txn: Txn, source: SourceRecord, old: DocumentRecord) -> None:
    txn.delete(keys.document_number(source.uid, old.number))
    source.gone_count += old.number <= source.indexed_number
    if old.number <= source.compared_number:
        text_digests.remove(txn, source.uid, digest_of(comparable(old.text)), old.number)
