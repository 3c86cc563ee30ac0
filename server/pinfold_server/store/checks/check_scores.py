"""Scores of documents, and what validations held out: as many chunks as are counted, and arrays that fit them."""

from collections.abc import Iterator

from pinfold_server.domain.names import dataset_name
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, HeldOutRecord, ScoreChunkRecord, ScoringRecord
from pinfold_server.store.tables import datasets, held_out, scores, versions

_BYTES_A_DOCUMENT = {"digests": 8, "ties": 8, "timestamps": 8, "clusters": 2, "affinities": 4}


def check_scores(txn: Txn) -> Iterator[Finding]:
    for owner in datasets.every(txn):
        for record in scores.every(txn, owner.uid):
            for problem in _problems(txn, owner, record):
                yield Finding(dataset_name(owner.id), f"scores of version {record.version}: {problem}")


def check_held_out(txn: Txn) -> Iterator[Finding]:
    for owner in datasets.every(txn):
        for source_uid, version in sorted(held_out.kept(txn, owner.uid)):
            width = len(versions.labels(txn, owner.uid, version).labels)
            for _, record in held_out.of_version(txn, owner.uid, [source_uid], version):
                if not _holds(record, width):
                    problem = f"version {version} has a held-out part with arrays that do not fit its documents"
                    yield Finding(dataset_name(owner.id), problem)


def _holds(record: HeldOutRecord, labels: int) -> bool:
    documents = len(record.documents)
    bits = -(-documents * labels // 8)
    sizes = (len(record.truth), len(record.probabilities), len(record.ties))
    return sizes == (bits, 4 * documents * labels, 8 * documents) and len(record.known) in (0, bits)


def _problems(txn: Txn, owner: DatasetRecord, record: ScoringRecord) -> Iterator[str]:
    labels = len(versions.labels(txn, owner.uid, record.version).labels) if record.version else 0
    count = 0
    for count, chunk in enumerate(scores.chunks(txn, owner.uid, record.version), 1):
        if not _fits(chunk, labels):
            yield f"chunk {count - 1} has arrays that do not fit its {len(chunk.documents)} documents"
    if count != record.chunk_count:
        yield f"counts {record.chunk_count} chunks and has {count}"


def _fits(chunk: ScoreChunkRecord, labels: int) -> bool:
    documents = len(chunk.documents)
    sizes = all(len(getattr(chunk, name)) == width * documents for name, width in _BYTES_A_DOCUMENT.items())
    return sizes and len(chunk.probabilities) == 4 * labels * documents
