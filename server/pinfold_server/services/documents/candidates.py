"""Documents that can match a filter, in the order of sources and ids, found through the cheapest index."""

import bisect
import heapq
import itertools
import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from pinfold_server.domain.documents import filter_plans as plans
from pinfold_server.domain.documents import postings
from pinfold_server.domain.documents.filter_plans import Access
from pinfold_server.domain.documents.filters import Filter
from pinfold_server.domain.documents.postings import Numbers
from pinfold_server.domain.labels.labels import levels
from pinfold_server.services.documents.document_scope import DocumentScope
from pinfold_server.services.sampling.score_tables import TableScores
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DocumentRecord, SourceRecord
from pinfold_server.store.tables import annotations, documents, labels, words

#: Most documents that are found in another order and sorted, some milliseconds a call; beyond that, an ordered walk.
SORTED_MAX = 8_192

_READ_AHEAD = 128


class Moment(NamedTuple):
    """Where a document stands among those of all sources by time; equals by source and id."""

    time_us: int
    source_uid: int
    document_id: str

    def bound_in(self, source_uid: int) -> tuple[int, str]:
        """Time and id (empty: before all of that time) below which a source's documents stand below this one."""
        if source_uid == self.source_uid:
            return self.time_us, self.document_id
        return self.time_us + (source_uid < self.source_uid), ""


