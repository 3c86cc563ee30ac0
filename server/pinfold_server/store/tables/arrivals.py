"""The order of uploads: which documents came in which transaction.

Every transaction that gives numbers to documents of a source is an arrival, and gets the next number of one counter of
the store within that transaction: LMDB has one writer, so arrivals are numbered in the order in which they are
committed, whatever worker they came through, and a reader that sees one sees all before it. Within an arrival,
documents are in the order of their own numbers. An arrival costs a few bytes, however many documents it has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from pinfold_server.store import keys
from pinfold_server.store.env import Txn, last_number, next_number
from pinfold_server.store.storage_pb2 import SourceRecord
from pinfold_server.store.streams_pb2 import ArrivalRecord
from pinfold_server.store.table import Table

_arrivals = Table(ArrivalRecord)
_COUNTER = "arrival"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Documents with the numbers `first` to `last` of a source, as far as they still have them."""

    number: int
    source_uid: int
    first: int
    last: int
    time_us: int


def add(txn: Txn, source_uid: int, first_number: int, now_us: int) -> None:
    """The documents from `first_number` on have come. The clock may go back, the times of arrivals do not."""
    before = next(_arrivals.scan_back(txn, keys.of_source(keys.ARRIVAL, source_uid)), None)
    time_us = now_us if before is None else max(now_us, before[1].time_us)
    record = ArrivalRecord(first_number=first_number, time_us=time_us)
    _arrivals.put(txn, keys.arrival(source_uid, next_number(txn, _COUNTER)), record)


def latest(txn: Txn) -> int:
    """Number of the last arrival, of any source; 0 before the first."""
    return last_number(txn, _COUNTER)


def of_source(txn: Txn, source: SourceRecord, number: int = 0) -> Iterator[Arrival]:
    """Arrivals of a source from the first that is not before `number`, in order."""
    found = _arrivals.scan(txn, keys.of_source(keys.ARRIVAL, source.uid), keys.arrival(source.uid, number))
    end = (b"", ArrivalRecord(first_number=source.last_number + 1))
    for (key, record), (_, following) in pairwise(chain(found, (end,))):
        last = following.first_number - 1
        yield Arrival(keys.number_of_arrival(key), source.uid, record.first_number, last, record.time_us)


def first_at(txn: Txn, source_uid: int, time_us: int) -> int | None:
    """Number of the first arrival of a source at a time or later; None when there is none yet.

    Numbers and times rise together: halves the numbers that can be, some forty steps.
    """
    prefix = keys.of_source(keys.ARRIVAL, source_uid)
    found: int | None = None
    low, high = 0, latest(txn) + 1
    while low < high:
        middle = (low + high) // 2
        entry = next(_arrivals.scan(txn, prefix, keys.arrival(source_uid, middle)), None)
        if entry is None or entry[1].time_us >= time_us:
            high = middle
            found = found if entry is None else keys.number_of_arrival(entry[0])
        else:
            low = keys.number_of_arrival(entry[0]) + 1
    return found
