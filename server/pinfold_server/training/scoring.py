"""Scores all documents of a dataset by its newest version, so that training modes can rank them at once.

Done by the trainer, between trainings: a worker's event loop is kept free of it, every worker reads the same result,
and a restart loses nothing. What is stored can be computed anew at any time. A pass adds what is missing to what is
there: new documents and changed ones; it is made when a version was published, and when the texts of the sources have
changed and rested for a moment. Older versions' scores go when the newer are complete, so that something can always be
ranked.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.sampling import sample_shift
from pinfold_server.engine.session import Model, ModelDamaged
from pinfold_server.errors import AppError
from pinfold_server.store import artefacts, datasets, scores, versions
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import ClusteringRecord, ClusterRecord, ContentsRecord, ScoringRecord
from pinfold_server.training import pools
from pinfold_server.training.clusters import SAMPLE_MAX, Grouping, form_groups, keywords
from pinfold_server.training.lanes import quickest
from pinfold_server.training.pools import Document, Known

log = logging.getLogger(__name__)

#: Texts that have changed are scored once they have rested so long: an upload is not chased batch by batch.
REST_US = 1_000_000
#: Another trainer that was heard of within this time is left to its work.
LEASE_US = 15_000_000
#: What failed (a damaged file, a full disk) is tried again after so long.
PAUSE_US = 60_000_000
CELLS_A_CHUNK = 1 << 18
DOCUMENTS_A_CHUNK = 4_096
STALE_SHARE_MAX = 0.25
FORGET_STEP = 8

Clock = Callable[[], int]


#: Documents from which on compiled code is worth loading.
COMPILED_FROM = 5_000


@dataclass(frozen=True, slots=True)
class ScorerOptions:
    """`name` of the trainer; `clock` in microseconds since 1970; `compiled`: compiled code may be used."""

    name: str
    clock: Clock
    should_stop: Callable[[], bool]
    compiled: bool = True


class Interrupted(Exception):
    """The trainer is to stop, the dataset or version is gone, or another trainer took over: nothing is lost."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A dataset whose documents are to be scored by `version` (0: before the first training)."""

    dataset_id: str
    uid: int
    version: int
    contents: list[ContentsRecord]
    shift: int
    total: int


class Scorer:
    """One pass at a time."""

    def __init__(self, store: Store, options: ScorerOptions) -> None:
        self._store = store
        self._options = options
        self._rested: dict[int, tuple[list[ContentsRecord], int]] = {}
        self._not_before: dict[tuple[int, int], int] = {}  # dataset uid and version: time

    def tick(self) -> bool:
        """Brings one dataset up to date; False when all are, or their texts have not rested yet."""
        with self._store.read() as txn:
            task = self._next(txn)
        if task is None:
            return False
        try:
            _Pass(self._store, self._options, task).run()
        except Interrupted as reason:
            log.info("scoring of %s was interrupted: %s", task.dataset_id, reason)
            return False
        except (AppError, ModelDamaged) as error:
            log.error("the documents of %s cannot be scored now: %s", task.dataset_id, error)
            self._not_before[task.uid, task.version] = self._options.clock() + PAUSE_US
            return False
        return True

    def _next(self, txn: Txn) -> _Task | None:
        now = self._options.clock()
        owners = list(datasets.every(txn))
        for uid in self._rested.keys() - {owner.uid for owner in owners}:
            del self._rested[uid]
        for owner in owners:
            found = pools.sources_of(txn, owner)
            contents = pools.contents_of(found)
            total = sum(record.document_count for record in found)
            record = scores.get(txn, owner.uid, owner.latest_version)
            if not total or pools.is_current(record, contents):
                continue
            if now < self._not_before.get((owner.uid, owner.latest_version), 0):
                continue
            if record is not None and record.worker != self._options.name and now - record.touched_us < LEASE_US:
                continue
            fresh = record is None and owner.latest_version > 0
            if fresh or self._has_rested(owner.uid, contents, now):
                labels = len(versions.labels(txn, owner.uid, owner.latest_version).labels)
                return _Task(owner.id, owner.uid, owner.latest_version, contents, sample_shift(total, labels), total)
        return None

    def _has_rested(self, uid: int, contents: list[ContentsRecord], now: int) -> bool:
        seen = self._rested.get(uid)
        if seen is None or seen[0] != contents:
            self._rested[uid] = (contents, now)
            return False
        return now - seen[1] >= REST_US


