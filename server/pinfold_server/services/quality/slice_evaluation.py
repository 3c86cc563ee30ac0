"""How good a version is on a part of its held-out documents, and on which parts it does worse."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.documents import filter_syntax
from pinfold_server.domain.documents.filters import Everything
from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.quality.metrics import Bools, Quality, quality
from pinfold_server.domain.quality.slices import Judged, SliceCriteria, confidences, members
from pinfold_server.domain.quality.weak_slices import (
    MAX_SLICES_DEFAULT,
    MAX_SLICES_RANGE,
    MIN_DOCUMENTS_DEFAULT,
    MIN_DOCUMENTS_RANGE,
    Metadata,
    WeakSlices,
    find_weak,
)
from pinfold_server.errors import invalid, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.pages import SIZE_MAX
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.finding import Matcher
from pinfold_server.services.predictions.asking import Asked, unknown_label
from pinfold_server.services.quality.comparisons import TEXT_CHARS_MAX
from pinfold_server.services.quality.held_outs import HeldOutCache, KeptValidation
from pinfold_server.services.quality.slices import find
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DocumentRecord
from pinfold_server.store.tables import documents, sources


@dataclass(frozen=True, slots=True)
class SliceQuery:
    """A version and a slice, by id or by its criteria; of `asked` policy and default threshold."""

    dataset_id: str
    version: VersionRef
    slice: str | SliceCriteria
    asked: Asked
    max_documents: int = 0

    def check(self) -> None:
        """Raises AppError INVALID."""
        self.asked.check()
        if self.max_documents < 0:
            raise invalid("max_documents", f"must not be negative, got {self.max_documents}")
        if isinstance(self.slice, SliceCriteria):
            self.slice.check("criteria")


@dataclass(frozen=True, slots=True)
class WeakQuery:
    """A version, and what a weak slice must have; 0 takes the default."""

    dataset_id: str
    version: VersionRef
    asked: Asked
    min_documents: int = 0
    max_slices: int = 0

    def check(self) -> None:
        """Raises AppError INVALID."""
        self.asked.check()
        for name, value, (low, high) in (
            ("min_documents", self.min_documents, MIN_DOCUMENTS_RANGE),
            ("max_slices", self.max_slices, MAX_SLICES_RANGE),
        ):
            if value and not low <= value <= high:
                raise invalid(name, f"must be from {low} to {high:,}, or 0 for the default, got {value:,}")


@dataclass(frozen=True, slots=True)
class SliceDocument:
    """A held-out document of a slice; `text` begins like it does now."""

    source_id: str
    document_id: str
    text: str
    confidence: float
    true_labels: tuple[str, ...]
    predicted_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SliceLabel:
    """How one label does in a slice."""

    label: str
    positives: int
    predicted: int
    quality: Quality


@dataclass(frozen=True, slots=True, eq=False)
class SliceEvaluation:
    """`rest`: quality outside of the slice, None when nothing is; `right`: share with exactly the true labels."""

    version: int
    documents: int
    total: int
    quality: Quality
    rest: Quality | None
    right: float
    labels: tuple[SliceLabel, ...]
    shown: tuple[SliceDocument, ...]


@dataclass(frozen=True, slots=True)
class FoundWeak:
    """Weak slices of a version."""

    version: int
    found: WeakSlices


class SliceEvaluationService:
    """Raises AppError NOT_FOUND for what is not there, VALIDATION_NOT_KEPT, OVERLOADED."""

    def __init__(self, store: Store, held_outs: HeldOutCache, slow: SlowWork) -> None:
        self._store = store
        self._held_outs = held_outs
        self._slow = slow

    async def evaluate(self, query: SliceQuery) -> SliceEvaluation:
        """Raises AppError INVALID, INVALID_FILTER, UNKNOWN_LABEL, SLICE_EMPTY."""
        query.check()
        return await self._slow.run(lambda: self._evaluate(query))

    async def weak(self, query: WeakQuery) -> FoundWeak:
        """Raises AppError INVALID."""
        query.check()
        return await self._slow.run(lambda: self._weak(query))

    def _evaluate(self, query: SliceQuery) -> SliceEvaluation:
        kept = self._held_outs.get(query.dataset_id, query.version)
        with self._store.read() as txn:
            owner = lookup.dataset(txn, query.dataset_id)
            told = query.slice
            criteria = told if isinstance(told, SliceCriteria) else find(txn, owner, told).criteria
            column = _column(kept, criteria.label)
            thresholds = kept.selection(query.asked).thresholds
            judged = Judged.at(kept.held_out, thresholds)
            rows = members(judged, criteria, column)
            rows = rows & _matching(txn, query.dataset_id, kept, criteria.filter, thresholds, rows)
            if not rows.any():
                raise _empty(query.dataset_id, kept)
            ranked = np.flatnonzero(rows)
            confidence = confidences(kept.held_out, column)
            ranked = ranked[np.argsort(-confidence[ranked], kind="stable")][: min(query.max_documents, SIZE_MAX)]
            shown = tuple(_shown(txn, judged, row, float(confidence[row])) for row in ranked.tolist())
        return _evaluation(kept, judged, rows, shown)

    def _weak(self, query: WeakQuery) -> FoundWeak:
        kept = self._held_outs.get(query.dataset_id, query.version)
        with self._store.read() as txn:
            metadata = [_metadata(record) for record in _records(txn, kept)]
        judged = Judged.at(kept.held_out, kept.selection(query.asked).thresholds)
        found = find_weak(judged, metadata, query.min_documents or MIN_DOCUMENTS_DEFAULT)
        first = found.slices[: query.max_slices or MAX_SLICES_DEFAULT]
        return FoundWeak(kept.record.number, replace(found, slices=first))


class _HeldOutScores:
    """What the validation said of a held-out document at `row`. Implements `document_views.Scores`."""

    def __init__(self, kept: KeptValidation, thresholds: NDArray[np.float32]) -> None:
        self.row = 0
        self._probabilities = kept.held_out.probabilities
        self._thresholds = thresholds
        self._column_of = {name: column for column, name in enumerate(kept.held_out.label_names)}

    def knows(self, label: str) -> bool:
        return label in self._column_of

    def probability(self, _source_uid: int, _document_id: str, _text: str, label: str) -> float:
        """0 for a label that the version does not know."""
        column = self._column_of.get(label)
        return 0.0 if column is None else float(self._probabilities[self.row, column])

    def predicts(self, _source_uid: int, _document_id: str, _text: str, label: str) -> bool:
        column = self._column_of.get(label)
        return column is not None and bool(self._probabilities[self.row, column] >= self._thresholds[column])


def _matching(
    txn: Txn, dataset_id: str, kept: KeptValidation, text: str, thresholds: NDArray[np.float32], rows: Bools
) -> Bools:
    """Of `rows` those that the filter lets through; documents that are gone match no filter but the empty one."""
    wanted = filter_syntax.parse(text, "criteria.filter")
    if isinstance(wanted, Everything):
        return rows
    scope = document_scope.resolve(txn, dataset_id, None)
    uid_of = {source.id: source.uid for source in scope.sources}
    scores = _HeldOutScores(kept, thresholds)
    matcher = Matcher(txn, scope, wanted, scores)
    found = np.zeros_like(rows)
    for row in np.flatnonzero(rows).tolist():
        source_id, document_id = kept.held_out.documents[row]
        record = documents.get(txn, uid_of[source_id], document_id) if source_id in uid_of else None
        scores.row = row
        found[row] = record is not None and matcher.matches(source_id, uid_of[source_id], document_id, record)
    return found


def _evaluation(kept: KeptValidation, judged: Judged, rows: Bools, shown: tuple[SliceDocument, ...]) -> SliceEvaluation:
    return SliceEvaluation(
        version=kept.record.number,
        documents=int(rows.sum()),
        total=len(rows),
        quality=judged.quality(rows),
        rest=None if rows.all() else judged.quality(~rows),
        right=float(judged.right[rows].mean()),
        labels=tuple(_labels(judged, rows)),
        shown=shown,
    )


def _labels(judged: Judged, rows: Bools) -> Iterator[SliceLabel]:
    truth, predicted = judged.truth[rows], judged.predicted[rows]
    counts = zip(truth.sum(axis=0), predicted.sum(axis=0), (truth & predicted).sum(axis=0), strict=True)
    for label, (positives, told, hits) in zip(judged.held_out.label_names, counts, strict=True):
        if positives or told:
            measured = quality(int(hits), int(told - hits), int(positives - hits))
            yield SliceLabel(label, int(positives), int(told), measured)


def _shown(txn: Txn, judged: Judged, row: int, confidence: float) -> SliceDocument:
    source_id, document_id = judged.held_out.documents[row]
    names = judged.held_out.label_names
    record = _record(txn, source_id, document_id)
    return SliceDocument(
        source_id,
        document_id,
        "" if record is None else record.text[:TEXT_CHARS_MAX],
        confidence,
        tuple(names[column] for column in np.flatnonzero(judged.truth[row])),
        tuple(names[column] for column in np.flatnonzero(judged.predicted[row])),
    )


def _column(kept: KeptValidation, label: str) -> int | None:
    if not label:
        return None
    if label not in kept.held_out.label_names:
        raise unknown_label("criteria.label", label)
    return kept.held_out.label_names.index(label)


def _empty(dataset_id: str, kept: KeptValidation) -> Exception:
    return precondition(
        "SLICE_EMPTY",
        f"none of the {len(kept.held_out):,} held-out documents of version {kept.record.number} belongs to the slice",
        name=version_name(dataset_id, kept.record.number),
    )


def _records(txn: Txn, kept: KeptValidation) -> Iterator[DocumentRecord | None]:
    return (_record(txn, source_id, document_id) for source_id, document_id in kept.held_out.documents)


def _record(txn: Txn, source_id: str, document_id: str) -> DocumentRecord | None:
    source = sources.get(txn, source_id)
    return None if source is None else documents.get(txn, source.uid, document_id)


def _metadata(record: DocumentRecord | None) -> Metadata:
    if record is None:
        return {}
    return {
        name: value.string_value if value.WhichOneof("kind") == "string_value" else value.number_value
        for name, value in record.metadata.items()
    }
