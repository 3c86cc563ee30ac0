"""From the scored documents of a dataset to the order that a training mode asks for."""

from collections.abc import Callable

import numpy as np

from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.domain.labels.sentiments import TEACH_CENTRE
from pinfold_server.domain.runs import sampling
from pinfold_server.domain.runs.sampling import Ranking
from pinfold_server.errors import invalid
from pinfold_server.services.sampling import sample_pools
from pinfold_server.services.sampling.sample_pools import Chunk, Judged, Pool, VersionLabels
from pinfold_server.services.sampling.sample_queries import OF_REVIEWED, SampleQuery
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, ScoringRecord


def pool_of(txn: Txn, owner: DatasetRecord, record: ScoringRecord, query: SampleQuery, known: VersionLabels) -> Pool:
    """Every document that the mode can choose from, ranked. Raises AppError UNKNOWN_LABEL, UNKNOWN_CLUSTER."""
    column = None
    if query.label:
        column = known.column(query.label)
        if column is None:
            description = f"version {record.version} does not know the label {query.label[:80]!r}"
            raise invalid("label", description, "UNKNOWN_LABEL")
    if query.mode in OF_REVIEWED:
        return _pool_of_judged(list(sample_pools.judged(txn, owner, record.version, known)), query.mode, known, column)
    chunks = list(sample_pools.scored(txn, owner.uid, record))
    if query.mode is RetrievalMode.CLUSTERS:
        return _pool_of_clusters(chunks, query.cluster, len(record.cluster_sizes))
    centre = TEACH_CENTRE if owner.label_sentiment else 0.5
    rule = _rule(query, record, column, centre)
    return Pool(chunks, [_without_absent(chunk, rule(chunk)) for chunk in chunks])


def _rule(query: SampleQuery, record: ScoringRecord, column: int | None, centre: float) -> Callable[[Chunk], Ranking]:
    """The ranking of the documents of one chunk; TEACH begins at `centre`."""
    match query.mode:
        case RetrievalMode.RECENT:
            return lambda chunk: sampling.recent(chunk.timestamps)
        case RetrievalMode.LABEL:
            assert column is not None, "checked with the query"
            return lambda chunk: sampling.label(chunk.probabilities, column)
        case RetrievalMode.TEACH:
            return lambda chunk: sampling.teach(chunk.probabilities, column, centre)
        case RetrievalMode.LOW_CONFIDENCE:
            return lambda chunk: sampling.low_confidence(chunk.probabilities)
        case RetrievalMode.REBALANCE:
            sizes, reviewed = np.array(record.cluster_sizes), np.array(record.cluster_reviewed)
            weights = sampling.group_weights(sizes, reviewed)
            return lambda chunk: sampling.rebalance(chunk.ties, chunk.clusters, weights, query.seed)
        case _:
            return lambda chunk: sampling.shuffle(chunk.ties, query.seed)


def _pool_of_judged(parts: list[Judged], mode: RetrievalMode, known: VersionLabels, column: int | None) -> Pool:
    cuts = known.thresholds
    if mode is RetrievalMode.CHECK:
        return Pool(parts, [sampling.check(part.probabilities, part.assigned, cuts, column) for part in parts])
    return Pool(parts, [sampling.missed(part.probabilities, part.open_, cuts, column) for part in parts])


def _pool_of_clusters(chunks: list[Chunk], only: int | None, count: int) -> Pool:
    """Ranks over all chunks together, then cut into theirs."""
    if only is not None and not 0 <= only < count:
        raise invalid("cluster", f"must be a number below {count}, got {only}", "UNKNOWN_CLUSTER")
    affinities = np.concatenate([np.zeros(0, np.float32), *(chunk.affinities for chunk in chunks)])
    groups = np.concatenate([np.zeros(0, np.uint16), *(chunk.clusters for chunk in chunks)])
    ties = np.concatenate([np.zeros(0, np.uint64), *(chunk.ties for chunk in chunks)])
    whole = sampling.clusters(affinities, groups, ties, only)
    assert whole.scores is not None, "groups have likenesses"
    ends = np.cumsum([len(chunk.names) for chunk in chunks])[:-1]
    parts = zip(chunks, np.split(whole.keys, ends), np.split(whole.scores, ends), strict=True)
    return Pool(chunks, [_without_absent(chunk, Ranking(keys, scores)) for chunk, keys, scores in parts])


def _without_absent(chunk: Chunk, ranking: Ranking) -> Ranking:
    ranking.keys[chunk.absent] = np.nan
    return ranking
