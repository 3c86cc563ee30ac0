"""The scored documents of a dataset as arrays: what the training modes rank."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.labels import levels
from pinfold_server.domain.predictions.thresholds import DEFAULT_THRESHOLD
from pinfold_server.domain.runs.sampling import Probabilities, Ranking, Ties
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord, DatasetRecord, ScoreChunkRecord, ScoringRecord
from pinfold_server.store.tables import annotations, held_out, labels, scores, sources, versions


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some documents: `names` as chunks name them; arrays [n], probabilities float32 [labels, n]; `absent` bool [n]:
    changed since, or gone.
    """

    names: Sequence[bytes]
    ties: Ties
    timestamps: NDArray[np.int64]
    clusters: NDArray[np.uint16]
    affinities: NDArray[np.float32]
    probabilities: Probabilities
    absent: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class VersionLabels:
    """Labels of a version in the order of its output, and their balanced thresholds, float32 [labels]."""

    names: tuple[str, ...]
    thresholds: NDArray[np.float32]

    def column(self, name: str) -> int | None:
        return self.names.index(name) if name in self.names else None


def labels_of(txn: Txn, dataset_uid: int, version: int) -> VersionLabels:
    records = versions.labels(txn, dataset_uid, version).labels
    cuts = [
        record.threshold_balanced if record.HasField("threshold_balanced") else DEFAULT_THRESHOLD for record in records
    ]
    return VersionLabels(tuple(record.name for record in records), np.array(cuts, np.float32))


def scored(txn: Txn, dataset_uid: int, record: ScoringRecord) -> Iterator[Chunk]:
    """Every scored document, chunk by chunk."""
    for chunk, absent in with_absent(scores.chunks(txn, dataset_uid, record.version), record):
        yield Chunk(
            names=chunk.documents,
            ties=np.frombuffer(chunk.ties, "<u8"),
            timestamps=np.frombuffer(chunk.timestamps, "<i8"),
            clusters=np.frombuffer(chunk.clusters, "<u2"),
            affinities=np.frombuffer(chunk.affinities, "<f4"),
            probabilities=probabilities_of(chunk),
            absent=absent,
        )


