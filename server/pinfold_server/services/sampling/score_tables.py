"""Stored scores laid out so that one document is found by its name, and the documents of a label by its probability."""

import bisect
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.documents.filter_matching import COMPARE
from pinfold_server.domain.documents.filters import Predicted
from pinfold_server.domain.documents.fingerprints import digest_of
from pinfold_server.domain.runs.sampling import Probabilities
from pinfold_server.services.sampling.sample_pools import VersionLabels, labels_of, probabilities_of, with_absent
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import ScoringRecord
from pinfold_server.store.tables import scores

Positions = NDArray[np.int64]


class ScoreTable:
    """What one version says of the documents that it has scored, by source and id; some 60 bytes a document, and 4
    more for each label that was asked for.
    """

    def __init__(self, txn: Txn, dataset_uid: int, record: ScoringRecord) -> None:
        self.version = record.version
        self.labels: VersionLabels = labels_of(txn, dataset_uid, record.version)
        self._dataset_uid = dataset_uid
        self._chunk_count = record.chunk_count
        names: list[bytes] = []
        digests, timestamps, kept = [], [], []
        for chunk, absent in with_absent(scores.chunks(txn, dataset_uid, record.version), record):
            names += chunk.documents
            digests.append(np.frombuffer(chunk.digests, "<u8"))
            timestamps.append(np.frombuffer(chunk.timestamps, "<i8"))
            kept.append(~absent)
        places = np.flatnonzero(_joined(kept, np.bool_)).tolist()
        places.sort(key=names.__getitem__)  # a pass reads in this order: nearly sorted already
        self._order = np.array(places, np.int64)
        self._names = _Names([names[place] for place in places])
        self._digests = _joined(digests, np.uint64)[self._order]
        self._timestamps = _joined(timestamps, np.int64)[self._order]
        self._columns: dict[int, Probabilities] = {}

    def load(self, txn: Txn, columns: Sequence[int]) -> None:
        """Makes the probabilities of these labels known; `txn` sees the scores that the table was made of."""
        missing = [column for column in columns if column not in self._columns]
        if not missing:
            return
        parts: list[Probabilities] = [np.zeros((len(missing), 0), np.float32)]
        for chunk in scores.chunks(txn, self._dataset_uid, self.version):
            parts.append(probabilities_of(chunk)[missing])
        rows = np.concatenate(parts, axis=1)[:, self._order]
        self._columns.update(zip(missing, rows, strict=True))

    def column(self, column: int) -> Probabilities:
        """Probabilities of one label that was loaded, float32 [documents]."""
        return self._columns[column]

    def count_of(self, source_uid: int) -> int:
        """Scored documents of a source."""
        first, last = self.span(source_uid)
        return last - first

    def span(self, source_uid: int) -> tuple[int, int]:
        """First position of a source's documents, and the one after the last."""
        prefix = keys.scored_document(source_uid, "")
        return bisect.bisect_left(self._names, prefix), bisect.bisect_left(self._names, keys.past(prefix))

    def first_from(self, name: bytes) -> int:
        """Position of the first document whose name is not before `name`."""
        return bisect.bisect_left(self._names, name)

    def key(self, position: int) -> bytes:
        """Key of the document at a position."""
        return keys.DOCUMENT + self._names[position]

    def position_of(self, source_uid: int, document_id: str, text: str) -> int | None:
        """None for a document that was not scored, or with another text."""
        name = keys.scored_document(source_uid, document_id)
        position = bisect.bisect_left(self._names, name)
        if position == len(self._names) or self._names[position] != name:
            return None
        known = digest_of(text, int(self._timestamps[position]))
        return position if known == int(self._digests[position]) else None

    def __len__(self) -> int:
        return len(self._names)


class TableScores:
    """What a filter asks of a table whose columns are loaded; needs no transaction. Implements `Scores`.

    A label that the version does not know has the probability 0. `unscored_count`: documents of the scope that came or
    changed since the version scored them, or lie beyond what is scored.
    """

    def __init__(self, table: ScoreTable, unscored_count: int) -> None:
        self.version = table.version
        self.unscored_count = unscored_count
        self._table = table
        self._positions: dict[Predicted, Positions] = {}

    def knows(self, label: str) -> bool:
        """Whether the version has the label."""
        return self._table.labels.column(label) is not None

    def probability(self, source_uid: int, document_id: str, text: str, label: str) -> float | None:
        position = self._table.position_of(source_uid, document_id, text)
        if position is None:
            return None
        column = self._table.labels.column(label)
        return 0.0 if column is None else float(self._table.column(column)[position])

    def predicts(self, source_uid: int, document_id: str, text: str, label: str) -> bool | None:
        probability = self.probability(source_uid, document_id, text, label)
        column = self._table.labels.column(label)
        if probability is None or column is None:
            return None if probability is None else False
        return probability >= float(self._table.labels.thresholds[column])

    def count(self, leaf: Predicted) -> int:
        """Scored documents that the comparison lets through; some may have changed since."""
        return len(self._matching(leaf))

    def keys(self, leaf: Predicted, source_uid: int, start: bytes) -> Iterator[bytes]:
        """Keys of those of one source, in order, from the first that is not before `start`."""
        positions = self._matching(leaf)
        first, last = self._table.span(source_uid)
        if start.startswith(keys.documents(source_uid)):
            first = self._table.first_from(start[len(keys.DOCUMENT) :])
        for position in positions[np.searchsorted(positions, first) : np.searchsorted(positions, last)].tolist():
            yield self._table.key(position)

    def _matching(self, leaf: Predicted) -> Positions:
        found = self._positions.get(leaf)
        if found is None:
            found = self._positions[leaf] = np.flatnonzero(self._fits(leaf))
        return found

    def _fits(self, leaf: Predicted) -> NDArray[np.bool_]:
        column = self._table.labels.column(leaf.label)
        if column is None:
            says = leaf.comparator is not None and COMPARE[leaf.comparator](0.0, float(np.float32(leaf.threshold)))
            return np.full(len(self._table), says)
        probabilities = self._table.column(column)
        if leaf.comparator is None:
            reached: NDArray[np.bool_] = probabilities >= self._table.labels.thresholds[column]
            return reached
        # Arrays compare as numbers do, each of its elements.
        compare = cast("Callable[[Probabilities, np.float32], NDArray[np.bool_]]", COMPARE[leaf.comparator])
        return compare(probabilities, np.float32(leaf.threshold))


class _Names(Sequence[bytes]):
    """Many short strings of bytes in two pieces of memory."""

    def __init__(self, names: Sequence[bytes]) -> None:
        self._joined = b"".join(names)
        ends = np.cumsum(np.fromiter(map(len, names), np.uint64, len(names)), dtype=np.uint64)
        self._ends = memoryview(ends.tobytes()).cast("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]  # no slices: nobody asks for them
        return self._joined[self._ends[place - 1] if place else 0 : self._ends[place]]


def _joined(parts: Sequence[NDArray[np.generic]], kind: type[np.generic]) -> NDArray[np.generic]:
    return np.concatenate([np.zeros(0, kind), *parts])
