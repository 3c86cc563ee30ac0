"""What a run trains on: texts and annotations of a dataset at one moment, in an order that does not depend on
history.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.labels import levels, tree_order
from pinfold_server.domain.labels.sentiments import column_name
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


@dataclass(frozen=True, slots=True)
class _Row:
    source_id: str
    document_id: str
    text: str
    annotation: AnnotationRecord
    split: int


def read(store: Store, dataset_id: str, dataset_uid: int) -> Snapshot | None:
    """None when the dataset is gone. The transaction is closed before anything is computed."""
    with store.read() as txn:
        owner = datasets.get(txn, dataset_id)
        if owner is None or owner.uid != dataset_uid:
            return None
        rows = _rows(txn, owner)
        names = labels.names(txn, owner.uid)
    data = _training_set(rows, names)
    return Snapshot(owner.revision, with_sentiments(data, rows, names) if owner.label_sentiment else data)


def _rows(txn: Txn, owner: DatasetRecord) -> list[_Row]:
    """Annotated documents by source and document id, but those that are left out of trainings."""
    chosen = {keys.split_document(key): record.split for key, record in splits.by_document(txn, owner.uid)}
    found = [sources.get(txn, source_id) for source_id in owner.source_ids]
    source_ids = {record.uid: record.id for record in found if record is not None}
    rows = []
    for key, annotation in annotations.by_document(txn, owner.uid):
        source_uid, document_id = keys.annotated_document(key)
        split = chosen.get((source_uid, document_id), Split.DEFAULT)
        if source_uid not in source_ids or split == Split.UNASSIGNED:
            continue
        document = documents.get(txn, source_uid, document_id)
        if document is not None:
            rows.append(_Row(source_ids[source_uid], document_id, document.text, annotation, split))
    rows.sort(key=lambda row: (row.source_id, row.document_id))
    return rows


def _training_set(rows: list[_Row], names: dict[int, str]) -> TrainingSet:
    label_names = tuple(sorted(names.values(), key=tree_order))
    columns = _Columns(names, label_names)
    assigned = np.zeros((len(rows), len(label_names)), np.bool_)
    known = np.zeros_like(assigned)
    for place, row in enumerate(rows):
        for number in row.annotation.assigned:
            assigned[place, columns.upwards[number]] = True
        if row.annotation.reviewed:
            known[place] = True
        else:
            known[place] |= assigned[place]
            for number in row.annotation.dismissed:
                known[place, columns.downwards[number]] = True
    return TrainingSet(
        source_ids=tuple(row.source_id for row in rows),
        document_ids=tuple(row.document_id for row in rows),
        texts=tuple(row.text for row in rows),
        label_names=label_names,
        assigned=assigned,
        known=None if known.all() else known,
        label_numbers=tuple(sorted(names, key=lambda number: tree_order(names[number]))),
        parts=np.array([row.split for row in rows], np.int8) if any(row.split for row in rows) else None,
    )


def with_sentiments(data: TrainingSet, rows: list[_Row], names: dict[int, str]) -> TrainingSet:
    """The same with a column more for each label: does it apply in a good sense? Known where it applies, in one sense.

    A label above others applies in the sense of those below it, if they agree.
    """
    columns = _Columns(names, data.label_names)
    good, bad = np.zeros_like(data.assigned), np.zeros_like(data.assigned)
    for place, row in enumerate(rows):
        for number in row.annotation.assigned:
            (bad if number in row.annotation.negative else good)[place, columns.upwards[number]] = True
    known = np.ones_like(data.assigned) if data.known is None else data.known
    return replace(
        data,
        label_names=(*data.label_names, *map(column_name, data.label_names)),
        assigned=np.hstack([data.assigned, good & ~bad]),
        known=np.hstack([known, good ^ bad]),
    )


class _Columns:
    """Columns that an annotation with a label says something of.

    `upwards`: the label and its ancestors, which apply with it. `downwards`: the label and its descendants, which
    fall with it.
    """

    def __init__(self, names: dict[int, str], label_names: tuple[str, ...]) -> None:
        column = {name: place for place, name in enumerate(label_names)}
        self.upwards: dict[int, NDArray[np.int64]] = {}
        below: dict[str, list[int]] = {name: [] for name in label_names}
        for number, name in names.items():
            above = levels(name)
            self.upwards[number] = np.array([column[level] for level in above], np.int64)
            for level in above:
                below[level].append(column[name])
        self.downwards = {number: np.array(below[name], np.int64) for number, name in names.items()}
