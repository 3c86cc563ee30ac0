"""The documents of a dataset that are to be scored: which they are, what they say, and how their scores are stored."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.documents.fingerprints import digests_of, ties_of
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import (
    ContentsRecord,
    DatasetRecord,
    ScoreChunkRecord,
    ScoringRecord,
    SourceRecord,
)
from pinfold_server.store.tables import datasets, documents, sources

STEP = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Documents in the order of their keys. `names` as score chunks name them, `ties` uint64 [n]."""

    names: list[bytes]
    ties: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.names)

    def part(self, begin: int, end: int) -> "Names":
        return Names(self.names[begin:end], self.ties[begin:end])

    def smallest(self, count: int) -> "Names":
        """Those with the smallest ties, the smallest first: a random part that does not change with every upload."""
        chosen = np.arange(len(self))
        if len(self) > count:
            chosen = np.argpartition(self.ties, count)[:count]
        chosen = chosen[np.argsort(self.ties[chosen], kind="stable")]
        return Names([self.names[place] for place in chosen.tolist()], self.ties[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """Documents as they are now: `timestamps` int64 in microseconds since 1970, `digests` uint64 of what scores and
    order depend on, `ties` uint64, all [n].
    """

    names: list[bytes]
    texts: list[str]
    timestamps: NDArray[np.int64]
    digests: NDArray[np.uint64]
    ties: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.names)

    def part(self, begin: int, end: int) -> "Documents":
        cut = slice(begin, end)
        return Documents(self.names[cut], self.texts[cut], self.timestamps[cut], self.digests[cut], self.ties[cut])

    def only(self, places: NDArray[np.int64]) -> "Documents":
        return Documents(
            [self.names[place] for place in places.tolist()],
            [self.texts[place] for place in places.tolist()],
            self.timestamps[places],
            self.digests[places],
            self.ties[places],
        )

    def followed_by(self, others: "Documents") -> "Documents":
        return Documents(
            self.names + others.names,
            self.texts + others.texts,
            np.concatenate((self.timestamps, others.timestamps)),
            np.concatenate((self.digests, others.digests)),
            np.concatenate((self.ties, others.ties)),
        )


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


def find_documents(store: Store, source_uid: int, shift: int) -> Iterator[Names]:
    """Every document of a source, some thousand at a time; with a shift, the random part that is scored.

    Goes by names alone: most documents of a large source need not be read.
    """
    start = b""
    while True:
        with store.read() as txn:
            found = documents.some_keys(txn, source_uid, start, STEP)
        if not found:
            return
        start = keys.after(found[-1])
        names = [keys.scored_name(key) for key in found]
        ties = ties_of(names)
        if shift:
            scored = np.flatnonzero(ties >> np.uint64(64 - shift) == 0)
            names, ties = [names[place] for place in scored.tolist()], ties[scored]
        yield Names(names, ties)


def joined(parts: Sequence[Names]) -> Names:
    names = list(itertools.chain.from_iterable(part.names for part in parts))
    return Names(names, np.concatenate([np.zeros(0, np.uint64), *(part.ties for part in parts)]))


def read_documents(store: Store, wanted: Names) -> Documents:
    """What these documents say now, in their order; those that are gone are left out."""
    with store.read() as txn:
        records = documents.get_by_keys(txn, [keys.document_scored(name) for name in wanted.names])
    found = [(name, record) for name, record in zip(wanted.names, records, strict=True) if record is not None]
    ties = wanted.ties
    if len(found) < len(records):
        ties = ties[[record is not None for record in records]]
    texts = [record.text for _, record in found]
    times = [record.timestamp_us for _, record in found]
    names = [name for name, _ in found]
    return Documents(names, texts, np.array(times, np.int64), digests_of(texts, times), ties)


def owner_of(txn: Txn, dataset_id: str, uid: int) -> DatasetRecord | None:
    """None when the dataset was deleted meanwhile, or is another one of the same id."""
    owner = datasets.get(txn, dataset_id)
    return owner if owner is not None and owner.uid == uid else None


def is_current(record: ScoringRecord | None, contents: Sequence[ContentsRecord]) -> bool:
    return record is not None and record.complete and list(record.contents) == list(contents)


def to_chunk(
    batch: Documents,
    groups: NDArray[np.uint16],
    affinities: NDArray[np.float32],
    probabilities: NDArray[np.float32],
) -> ScoreChunkRecord:
    """`probabilities` float32 [documents, labels]."""
    return ScoreChunkRecord(
        documents=batch.names,
        digests=batch.digests.astype("<u8").tobytes(),
        ties=batch.ties.astype("<u8").tobytes(),
        timestamps=batch.timestamps.astype("<i8").tobytes(),
        clusters=groups.astype("<u2").tobytes(),
        affinities=affinities.astype("<f4").tobytes(),
        probabilities=np.ascontiguousarray(probabilities.T, "<f4").tobytes(),
    )