class Candidates:
    """`numbers` are those of the dataset's labels, by name; `scores` are there where the filter asks for them."""

    def __init__(
        self,
        txn: Txn,
        scope: DocumentScope,
        wanted: Filter,
        numbers: Mapping[str, int],
        scores: TableScores | None = None,
    ) -> None:
        self._txn = txn
        self._scores = scores
        self._owner = scope.owner
        self._numbers = numbers
        only = plans.sources_of_all(wanted)
        self._sources = [source for source in scope.sources if only is None or source.id in only]
        self._hits: dict[tuple[int, frozenset[str]], Numbers | None] = {}
        self.access = plans.choose(wanted, self._cost)
        self._count = plans.cost_of(self.access, self._cost)
        self._holds = documents.holding(plans.properties_of_all(wanted))
        self._words = frozenset() if isinstance(self.access, plans.OfWords) else plans.words_of_all(wanted)

    def after(self, start: bytes) -> Iterator[tuple[bytes, DocumentRecord | None]]:
        """Key and record of each candidate whose key is not before `start`; None for one whose words or metadata do
        not fit.
        """
        for source in self._sources:
            if keys.past(documents.scope(source.uid)) <= start:
                continue
            if isinstance(self.access, plans.Everyone):
                found = self._every(source.uid, start)
            else:
                found = self._records(self._keys(self.access, source, start))
            fits = self._fitting(source)
            if fits is None:
                yield from found
            else:
                yield from (
                    (key, None if record is None or not fits[record.number] else record) for key, record in found
                )

    def newest(self, before: Moment | None) -> Iterator[tuple[Moment, DocumentRecord | None]]:
        """Candidates by falling moment, from below `before` on; None for a record whose words do not fit."""
        if self._count <= SORTED_MAX or not all(source.has_indexes for source in self._sources):
            yield from self._sorted(before)
            return
        fitting = {source.uid: self._fitting(source) for source in self._sources}
        walks = [self._back(source.uid, before) for source in self._sources]
        for moment in heapq.merge(*walks, reverse=True):
            record = documents.get(self._txn, moment.source_uid, moment.document_id)
            assert record is not None, "the index by time names documents only"
            fits = fitting[moment.source_uid]
            yield moment, record if fits is None or fits[record.number] else None

    def _sorted(self, before: Moment | None) -> Iterator[tuple[Moment, DocumentRecord | None]]:
        found: list[tuple[Moment, DocumentRecord]] = []
        for key, record in self.after(b""):
            if record is not None:
                moment = Moment(record.timestamp_us, *keys.stored_document(key))
                if before is None or moment < before:
                    found.append((moment, record))
        found.sort(key=lambda entry: entry[0], reverse=True)
        yield from found

    def _back(self, source_uid: int, before: Moment | None) -> Iterator[Moment]:
        at = None if before is None else before.bound_in(source_uid)
        for time_us, document_id in documents.by_time_back(self._txn, source_uid, at):
            yield Moment(time_us, source_uid, document_id)

    def _every(self, source_uid: int, start: bytes) -> Iterator[tuple[bytes, DocumentRecord | None]]:
        for key, value in documents.entries(self._txn, source_uid, start):
            yield key, documents.record_of(value) if self._holds(value) else None

    def _records(self, found: Iterator[bytes]) -> Iterator[tuple[bytes, DocumentRecord | None]]:
        while batch := list(itertools.islice(found, _READ_AHEAD)):
            yield from zip(batch, documents.get_by_keys(self._txn, batch, self._holds), strict=True)

    def _keys(self, access: Access, source: SourceRecord, start: bytes) -> Iterator[bytes]:
        """Keys of documents in their order, from the first that is not before `start`."""
        uid = source.uid
        match access:
            case plans.OfAnnotations():
                assert self._owner is not None, "only datasets have annotations"
                return annotations.documents_of(self._txn, self._owner.uid, uid, start)
            case plans.OfLabel(label):
                return self._labelled(label, uid, start)
            case plans.OfPredictions(leaf):
                assert self._scores is not None, "a filter on predictions has scores"
                return self._scores.keys(leaf, uid, start)
            case plans.AnyOf(parts):
                return _each_once(heapq.merge(*(self._keys(part, source, start) for part in parts)))
            case plans.OfIds(ids):
                return _from(start, [keys.document(uid, document_id) for document_id in ids])
            case plans.OfWords(wanted):
                hits = self._numbers_with(source, wanted)
                return _from(start, [] if hits is None else documents.keys_of(self._txn, uid, hits))
            case plans.OfTime(first_us, last_us):
                return _from(start, documents.keys_by_time(self._txn, uid, first_us, last_us))
            case plans.Everyone():
                raise AssertionError("all documents are not found by their keys")

    def _labelled(self, label: str, source_uid: int, start: bytes) -> Iterator[bytes]:
        assert self._owner is not None, "only datasets have labels"
        owner_uid = self._owner.uid
        below = [number for name, number in self._numbers.items() if label in levels(name)]
        return _each_once(
            heapq.merge(
                *(annotations.documents_with_label(self._txn, owner_uid, one, source_uid, start) for one in below)
            )
        )

    def _cost(self, access: Access) -> float:
        match access:
            case plans.Everyone():
                return sum(source.document_count for source in self._sources)
            case plans.OfAnnotations():
                return math.inf if self._owner is None else self._owner.annotated_count
            case plans.OfLabel(label):
                return self._label_cost(label)
            case plans.OfPredictions(leaf):
                return math.inf if self._scores is None else self._scores.count(leaf)
            case plans.OfIds(ids):
                return len(ids) * len(self._sources)
            case plans.OfWords(wanted):
                found = [self._numbers_with(source, wanted) for source in self._sources]
                return _sortable(sum(math.inf if hits is None else len(hits) for hits in found))
            case plans.OfTime(first_us, last_us):
                return self._time_cost(first_us, last_us)
            case plans.AnyOf():
                raise AssertionError("its parts have costs")

    def _label_cost(self, label: str) -> float:
        if self._owner is None or not self._owner.has_label_index:
            return math.inf
        record = labels.get(self._txn, self._owner.uid, self._numbers[label])
        return math.inf if record is None else record.assigned_count

    def _time_cost(self, first_us: int, last_us: int) -> float:
        if not all(source.has_indexes for source in self._sources):
            return math.inf
        count = 0
        for source in self._sources:
            count += documents.count_by_time(self._txn, source.uid, first_us, last_us, SORTED_MAX + 1 - count)
        return _sortable(count)

    def _numbers_with(self, source: SourceRecord, wanted: frozenset[str]) -> Numbers | None:
        """Numbers of texts that can have all of the words, those that are not indexed yet among them."""
        if not source.has_indexes:
            return None
        key = (source.uid, wanted)
        if key not in self._hits:
            found = words.numbers_of_all(self._txn, source.words_uid, wanted)
            indexed = postings.without_later(found, source.indexed_number)
            self._hits[key] = postings.followed_by(indexed, source.indexed_number + 1, source.last_number)
        return self._hits[key]

    def _fitting(self, source: SourceRecord) -> bytes | None:
        """By number: can a text have the words that the filter asks of all? None where nothing is known of that."""
        if not self._words or (hits := self._numbers_with(source, self._words)) is None:
            return None
        fits = np.zeros(source.last_number + 1, np.bool_)
        fits[hits] = True
        return fits.tobytes()


def _sortable(count: float) -> float:
    return count if count <= SORTED_MAX else math.inf


def _each_once(found: Iterator[bytes]) -> Iterator[bytes]:
    return (key for key, _ in itertools.groupby(found))


def _from(start: bytes, found: list[bytes]) -> Iterator[bytes]:
    """The keys sorted, without those before `start`."""
    found.sort()
    return iter(found[bisect.bisect_left(found, start) :])
