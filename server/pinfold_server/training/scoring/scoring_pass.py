"""One walk over the documents of a dataset, whose scores it brings up to date.

A pass adds what is missing to what is stored: new documents and changed ones. Older versions' scores go when the newer
are complete, so that something can always be ranked.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.sentiments import label_count
from pinfold_server.engine.session import Model
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import (
    ClusteringRecord,
    ClusterRecord,
    ContentsRecord,
    ScoreChunkRecord,
    ScoringRecord,
)
from pinfold_server.store.tables import artefacts, scores, versions
from pinfold_server.training.scoring import pools
from pinfold_server.training.scoring.clusters import SAMPLE_MAX, Grouping, form_groups, keywords
from pinfold_server.training.scoring.known_scores import Known, read_known, reviewed_by_group
from pinfold_server.training.scoring.lanes import quickest
from pinfold_server.training.scoring.pools import Documents, Names

log = logging.getLogger(__name__)

CELLS_A_CHUNK = 1 << 18
DOCUMENTS_A_CHUNK = 4_096
#: Of a text that groups are formed from, and texts that are held whole for it.
CHARACTERS_GROUPED = 4_096
SAMPLE_STEP = 1_024
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
        names = self._names()
        clustering, grouping = self._grouping(names)
        known = self._known(clustering.number)
        known.forget_others(names.names)
        # Scores are made in machine code, beside which the interpreter stores what came before and reads on.
        with ThreadPoolExecutor(max_workers=1) as pool:
            made: Future[ScoreChunkRecord] | None = None
            for batch in self._chunks(names, known):
                following = pool.submit(self._scored, batch, grouping)
                if made is not None:
                    self._store_chunk(known, made.result())
                made = following
            if made is not None:
                self._store_chunk(known, made.result())
        self._complete(known, len(clustering.clusters))

    def _names(self) -> Names:
        parts: list[Names] = []
        for contents in self._task.contents:
            for part in pools.find_documents(self._store, contents.source_uid, self._task.shift):
                self._look()
                parts.append(part)
        return pools.joined(parts)

    def _chunks(self, names: Names, known: Known) -> Iterator[Documents]:
        """The documents that are not stored as they are now, in portions of the size of a chunk."""
        pending: Documents | None = None
        for begin in range(0, len(names), self._size):
            self._look()
            found = known.changed(pools.read_documents(self._store, names.part(begin, begin + self._size)))
            pending = found if pending is None else pending.followed_by(found)
            if len(pending) >= self._size:
                yield pending.part(0, self._size)
                pending = pending.part(self._size, len(pending))
        if pending is not None and len(pending):
            yield pending

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

    def _grouping(self, names: Names) -> tuple[ClusteringRecord, Grouping]:
        """The groups of the dataset, formed anew when it has none or has doubled since."""
        with self._store.read() as txn:
            record = scores.clustering(txn, self._task.uid)
        if record is None or self._task.total >= 2 * record.document_count:
            record = self._form_groups(names)
        weights = np.array(np.frombuffer(record.weights, "<f4"))
        centres = np.frombuffer(record.centres, "<f4").reshape(-1, len(weights))
        return record, Grouping(weights, np.ascontiguousarray(centres.T))

    def _form_groups(self, names: Names) -> ClusteringRecord:
        sample = names.smallest(SAMPLE_MAX)
        texts: list[str] = []
        for begin in range(0, len(sample), SAMPLE_STEP):
            self._look()
            read = pools.read_documents(self._store, sample.part(begin, begin + SAMPLE_STEP))
            texts += (text[:CHARACTERS_GROUPED] for text in read.texts)
        texts = texts or [""]
        grouping = form_groups(texts, self._look)
        words = keywords(texts, grouping.assign(texts)[0], grouping.count)
        record = ClusteringRecord(
            document_count=self._task.total,
            weights=grouping.weights.astype("<f4").tobytes(),
            centres=grouping.centres.T.astype("<f4").tobytes(),
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
        known = read_known(self._store, self._task.uid, self._task.version) if record is not None else Known()
        waste = 0 if record is None else len(record.stale)
        keeps = record is not None and record.clustering == clustering and record.shift == self._task.shift
        if not keeps or waste > STALE_SHARE_MAX * max(len(known), 1):
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

    def _scored(self, batch: Documents, grouping: Grouping) -> ScoreChunkRecord:
        groups, affinities = grouping.assign(batch.texts)
        return pools.to_chunk(batch, groups, affinities, self._probabilities(batch.texts))

    def _store_chunk(self, known: Known, chunk: ScoreChunkRecord) -> None:
        with self._store.write() as txn:
            record = self._record(txn)
            known.add(record.chunk_count, chunk)
            scores.put_chunk(txn, self._task.uid, record.version, record.chunk_count, chunk)
            record.chunk_count += 1
            record.scored_count = len(known)
            record.stale[:] = known.stale
            scores.put(txn, self._task.uid, record)

    def _probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._model is None:
            return np.zeros((len(texts), 0), np.float32)
        return self._model.score(texts).probabilities[:, : self._labels]

    def _complete(self, known: Known, count: int) -> None:
        sizes = known.group_sizes(count)
        reviewed = reviewed_by_group(self._store, self._task.uid, known, count)
        with self._store.write() as txn:
            record = self._record(txn)
            record.scored_count = record.document_count = len(known)
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
        log.info("%d documents of %s are scored by version %d", len(known), self._task.dataset_id, self._task.version)

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
