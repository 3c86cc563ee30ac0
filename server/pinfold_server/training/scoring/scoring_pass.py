"""One walk over the documents of a dataset, whose scores it brings up to date.

A pass adds what is missing to what is stored: new documents and changed ones. Older versions' scores go when the newer
are complete, so that something can always be ranked.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.sentiments import label_count
from pinfold_server.engine.session import Model
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import ClusteringRecord, ClusterRecord, ContentsRecord, ScoringRecord
from pinfold_server.store.tables import artefacts, scores, versions
from pinfold_server.training.scoring import pools
from pinfold_server.training.scoring.clusters import SAMPLE_MAX, Grouping, form_groups, keywords
from pinfold_server.training.scoring.lanes import quickest
from pinfold_server.training.scoring.pools import Document, Known

log = logging.getLogger(__name__)

CELLS_A_CHUNK = 1 << 18
DOCUMENTS_A_CHUNK = 4_096
STALE_SHARE_MAX = 0.25
FORGET_STEP = 8
#: Documents from which on compiled code is worth loading.
COMPILED_FROM = 5_000

Clock = Callable[[], int]


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
class Task:
    """A dataset whose documents are to be scored by `version` (0: before the first training)."""

    dataset_id: str
    uid: int
    version: int
    contents: list[ContentsRecord]
    shift: int
    total: int


class Pass:
    """`look` is called between the steps, each a tenth of a second at most, and may raise to end the pass."""

    def __init__(self, store: Store, options: ScorerOptions, task: Task, look: Callable[[], None]) -> None:
        self._store = store
        self._options = options
        self._task = task
        self._look = look
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
                    self._look()
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
            self._look()
            model = quickest(model)
        return model, label_count(model.labels)

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
        grouping = form_groups(texts, self._look)
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
        return self._model.score(texts).probabilities[:, : self._labels]

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
