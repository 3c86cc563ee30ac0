"""Scores of documents: as many chunks as the record counts, and arrays that fit their documents."""

from collections.abc import Iterator

from pinfold_server.domain.names import dataset_name
from pinfold_server.store import datasets, scores, versions
from pinfold_server.store.env import Txn
from pinfold_server.store.findings import Finding
from pinfold_server.store.storage_pb2 import DatasetRecord, ScoreChunkRecord, ScoringRecord

_BYTES_A_DOCUMENT = {"digests": 8, "ties": 8, "timestamps": 8, "clusters": 2, "affinities": 4}


def check_scores(txn: Txn) -> Iterator[Finding]:
    for owner in datasets.every(txn):
        for record in scores.every(txn, owner.uid):
            for problem in _problems(txn, owner, record):
                yield Finding(dataset_name(owner.id), f"scores of version {record.version}: {problem}")


def _problems(txn: Txn, owner: DatasetRecord, record: ScoringRecord) -> Iterator[str]:
    labels = len(versions.labels(txn, owner.uid, record.version).labels) if record.version else 0
    count = 0
    for count, chunk in enumerate(scores.chunks(txn, owner.uid, record.version, scores.ALL), 1):
        if not _fits(chunk, labels):
            yield f"chunk {count - 1} has arrays that do not fit its {len(chunk.documents)} documents"
    if count != record.chunk_count:
        yield f"counts {record.chunk_count} chunks and has {count}"


def _fits(chunk: ScoreChunkRecord, labels: int) -> bool:
    documents = len(chunk.documents)
    sizes = all(len(getattr(chunk, name)) == width * documents for name, width in _BYTES_A_DOCUMENT.items())
    return sizes and len(chunk.probabilities) == 4 * labels * documents
