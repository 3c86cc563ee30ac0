"""What is stored of scored documents, and what has to be done to bring it up to date."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.documents.fingerprints import digest_of, tie_of
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import (
    ContentsRecord,
    DatasetRecord,
    ScoreChunkRecord,
    ScoringRecord,
    SourceRecord,
)
from pinfold_server.store.tables import annotations, datasets, documents, scores, sources

STEP = 1_024

Place = int  # chunk in the upper 32 bits, place in it in the lower


class Document(NamedTuple):
    """A document to be scored. `name` as score chunks name it, `digest` of what scores and order depend on."""

    name: bytes
    text: str
    timestamp_us: int
    digest: int
    tie: int


@dataclass(slots=True)
class Known:
    """The documents of the stored chunks: digest, place and group by name, and places that count no more."""

    digests: dict[bytes, int] = field(default_factory=dict)
    places: dict[bytes, Place] = field(default_factory=dict)
    groups: dict[bytes, int] = field(default_factory=dict)
    stale: list[Place] = field(default_factory=list)

    def add(self, number: int, chunk: ScoreChunkRecord) -> None:
        """Takes note of the chunk with this number; a document that came earlier is stale there."""
        digests = np.frombuffer(chunk.digests, "<u8").tolist()
        groups = np.frombuffer(chunk.clusters, "<u2").tolist()
        for place, (name, digest, group) in enumerate(zip(chunk.documents, digests, groups, strict=True)):
            self.forget(name)
            self.digests[name], self.groups[name] = digest, group
            self.places[name] = number << 32 | place

    def forget(self, name: bytes) -> None:
        """The document changed or is gone."""
        if self.digests.pop(name, None) is not None:
            del self.groups[name]
            self.stale.append(self.places.pop(name))


def sources_of(txn: Txn, owner: DatasetRecord) -> list[SourceRecord]:
    """The sources that the dataset reads, in the order of their making."""
    found = (sources.get(txn, source_id) for source_id in owner.source_ids)
    return sorted((record for record in found if record is not None), key=lambda record: record.uid)


def contents_of(found: Sequence[SourceRecord]) -> list[ContentsRecord]:
    """What changes whenever a text of the sources does."""
    return [
        ContentsRecord(source_uid=record.uid, last_number=record.last_number, document_count=record.document_count)
        for record in found
    ]


def read_documents(store: Store, source_uid: int, shift: int) -> Iterator[list[Document]]:
    """Every document of a source, a thousand at a time; with a shift, the random part that is scored."""
    start = b""
    while True:
        with store.read() as txn:
            entries = list(itertools.islice(documents.entries(txn, source_uid, start), STEP))
        if not entries:
            return
        start = keys.after(entries[-1][0])
        yield list(_scored_part(entries, shift))


def reviewed_by_group(store: Store, dataset_uid: int, known: Known, count: int) -> NDArray[np.int64]:
    """How many documents of each group are reviewed."""
    reviewed = np.zeros(count, np.int64)
    with store.read() as txn:
        for key, record in annotations.by_document(txn, dataset_uid):
            if record.reviewed:
                group = known.groups.get(keys.scored_document(*keys.annotated_document(key)))
                if group is not None:
                    reviewed[group] += 1
    return reviewed


def read_known(store: Store, dataset_uid: int, version: int) -> Known:
    known = Known()
    with store.read() as txn:
        for number, chunk in enumerate(scores.chunks(txn, dataset_uid, version)):
            known.add(number, chunk)
    return known


def owner_of(txn: Txn, dataset_id: str, uid: int) -> DatasetRecord | None:
    """None when the dataset was deleted meanwhile, or is another one of the same id."""
    owner = datasets.get(txn, dataset_id)
    return owner if owner is not None and owner.uid == uid else None


def is_current(record: ScoringRecord | None, contents: Sequence[ContentsRecord]) -> bool:
    return record is not None and record.complete and list(record.contents) == list(contents)


def to_chunk(
    batch: Sequence[Document],
    groups: NDArray[np.uint16],
    affinities: NDArray[np.float32],
    probabilities: NDArray[np.float32],
) -> ScoreChunkRecord:
    """`probabilities` float32 [documents, labels]."""
    return ScoreChunkRecord(
        documents=[one.name for one in batch],
        digests=np.array([one.digest for one in batch], "<u8").tobytes(),
        ties=np.array([one.tie for one in batch], "<u8").tobytes(),
        timestamps=np.array([one.timestamp_us for one in batch], "<i8").tobytes(),
        clusters=groups.astype("<u2").tobytes(),
        affinities=affinities.astype("<f4").tobytes(),
        probabilities=np.ascontiguousarray(probabilities.T, "<f4").tobytes(),
    )


def _scored_part(entries: Sequence[tuple[bytes, bytes]], shift: int) -> Iterator[Document]:
    """Goes by the name alone: most documents of a large source need not be read."""
    for key, value in entries:
        name = keys.scored_name(key)
        tie = tie_of(name)
        if tie >> (64 - shift) == 0:
            record = documents.record_of(value)
            yield Document(name, record.text, record.timestamp_us, digest_of(record.text, record.timestamp_us), tie)
