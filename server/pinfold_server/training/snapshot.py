"""What a run trains on: texts and annotations of a dataset at one moment, in an order that does not depend on
history.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from pinfold_server.domain.labels.labels import levels, tree_order
from pinfold_server.domain.labels.sentiments import column_name
from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.runs.splits import Split
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord, DatasetRecord
from pinfold_server.store.tables import annotations, datasets, documents, labels, sources, splits
from pinfold_server.training.contract import TrainingSet


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A training set and the dataset revision that it shows."""

    revision: int
    data: TrainingSet

    def chosen_splits(self) -> Iterator[tuple[str, str, Split]]:
        """Source id, document id and part of the documents for which people chose one."""
        if self.data.parts is not None:
            for row in np.flatnonzero(self.data.parts):
                yield self.data.source_ids[row], self.data.document_ids[row], Split(int(self.data.parts[row]))


class _Row(NamedTuple):
    """A document, and which of the annotations in `_Rows` it has."""

    source_id: str
    document_id: str
    text: str
    split: int
    said: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """Documents in the order of the training set, and what is said of them: each annotation once, for many say the
    same.
    """

    documents: list[_Row]
    annotations: list[AnnotationRecord]

    def spread(self, marks: Bools) -> Bools:
        """From a row for each annotation to a row for each document."""
        spread: Bools = marks[[document.said for document in self.documents]]
        return spread


def read(store: Store, dataset_id: str, dataset_uid: int) -> Snapshot | None:
    """None when the dataset is gone. The transaction is closed before anything is computed."""
    with store.read() as txn:
        owner = datasets.get(txn, dataset_id)
        if owner is None or owner.uid != dataset_uid:
            return None
        rows = _rows(txn, owner)
        names = labels.names(txn, owner.uid)
    data = _training_set(rows, names)
    return Snapshot(owner.revision, _with_sentiments(data, rows, names) if owner.label_sentiment else data)


def _rows(txn: Txn, owner: DatasetRecord) -> _Rows:
    """Annotated documents by source and document id, but those that are left out of trainings."""
    chosen = {keys.split_document(key): record.split for key, record in splits.by_document(txn, owner.uid)}
    found = [sources.get(txn, source_id) for source_id in owner.source_ids]
    source_ids = {record.uid: record.id for record in found if record is not None}
    distinct: dict[bytes, int] = {}
    said = {key: distinct.setdefault(value, len(distinct)) for key, value in annotations.entries(txn, owner.uid)}
    records = documents.get_by_keys(txn, [keys.document_of_annotation(key) for key in said])
    rows = []
    for (key, place), document in zip(said.items(), records, strict=True):
        source_uid, document_id = keys.annotated_document(key)
        split = chosen.get((source_uid, document_id), Split.DEFAULT)
        if document is not None and source_uid in source_ids and split != Split.UNASSIGNED:
            rows.append(_Row(source_ids[source_uid], document_id, document.text, split, place))
    rows.sort()
    return _Rows(rows, [annotations.record_of(value) for value in distinct])


def _training_set(rows: _Rows, names: dict[int, str]) -> TrainingSet:
    label_names = tuple(sorted(names.values(), key=tree_order))
    columns = _Columns(names, label_names)
    assigned = columns.upwards([each.assigned for each in rows.annotations])
    known = assigned | columns.downwards([() if each.reviewed else each.dismissed for each in rows.annotations])
    known[[each.reviewed for each in rows.annotations]] = True
    known = rows.spread(known)
    parts = [document.split for document in rows.documents]
    return TrainingSet(
        source_ids=tuple(document.source_id for document in rows.documents),
        document_ids=tuple(document.document_id for document in rows.documents),
        texts=tuple(document.text for document in rows.documents),
        label_names=label_names,
        assigned=rows.spread(assigned),
        known=None if known.all() else known,
        label_numbers=tuple(sorted(names, key=lambda number: tree_order(names[number]))),
        parts=np.array(parts, np.int8) if any(parts) else None,
    )


def _with_sentiments(data: TrainingSet, rows: _Rows, names: dict[int, str]) -> TrainingSet:
    """The same with a column more for each label: does it apply in a good sense? Known where it applies, in one sense.

    A label above others applies in the sense of those below it, if they agree.
    """
    columns = _Columns(names, data.label_names)
    said = rows.annotations
    good = columns.upwards([[number for number in each.assigned if number not in each.negative] for each in said])
    bad = columns.upwards([[number for number in each.assigned if number in each.negative] for each in said])
    known = np.ones_like(data.assigned) if data.known is None else data.known
    return replace(
        data,
        label_names=(*data.label_names, *map(column_name, data.label_names)),
        assigned=np.hstack([data.assigned, rows.spread(good & ~bad)]),
        known=np.hstack([known, rows.spread(good ^ bad)]),
    )


class _Columns:
    """Columns that annotations with labels, which they call by number, say something of."""

    def __init__(self, names: Mapping[int, str], label_names: Sequence[str]) -> None:
        column = {name: place for place, name in enumerate(label_names)}
        self._column_of = {number: column[name] for number, name in names.items()}
        self._above = _marks([[column[level] for level in levels(name)] for name in label_names], len(label_names))

    def upwards(self, said: Sequence[Iterable[int]]) -> Bools:
        """Bool [lists, columns]: the labels of each list and their ancestors, which apply with them."""
        return self._reach(said, self._above)

    def downwards(self, said: Sequence[Iterable[int]]) -> Bools:
        """Bool [lists, columns]: the labels of each list and their descendants, which fall with them."""
        return self._reach(said, self._above.T)

    def _reach(self, said: Sequence[Iterable[int]], reach: sp.csr_matrix) -> Bools:
        columns = self._column_of
        marks = _marks([[columns[number] for number in each] for each in said], len(columns)) @ reach
        reached: Bools = marks.toarray()
        return reached


def _marks(rows: Sequence[Sequence[int]], width: int) -> sp.csr_matrix:
    """True in the columns that each row names; CSR bool [rows, width]."""
    ends = np.cumsum([0, *map(len, rows)])
    named = np.fromiter(itertools.chain.from_iterable(rows), np.int64, int(ends[-1]))
    return sp.csr_matrix((np.ones(len(named), np.bool_), named, ends), (len(rows), width))
