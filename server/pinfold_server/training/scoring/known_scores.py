"""What is stored of the documents that a version has scored."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from pinfold_server.store import keys
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import ScoreChunkRecord
from pinfold_server.store.tables import annotations, scores
from pinfold_server.training.scoring.pools import Documents

Place = int  # number of the chunk in the upper 32 bits, place in it in the lower
_INNER = 0xFFFFFFFF


class Known:
    """The documents of the stored chunks: where each is by its name, and places that count no more."""

    def __init__(self) -> None:
        self.stale: list[Place] = []
        self._places: dict[bytes, Place] = {}
        self._digests: dict[int, NDArray[np.uint64]] = {}  # by the number of the chunk
        self._groups: dict[int, NDArray[np.uint16]] = {}

    def __len__(self) -> int:
        """Documents that count."""
        return len(self._places)

    def add(self, number: int, chunk: ScoreChunkRecord) -> None:
        """Takes note of the chunk with this number; a document that came earlier is stale there."""
        names = chunk.documents
        self._forget([name for name in names if name in self._places])
        first = number << 32
        self._places.update(zip(names, range(first, first + len(names)), strict=True))
        self._digests[number] = np.frombuffer(chunk.digests, "<u8")
        self._groups[number] = np.frombuffer(chunk.clusters, "<u2")

    def forget_others(self, names: Collection[bytes]) -> None:
        """All documents but these are gone."""
        left = set(names) if self._places else set()
        self._forget([name for name in self._places if name not in left])

    def changed(self, documents: Documents) -> Documents:
        """Those that are not stored as they are now."""
        if not self._places:
            return documents
        now = zip(documents.names, documents.digests.tolist(), strict=True)
        return documents.only(np.flatnonzero([self._digest(name) != digest for name, digest in now]))

    def group(self, name: bytes) -> int | None:
        """None for a document that is not stored."""
        place = self._places.get(name)
        return None if place is None else int(self._groups[place >> 32][place & _INNER])

    def group_sizes(self, count: int) -> NDArray[np.int64]:
        """Documents of each of `count` groups."""
        sizes = np.zeros(count, np.int64)
        for groups in self._groups.values():
            sizes += np.bincount(groups, minlength=count)
        for place in self.stale:
            sizes[self._groups[place >> 32][place & _INNER]] -= 1
        return sizes

    def _digest(self, name: bytes) -> int | None:
        place = self._places.get(name)
        return None if place is None else int(self._digests[place >> 32][place & _INNER])

    def _forget(self, names: Collection[bytes]) -> None:
        self.stale += [self._places.pop(name) for name in names]


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
                group = known.group(keys.scored_document(*keys.annotated_document(key)))
                if group is not None:
                    reviewed[group] += 1
    return reviewed
