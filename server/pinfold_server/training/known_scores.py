"""What is stored of the documents that a version has scored."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pinfold_server.store import annotations, keys, scores
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import ScoreChunkRecord
from pinfold_server.training.pools import Documents

Place = int  # chunk in the upper 32 bits, place in it in the lower


@dataclass(slots=True)
class Known:
    """The documents of the stored chunks: digest, place and group by name, and places that count no more."""

    digests: dict[bytes, int] = field(default_factory=dict)
    places: dict[bytes, Place] = field(default_factory=dict)
    groups: dict[bytes, int] = field(default_factory=dict)
    stale: list[Place] = field(default_factory=list)

    def add(self, number: int, chunk: ScoreChunkRecord) -> None:
        """Takes note of the chunk with this number; a document that came earlier is stale there."""
        names = chunk.documents
        self.forget([name for name in names if name in self.places])
        self.digests.update(zip(names, np.frombuffer(chunk.digests, "<u8").tolist(), strict=True))
        self.groups.update(zip(names, np.frombuffer(chunk.clusters, "<u2").tolist(), strict=True))
        first = number << 32
        self.places.update(zip(names, range(first, first + len(names)), strict=True))

    def forget(self, names: Collection[bytes]) -> None:
        """The documents changed or are gone."""
        for name in names:
            del self.digests[name], self.groups[name]
            self.stale.append(self.places.pop(name))

    def forget_others(self, names: Collection[bytes]) -> None:
        """All documents but these are gone."""
        left = set(names) if self.places else set()
        self.forget([name for name in self.places if name not in left])

    def changed(self, documents: Documents) -> Documents:
        """Those that are not stored as they are now."""
        if not self.digests:
            return documents
        now = zip(documents.names, documents.digests.tolist(), strict=True)
        return documents.only(np.flatnonzero([self.digests.get(name) != digest for name, digest in now]))


def read_known(store: Store, dataset_uid: int, version: int) -> Known:
    known = Known()
    with store.read() as txn:
        for number, chunk in enumerate(scores.chunks(txn, dataset_uid, version)):
            known.add(number, chunk)
    return known


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
