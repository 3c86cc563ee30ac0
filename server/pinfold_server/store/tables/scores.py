"""Scores of a dataset's documents by a version: computed by the trainer, read by the training modes."""

from collections.abc import Iterator

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import ClusteringRecord, ScoreChunkRecord, ScoringRecord
from pinfold_server.store.table import Table

_scorings = Table(ScoringRecord)
_chunks = Table(ScoreChunkRecord)
_clusterings = Table(ClusteringRecord)


def get(txn: Txn, dataset_uid: int, version: int) -> ScoringRecord | None:
    return _scorings.get(txn, keys.scoring(dataset_uid, version))


def put(txn: Txn, dataset_uid: int, record: ScoringRecord) -> None:
    _scorings.put(txn, keys.scoring(dataset_uid, record.version), record)


def every(txn: Txn, dataset_uid: int) -> Iterator[ScoringRecord]:
    """Of every version that has scored documents, or has begun to, oldest first."""
    return (record for _, record in _scorings.scan(txn, keys.of_dataset(keys.SCORING, dataset_uid)))


def newest_complete(txn: Txn, dataset_uid: int) -> ScoringRecord | None:
    """Of the newest version that has scored every document."""
    scorings = _scorings.scan_back(txn, keys.of_dataset(keys.SCORING, dataset_uid))
    return next((record for _, record in scorings if record.complete), None)


def put_chunk(txn: Txn, dataset_uid: int, version: int, number: int, record: ScoreChunkRecord) -> None:
    _chunks.put(txn, keys.score_chunk(dataset_uid, version, number), record)


def chunks(txn: Txn, dataset_uid: int, version: int) -> Iterator[ScoreChunkRecord]:
    """In the order of their numbers."""
    return (record for _, record in _chunks.scan(txn, keys.score_chunks(dataset_uid, version)))


def clustering(txn: Txn, dataset_uid: int) -> ClusteringRecord | None:
    return _clusterings.get(txn, keys.clustering(dataset_uid))


def put_clustering(txn: Txn, dataset_uid: int, record: ClusteringRecord) -> None:
    _clusterings.put(txn, keys.clustering(dataset_uid), record)


def forget_before(txn: Txn, dataset_uid: int, version: int, limit: int) -> bool:
    """Deletes what older versions said, up to `limit` chunks; True when more is left."""
    for _, record in list(_scorings.scan(txn, keys.of_dataset(keys.SCORING, dataset_uid))):
        if record.version < version:
            txn.delete(keys.scoring(dataset_uid, record.version))
    end = keys.score_chunks(dataset_uid, version)
    return _delete_until(txn, keys.of_dataset(keys.SCORE_CHUNK, dataset_uid), end, limit)


def forget_all_documents(txn: Txn, dataset_uid: int, version: int, limit: int) -> bool:
    """Deletes what a version said of all documents, up to `limit` chunks; True when more is left."""
    txn.delete(keys.scoring(dataset_uid, version))
    prefix = keys.score_chunks(dataset_uid, version)
    return _delete_until(txn, prefix, keys.past(prefix), limit)


def _delete_until(txn: Txn, begin: bytes, end: bytes, limit: int) -> bool:
    with txn.cursor() as cursor:
        found = cursor.set_range(begin)
        while found and cursor.key() < end:
            if limit == 0:
                return True
            found = cursor.delete()
            limit -= 1
    return False