class _Pass:
    """One walk over the documents of a dataset."""

    def __init__(self, store: Store, options: ScorerOptions, task: _Task) -> None:
        self._store = store
        self._options = options
        self._task = task
        self._model, self._labels = self._load()
        self._size = int(np.clip(CELLS_A_CHUNK // max(self._labels, 1), 128, DOCUMENTS_A_CHUNK))

    def run(self) -> None:
        """Raises Interrupted; what was stored by then is there for the next pass."""
        clustering, grouping = self._grouping()
        known = self._known(clustering.number)
        pending: list[Document] = []
        seen: set[bytes] = set()
        for contents in self._task.contents:
            for batch in pools.read_documents(self._store, contents.source_uid, self._task.shift):
                self._look()
                seen.update(one.name for one in batch)
                pending += [one for one in batch if known.digests.get(one.name) != one.digest]
                while len(pending) >= self._size:
                    self._store_chunk(known, grouping, pending[: self._size])
                    del pending[: self._size]
        if pending:
            self._store_chunk(known, grouping, pending)
        for name in known.digests.keys() - seen:
            known.forget(name)
        self._complete(known, len(clustering.clusters))

    def _load(self) -> tuple[Model | None, int]:
        if not self._task.version:
            return None, 0
        with self._store.read() as txn:
            record = versions.get(txn, self._task.uid, self._task.version)
            if record is None or not record.available:
                raise Interrupted("the version is gone")
            blob = artefacts.read(txn, record.sha256)
        model = Model.load(blob, record.sha256.hex())
        if self._options.compiled and self._task.total >= COMPILED_FROM:
            model = quickest(model)
        return model, len(model.labels)

    def _grouping(self) -> tuple[ClusteringRecord, Grouping]:
        """The groups of the dataset, formed anew when it has none or has doubled since."""
        with self._store.read() as txn:
            record = scores.clustering(txn, self._task.uid)
        if record is None or self._task.total >= 2 * record.document_count:
            record = self._form_groups()
        weights = np.frombuffer(record.weights, "<f4")
        return record, Grouping(weights, np.frombuffer(record.centres, "<f4").reshape(-1, len(weights)))

    def _form_groups(self) -> ClusteringRecord:
        """From the documents with the smallest ties: a random sample that does not change with every upload."""
        sample: list[Document] = []
        shift = self._task.shift
        while (self._task.total >> shift) > 2 * SAMPLE_MAX:
            shift += 1
        for contents in self._task.contents:
            for batch in pools.read_documents(self._store, contents.source_uid, shift):
                self._look()
                sample += batch
        sample = sorted(sample, key=lambda one: one.tie)[:SAMPLE_MAX]
        texts = [one.text[:DOCUMENTS_A_CHUNK] for one in sample] or [""]
        grouping = form_groups(texts)
        words = keywords(texts, grouping.assign(texts)[0], len(grouping.centres))
        record = ClusteringRecord(
            document_count=self._task.total,
            weights=grouping.weights.astype("<f4").tobytes(),
            centres=grouping.centres.astype("<f4").tobytes(),
            clusters=[ClusterRecord(keywords=own) for own in words],
        )
        with self._store.write() as txn:
            self._check_owner(txn)
            record.number = next_number(txn, "clustering")
            scores.put_clustering(txn, self._task.uid, record)
        return record

    def _known(self, clustering: int) -> Known:
        """What is stored and can stay; begins anew with new groups, another share of a grown dataset, or much waste."""
        with self._store.read() as txn:
            record = scores.get(txn, self._task.uid, self._task.version)
        known = pools.read_known(self._store, self._task.uid, self._task.version) if record is not None else Known()
        waste = 0 if record is None else len(record.stale)
        keeps = record is not None and record.clustering == clustering and record.shift == self._task.shift
        if not keeps or waste > STALE_SHARE_MAX * max(len(known.digests), 1):
            self._forget()
            record, known = None, Known()
        with self._store.write() as txn:
            self._check_owner(txn)
            began = record or ScoringRecord(version=self._task.version, clustering=clustering, shift=self._task.shift)
            began.document_count = self._task.total >> self._task.shift
            self._touch(began)
            scores.put(txn, self._task.uid, began)
        return known

    def _forget(self) -> None:
        more = True
        while more:
            self._look()
            with self._store.write() as txn:
                more = scores.forget_all_documents(txn, self._task.uid, self._task.version, FORGET_STEP)

    def _store_chunk(self, known: Known, grouping: Grouping, batch: Sequence[Document]) -> None:
        texts = [one.text for one in batch]
        groups, affinities = grouping.assign(texts)
        chunk = pools.to_chunk(batch, groups, affinities, self._probabilities(texts))
        with self._store.write() as txn:
            record = self._record(txn)
            known.add(record.chunk_count, chunk)
            scores.put_chunk(txn, self._task.uid, record.version, record.chunk_count, chunk)
            record.chunk_count += 1
            record.scored_count = len(known.digests)
            record.stale[:] = known.stale
            scores.put(txn, self._task.uid, record)

    def _probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._model is None:
            return np.zeros((len(texts), 0), np.float32)
        return self._model.score(texts).probabilities

    def _complete(self, known: Known, count: int) -> None:
        sizes = np.bincount(np.fromiter(known.groups.values(), np.int64, len(known.groups)), minlength=count)
        reviewed = pools.reviewed_by_group(self._store, self._task.uid, known, count)
        with self._store.write() as txn:
            record = self._record(txn)
            record.scored_count = record.document_count = len(known.digests)
            record.stale[:] = known.stale
            record.cluster_sizes[:] = sizes.tolist()
            record.cluster_reviewed[:] = reviewed.tolist()
            del record.contents[:]
            record.contents.extend(self._task.contents)
            record.complete, record.worker = True, ""
            scores.put(txn, self._task.uid, record)
        more = True
        while more:
            with self._store.write() as txn:
                more = scores.forget_before(txn, self._task.uid, self._task.version, FORGET_STEP)
        log.info(
            "%d documents of %s are scored by version %d", len(known.digests), self._task.dataset_id, self._task.version
        )

    def _record(self, txn: Txn) -> ScoringRecord:
        """The record to be changed in this transaction; raises Interrupted when it is not ours any more."""
        self._check_owner(txn)
        record = scores.get(txn, self._task.uid, self._task.version)
        if record is None or record.worker != self._options.name:
            raise Interrupted("another trainer works on it")
        self._touch(record)
        return record

    def _touch(self, record: ScoringRecord) -> None:
        record.worker, record.touched_us = self._options.name, self._options.clock()

    def _check_owner(self, txn: Txn) -> None:
        if pools.owner_of(txn, self._task.dataset_id, self._task.uid) is None:
            raise Interrupted("the dataset was deleted")

    def _look(self) -> None:
        if self._options.should_stop():
            raise Interrupted("the trainer stops")
