"""Documents that are worth annotating next, by a training mode: ranked, checked against what is said of them now, and
predicted. The rules are `domain/runs/sampling.py`, the scores those that the trainer keeps.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.domain.names import LATEST, VersionRef, dataset_name, document_name
from pinfold_server.domain.runs import sampling
from pinfold_server.errors import AppError, Code, precondition
from pinfold_server.services.annotations.annotations import AnnotationInfo, describe
from pinfold_server.services.common import lookup
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.finding import Matcher
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.predictions.predictions import PredictionService, Query
from pinfold_server.services.sampling import sample_pools, sample_tokens
from pinfold_server.services.sampling.sample_pools import Pool, PoolScores, VersionLabels
from pinfold_server.services.sampling.sample_queries import (
    BYTES_MAX,
    LOOKS_MAX,
    NEED_MODEL,
    OF_REVIEWED,
    PAGE_DEFAULT,
    PAGE_MAX,
    TOP_K_DEFAULT,
    WITHOUT_SCORES,
    SampleQuery,
)
from pinfold_server.services.sampling.sample_ranking import pool_of
from pinfold_server.services.sampling.sample_tokens import Position
from pinfold_server.services.sampling.samples import Cluster, Sampled, SamplePage
from pinfold_server.services.sampling.search_samples import search_page
from pinfold_server.services.sampling.stored_scores import StoredScores
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import (
    AnnotationRecord,
    DatasetRecord,
    ScoringRecord,
    SourceRecord,
)
from pinfold_server.store.tables import annotations, documents, labels, scores, sources, versions

#: A call waits so long for the trainer to score the documents for the first time.
READY_SECONDS = 10.0
LOOK_SECONDS = 0.05
#: Calls that hold the scores of a dataset in memory, up to 64 MiB twice, at the same time.
READS_MAX = 2
SORTED_MAX = 512


class SamplingService:
    """Raises AppError NOT_FOUND for a dataset that is not there."""

    def __init__(self, store: Store, predictions: PredictionService, scores: StoredScores) -> None:
        self._store = store
        self._scores = scores
        self._predictions = predictions
        self._reading = asyncio.Semaphore(READS_MAX)

    async def sample(self, query: SampleQuery) -> SamplePage:
        """Raises AppError INVALID for options out of rule, NO_VERSION, SAMPLES_NOT_READY, SAMPLE_EXPIRED."""
        query.check()
        query.page.limit(PAGE_DEFAULT, PAGE_MAX)
        page = await self._page(query)
        if not page.samples or not page.predicted_version:
            return page
        asked = Asked(top_k=query.top_k or TOP_K_DEFAULT, all_scores=True)
        texts = [one.document.text for one in page.samples]
        wanted = VersionRef(page.predicted_version, None)
        answer = await self._predictions.predict(Query(query.dataset_id, wanted, texts, asked, stored=True))
        return replace(
            page,
            label_names=answer.labels,
            predictions=tuple(answer.picks.by_text()),
            truncated=tuple(answer.truncated.tolist()),
            sentiments=tuple(answer.picks.sentiments_by_text()),
        )

    async def _page(self, query: SampleQuery) -> SamplePage:
        if query.mode is RetrievalMode.SEARCH:
            await self._scores.ready(query.dataset_id, query.filter_text)
            return await asyncio.to_thread(self._search, query)
        if not await self._ready(query):
            return SamplePage([], "", 0, 0, 0)
        async with self._reading:
            return await asyncio.to_thread(self._read, query)

    def _search(self, query: SampleQuery) -> SamplePage:
        with self._store.read() as txn:
            owner = lookup.dataset(txn, query.dataset_id)
            return replace(search_page(txn, query, self._scores), predicted_version=_answering(txn, owner, 0))

    async def _ready(self, query: SampleQuery) -> bool:
        """Waits for the first scores; False when there is no document at all."""
        for _ in range(int(READY_SECONDS / LOOK_SECONDS)):
            with self._store.read() as txn:
                owner = lookup.dataset(txn, query.dataset_id)
                if query.mode in NEED_MODEL:
                    lookup.version(txn, owner, VersionRef(None, LATEST))
                if _scoring(txn, owner, query.mode) is not None:
                    return True
                if not _document_count(txn, owner):
                    return False
                newest = scores.get(txn, owner.uid, owner.latest_version)
            await asyncio.sleep(LOOK_SECONDS)
        done, total = (newest.scored_count, newest.document_count) if newest is not None else (0, 0)
        raise AppError(
            Code.PRECONDITION,
            "SAMPLES_NOT_READY",
            f"the trainer has not read the documents of {dataset_name(owner.id)} yet ({done:,} of {total:,}):"
            " try again, or see that a trainer runs",
            metadata={"name": dataset_name(owner.id)},
            retry_after=2.0,
        )

    def _read(self, query: SampleQuery) -> SamplePage:
        with self._store.read() as txn:
            owner = lookup.dataset(txn, query.dataset_id)
            record = _scoring(txn, owner, query.mode)
            if record is None:
                raise _expired(owner)
            known = sample_pools.labels_of(txn, owner.uid, record.version)
            order = _order_of(query.mode, record)
            after = sample_tokens.decode(query.page.token, query.scope(owner.uid))
            if after is not None and after.order != order:
                raise _expired(owner)
            pool = pool_of(txn, owner, record, query, known)
            page = _Picker(txn, owner, query, pool, known, order).page(after)
            clusters: tuple[Cluster, ...] = ()
            if query.mode is RetrievalMode.CLUSTERS and query.cluster is None and after is None:
                clusters = _clusters(txn, owner.uid, record)
            return replace(
                page,
                version=record.version,
                predicted_version=_answering(txn, owner, record.version),
                clusters=clusters,
            )


class _Picker:
    """The next documents of an order that fit."""

    def __init__(
        self, txn: Txn, owner: DatasetRecord, query: SampleQuery, pool: Pool, known: VersionLabels, order: int
    ) -> None:
        self._txn = txn
        self._owner = owner
        self._query = query
        self._pool = pool
        self._known = known
        self._order = order
        self._source_ids = {record.uid: record.id for record in _sources(txn, owner)}
        self._label_names: dict[int, str] | None = None
        self._scores = PoolScores(pool, known)
        self._matcher = self._filter(query.filter_text) if query.filter_text else None

    def page(self, after: Position | None) -> SamplePage:
        limit = self._query.page.limit(PAGE_DEFAULT, PAGE_MAX)
        found: list[Sampled] = []
        room, last, ended = BYTES_MAX, None, True
        for looks, place in enumerate(self._places(after)):
            one = self._sampled(place)
            size = 0 if one is None else one.document.ByteSize()
            if looks == LOOKS_MAX or len(found) == limit or (found and size > room):
                ended = False
                break
            last = place
            if one is not None:
                found.append(one)
                room -= size
        token = "" if ended or last is None else self._token(last)
        return SamplePage(found, token, 0, 0, len(self._pool))

    def _filter(self, text: str) -> Matcher:
        scope = document_scope.resolve(self._txn, self._owner.id, None)
        return Matcher(self._txn, scope, parse(text), self._scores if self._known.names else None)

    def _places(self, after: Position | None) -> Iterator[int]:
        """Every place of the order, a few hundred sorted at a time."""
        ranks, ties = self._pool.keys, self._pool.ties
        position = None if after is None else (after.key, after.tie)
        while len(places := sampling.in_order(ranks, ties, position, SORTED_MAX)):
            yield from places.tolist()
            position = (float(ranks[places[-1]]), int(ties[places[-1]]))

    def _token(self, place: int) -> str:
        position = Position(self._order, float(self._pool.keys[place]), int(self._pool.ties[place]))
        return sample_tokens.encode(position, self._query.scope(self._owner.uid))

    def _sampled(self, place: int) -> Sampled | None:
        """None for a document that is gone, no longer read, or in the wrong state."""
        uid, document_id = keys.of_scored_document(self._pool.name(place))
        source_id = self._source_ids.get(uid)
        if source_id is None:
            return None
        said = annotations.get(self._txn, self._owner.uid, uid, document_id)
        reviewed = said is not None and said.reviewed
        if reviewed and not self._query.include_reviewed and self._query.mode not in OF_REVIEWED:
            return None
        document = documents.get(self._txn, uid, document_id)
        if document is None:
            return None
        self._scores.place = place
        if self._matcher is not None and not self._matcher.matches(source_id, uid, document_id, document):
            return None
        score, column = self._pool.told(place)
        return Sampled(
            source_id,
            document_id,
            document,
            None if said is None else self._info(document_name(source_id, document_id), said),
            score,
            "" if column == sampling.NO_LABEL else self._known.names[column],
            self._pool.cluster(place),
        )

    def _info(self, name: str, said: AnnotationRecord) -> AnnotationInfo:
        if self._label_names is None:
            self._label_names = labels.names(self._txn, self._owner.uid)
        return describe(self._owner, name, said, self._label_names)


def _scoring(txn: Txn, owner: DatasetRecord, mode: RetrievalMode) -> ScoringRecord | None:
    """The newest complete scores that serve the mode."""
    record = scores.newest_complete(txn, owner.uid)
    if record is not None and not record.version and mode in NEED_MODEL:
        return None
    return record


def _order_of(mode: RetrievalMode, record: ScoringRecord) -> int:
    """Changes when the order of the mode does: never, with the version, or with every pass of the scorer."""
    if mode in WITHOUT_SCORES:
        return 0
    return record.version if mode in NEED_MODEL else record.touched_us


def _answering(txn: Txn, owner: DatasetRecord, version: int) -> int:
    """The version itself when it still answers, or else the newest; 0 when there is none."""
    record = versions.get(txn, owner.uid, version) if version else None
    return version if record is not None and record.available else owner.latest_version


def _clusters(txn: Txn, dataset_uid: int, record: ScoringRecord) -> tuple[Cluster, ...]:
    formed = scores.clustering(txn, dataset_uid)
    if formed is None or formed.number != record.clustering:
        return ()
    counted = zip(record.cluster_sizes, record.cluster_reviewed, formed.clusters, strict=True)
    return tuple(Cluster(size, reviewed, tuple(own.keywords)) for size, reviewed, own in counted)


def _sources(txn: Txn, owner: DatasetRecord) -> list[SourceRecord]:
    found = (sources.get(txn, source_id) for source_id in owner.source_ids)
    return [record for record in found if record is not None]


def _document_count(txn: Txn, owner: DatasetRecord) -> int:
    return sum(record.document_count for record in _sources(txn, owner))


def _expired(owner: DatasetRecord) -> AppError:
    return precondition(
        "SAMPLE_EXPIRED",
        f"the documents of {dataset_name(owner.id)} were ranked anew since this page token was given: start again",
        name=dataset_name(owner.id),
    )
