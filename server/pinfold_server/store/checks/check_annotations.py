"""Annotations: what they name exists, what they say fits together, every count of them is exact, and the log of their
changes leads to them.
"""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from pinfold_server.domain.labels.annotations import Marks, closed, without_ancestors
from pinfold_server.domain.labels.labels import levels
from pinfold_server.domain.names import dataset_name
from pinfold_server.store import keys
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationEventRecord, AnnotationRecord, DatasetRecord, LabelRecord
from pinfold_server.store.tables import annotation_events, annotations, datasets, documents, labels, sources


def check_annotations(txn: Txn) -> Iterator[Finding]:
    for dataset in datasets.every(txn):
        found = (sources.get(txn, source_id) for source_id in dataset.source_ids)
        yield from annotation_findings(txn, dataset, {source.uid for source in found if source is not None})


def annotation_findings(txn: Txn, dataset: DatasetRecord, source_uids: Set[int]) -> Iterator[Finding]:
    """Of one dataset, which need not be stored itself, that reads the sources with these uids."""
    yield from _Walk(txn, dataset, source_uids).findings()
    yield from _history_findings(txn, dataset)


@dataclass(slots=True)
class _Counts:
    annotated: int = 0
    reviewed: int = 0
    assigned: Counter[int] = field(default_factory=Counter)
    dismissed: Counter[int] = field(default_factory=Counter)


class _Walk:
    """One dataset."""

    def __init__(self, txn: Txn, dataset: DatasetRecord, source_uids: Set[int]) -> None:
        self._txn = txn
        self._dataset = dataset
        self._place = dataset_name(dataset.id)
        self._counts = _Counts()
        self._labels = {record.number: record for record in labels.by_number(txn, dataset.uid)}
        numbers = {record.name: record.number for record in self._labels.values()}
        self._levels = {
            number: [numbers[level] for level in levels(record.name) if level in numbers]
            for number, record in self._labels.items()
        }
        self._source_uids = source_uids

    def findings(self) -> Iterator[Finding]:
        for key, record in annotations.by_document(self._txn, self._dataset.uid):
            source_uid, document_id = keys.annotated_document(key)
            place = f"{self._place} annotation of {document_id!r}"
            for problem in (*self._reference_problems(source_uid, document_id, record), *self._mark_problems(record)):
                yield Finding(place, problem)
        yield from self._count_findings()

    def _reference_problems(self, source_uid: int, document_id: str, record: AnnotationRecord) -> Iterator[str]:
        if source_uid not in self._source_uids:
            yield f"is of source uid {source_uid}, which the dataset does not read"
        if not documents.exists(self._txn, source_uid, document_id):
            yield "is of a document that does not exist"
        if not 0 < record.revision <= self._dataset.revision:
            yield f"was made in revision {record.revision}, the dataset is at {self._dataset.revision}"
        for number in (*record.assigned, *record.dismissed):
            if number not in self._labels:
                yield f"names label {number}, which does not exist"

    def _mark_problems(self, record: AnnotationRecord) -> Iterator[str]:
        marks = Marks(frozenset(record.assigned), frozenset(record.dismissed), record.reviewed)
        assigned = closed(marks.assigned, self._levels_of)
        self._counts.annotated += 1
        self._counts.reviewed += marks.reviewed
        self._counts.assigned.update(assigned)
        self._counts.dismissed.update(marks.dismissed)
        if marks.empty:
            yield "says nothing"
        if clash := assigned & marks.dismissed:
            yield f"both assigns and dismisses labels {sorted(clash)}"
        if without_ancestors(marks.assigned, self._levels_of) != marks.assigned:
            yield "assigns a label and one above it"
        negative = set(record.negative)
        if negative and (not self._dataset.label_sentiment or not negative <= marks.assigned):
            yield "has sentiments of labels that have none"

    def _count_findings(self) -> Iterator[Finding]:
        counts, dataset = self._counts, self._dataset
        if (counts.annotated, counts.reviewed) != (dataset.annotated_count, dataset.reviewed_count):
            yield Finding(
                self._place,
                f"counts {dataset.annotated_count} annotations, {dataset.reviewed_count} of them reviewed,"
                f" and has {counts.annotated} and {counts.reviewed}",
            )
        for label in self._labels.values():
            if (problem := _count_problem(label, counts)) is not None:
                yield Finding(f"{self._place} label {label.name!r}", problem)

    def _levels_of(self, number: int) -> list[int]:
        return self._levels.get(number, [])


def _history_findings(txn: Txn, dataset: DatasetRecord) -> Iterator[Finding]:
    """The last recorded change of each document must be what is said of it now; both are walked in one order."""
    events = annotation_events.latest_of_each(txn, dataset.uid)
    key, value = next(events, _NO_EVENT)
    for found, record in annotations.by_document(txn, dataset.uid):
        while key and key < found:
            yield from _history_problem(dataset, key, value, AnnotationRecord())
            key, value = next(events, _NO_EVENT)
        if key == found:
            yield from _history_problem(dataset, key, value, record)
            key, value = next(events, _NO_EVENT)
        elif dataset.has_history:
            yield Finding(_annotation_place(dataset, found), "has no history")
    while key:
        yield from _history_problem(dataset, key, value, AnnotationRecord())
        key, value = next(events, _NO_EVENT)


def _history_problem(dataset: DatasetRecord, key: bytes, value: bytes, now: AnnotationRecord) -> Iterator[Finding]:
    last = AnnotationEventRecord.FromString(value).after
    says_nothing = not (last.assigned or last.dismissed or last.reviewed)
    if last != now and not (says_nothing and now == AnnotationRecord()):
        yield Finding(
            _annotation_place(dataset, key), f"is not what its last recorded change (revision {last.revision}) says"
        )


def _annotation_place(dataset: DatasetRecord, key: bytes) -> str:
    return f"{dataset_name(dataset.id)} annotation of {keys.annotated_document(key)[1]!r}"


_NO_EVENT = (b"", b"")


def _count_problem(label: LabelRecord, counts: _Counts) -> str | None:
    found = counts.assigned[label.number], counts.dismissed[label.number]
    if found == (label.assigned_count, label.dismissed_count):
        return None
    counted = f"{label.assigned_count} assigned and {label.dismissed_count} dismissed"
    return f"counts {counted}, and has {found[0]} and {found[1]}"