def with_absent(
    chunks: Iterable[ScoreChunkRecord], record: ScoringRecord
) -> Iterator[tuple[ScoreChunkRecord, NDArray[np.bool_]]]:
    """Chunks in the order of their numbers, and which of their documents changed since or are gone; bool [n]."""
    stale = np.array(record.stale, np.uint64)
    numbers, places = (stale >> np.uint64(32)).astype(np.int64), (stale & np.uint64(0xFFFFFFFF)).astype(np.int64)
    for number, chunk in enumerate(chunks):
        absent = np.zeros(len(chunk.documents), np.bool_)
        absent[places[numbers == number]] = True
        yield chunk, absent


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Some reviewed documents that a version was tested on.

    `assigned` bool [labels, n] with ancestors; `open_` bool [labels, n]: neither assigned nor dismissed.
    """

    names: Sequence[bytes]
    ties: Ties
    probabilities: Probabilities
    assigned: NDArray[np.bool_]
    open_: NDArray[np.bool_]


def judged(txn: Txn, owner: DatasetRecord, version: int, known: VersionLabels) -> Iterator[Judged]:
    """The held-out documents that are still reviewed, with what is said of them now."""
    columns = _Columns(labels.names(txn, owner.uid), known.names)
    found = [sources.get(txn, source_id) for source_id in owner.source_ids]
    uids = [record.uid for record in found if record is not None]
    for uid, record in held_out.of_version(txn, owner.uid, uids, version):
        shape = (len(known.names), len(record.documents))
        assigned, dismissed = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        reviewed = np.zeros(len(record.documents), np.bool_)
        for place, document_id in enumerate(record.documents):
            annotation = annotations.get(txn, owner.uid, uid, document_id)
            if annotation is not None and annotation.reviewed:
                reviewed[place] = True
                columns.mark(annotation, assigned[:, place], dismissed[:, place])
        kept = np.flatnonzero(reviewed)
        yield Judged(
            names=[keys.scored_document(uid, record.documents[place]) for place in kept],
            ties=np.frombuffer(record.ties, "<u8")[kept],
            probabilities=np.frombuffer(record.probabilities, "<f4").reshape(shape[::-1])[kept].T,
            assigned=assigned[:, kept],
            open_=~(assigned | dismissed)[:, kept],
        )


class Pool:
    """Ranked documents: `keys`, `ties` and `names` [n]."""

    def __init__(self, parts: Sequence[Chunk | Judged], rankings: Sequence[Ranking]) -> None:
        """One ranking a part."""
        self._parts = parts
        self._rankings = rankings
        self._begins = np.cumsum([0, *(len(part.names) for part in parts)])
        self.keys = np.concatenate([np.zeros(0), *(ranking.keys for ranking in rankings)])
        self.ties = np.concatenate([np.zeros(0, np.uint64), *(part.ties for part in parts)])

    def __len__(self) -> int:
        """Documents that the mode can choose from."""
        return int(np.count_nonzero(~np.isnan(self.keys)))

    def name(self, place: int) -> bytes:
        part, inner = self._find(place)
        return self._parts[part].names[inner]

    def told(self, place: int) -> tuple[float, int]:
        """Score and label, as `Ranking.told`."""
        part, inner = self._find(place)
        return self._rankings[part].told(inner)

    def probability(self, place: int, column: int) -> float:
        """Of one label."""
        part, inner = self._find(place)
        return float(self._parts[part].probabilities[column, inner])

    def cluster(self, place: int) -> int | None:
        """None where groups are not known."""
        part, inner = self._find(place)
        found = self._parts[part]
        return int(found.clusters[inner]) if isinstance(found, Chunk) else None

    def _find(self, place: int) -> tuple[int, int]:
        part = int(np.searchsorted(self._begins, place, side="right")) - 1
        return part, place - int(self._begins[part])


class PoolScores:
    """What the version says of the document at `place` of a pool. Implements `document_views.Scores`."""

    def __init__(self, pool: Pool, known: VersionLabels) -> None:
        self.place = 0
        self._pool = pool
        self._known = known

    def knows(self, label: str) -> bool:
        return self._known.column(label) is not None

    def probability(self, _source_uid: int, _document_id: str, _text: str, label: str) -> float:
        """0 for a label that the version does not know."""
        column = self._known.column(label)
        return 0.0 if column is None else self._pool.probability(self.place, column)

    def predicts(self, source_uid: int, document_id: str, text: str, label: str) -> bool:
        column = self._known.column(label)
        if column is None:
            return False
        return self.probability(source_uid, document_id, text, label) >= float(self._known.thresholds[column])


class _Columns:
    """Columns of a version that the dataset's label numbers say something of: a label applies with those above it and
    falls with those below it.
    """

    def __init__(self, names: dict[int, str], known: tuple[str, ...]) -> None:
        column = {name: place for place, name in enumerate(known)}
        below: dict[str, list[int]] = {}
        for place, name in enumerate(known):
            for level in levels(name):
                below.setdefault(level, []).append(place)
        self._upwards = {
            number: [column[level] for level in levels(name) if level in column] for number, name in names.items()
        }
        self._downwards = {number: below.get(name, []) for number, name in names.items()}

    def mark(self, annotation: AnnotationRecord, assigned: NDArray[np.bool_], dismissed: NDArray[np.bool_]) -> None:
        for number in annotation.assigned:
            assigned[self._upwards[number]] = True
        for number in annotation.dismissed:
            dismissed[self._downwards[number]] = True


def probabilities_of(chunk: ScoreChunkRecord) -> Probabilities:
    """Float32 [labels, documents]."""
    count = len(chunk.documents)
    return np.frombuffer(chunk.probabilities, "<f4").reshape(-1, count) if count else np.zeros((0, 0), np.float32)
