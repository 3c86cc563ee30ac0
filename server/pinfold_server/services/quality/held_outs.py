"""What the validations of versions held out, kept in memory: every question of how good a version is starts here."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.predictions.predictions import Selection
from pinfold_server.domain.predictions.thresholds import StoredThresholds
from pinfold_server.domain.quality.calibration import Reliability, reliability
from pinfold_server.domain.quality.curves import area, label_curves, overall_curve, thinned
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Curve
from pinfold_server.domain.runs.splits import ValidationMode
from pinfold_server.errors import AppError, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.predictions.asking import Asked, Selections
from pinfold_server.services.quality import held_out as reader
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, VersionLabelRecord, VersionRecord
from pinfold_server.store.tables import held_out, sources, versions

BYTES_MAX = 64 << 20
OVERALL_POINTS_MAX = 10_000

#: Dataset uid, version number, uids of the sources that the dataset reads: documents of others are out of sight.
_Key = tuple[int, int, tuple[int, ...]]


class KeptValidation:
    """A version with what its validation held out: `labels` in the order of the columns of `held_out`.

    Immutable; whether `record` is pinned or available may have changed since it was read. What every question needs
    and does not depend on it is worked out once.
    """

    def __init__(
        self, dataset_id: str, record: VersionRecord, labels: tuple[VersionLabelRecord, ...], held_out: HeldOut
    ) -> None:
        self.dataset_id = dataset_id
        self.record = record
        self.labels = labels
        self.held_out = held_out

    @property
    def mode(self) -> ValidationMode:
        """How the documents were held out."""
        return ValidationMode(self.record.metrics.validation_mode)

    @cached_property
    def curves(self) -> tuple[Curve, ...]:
        """Precision against recall, one curve a label."""
        return label_curves(self.held_out)

    @cached_property
    def average_precisions(self) -> tuple[float | None, ...]:
        """One a label; None without a held-out document that has it, or without one that does not."""
        return tuple(map(area, self.curves))

    @cached_property
    def overall_curve(self) -> Curve:
        """The curve of all pairs of document and label, in at most 10,000 points."""
        return thinned(overall_curve(self.held_out), OVERALL_POINTS_MAX)

    @cached_property
    def reliability(self) -> Reliability:
        """The reliability diagrams of the labels."""
        return reliability(self.held_out)

    @cached_property
    def memory_bytes(self) -> int:
        """Of the arrays, and of the curves once they are there: at most a threshold, a count, a precision and a recall
        a cell.
        """
        arrays = (self.held_out.truth, self.held_out.known, self.held_out.probabilities)
        return sum(array.nbytes for array in arrays) + 28 * self.held_out.truth.size

    def selection(self, asked: Asked) -> Selection:
        """Thresholds and columns for the options of a caller. Raises AppError UNKNOWN_LABEL."""
        stored = StoredThresholds.of(_recommended(label) for label in self.labels)
        return Selections(self.held_out.label_names, stored).of(asked)


@dataclass(frozen=True, slots=True)
class FoundVersion:
    """A version with its labels; `kept` is None when nothing but these figures is left."""

    record: VersionRecord
    labels: tuple[VersionLabelRecord, ...]
    kept: KeptValidation | None


class HeldOutCache:
    """Least recently used ones are dropped once `bytes_max` is passed; the one asked for last always stays.

    May be called from any thread; a miss takes milliseconds, so not from the event loop.
    """

    def __init__(self, store: Store, bytes_max: int = BYTES_MAX) -> None:
        self._store = store
        self._bytes_max = bytes_max
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, KeptValidation] = OrderedDict()

    def get(self, dataset_id: str, wanted: VersionRef) -> KeptValidation:
        """Raises AppError NOT_FOUND for a dataset, version or tag that is not there, VALIDATION_NOT_KEPT,
        NOTHING_HELD_OUT.
        """
        found = self.find(dataset_id, wanted)
        if found.kept is None:
            raise not_kept(dataset_id, found.record)
        return found.kept

    def find(self, dataset_id: str, wanted: VersionRef) -> FoundVersion:
        """Raises AppError NOT_FOUND for a dataset, version or tag that is not there."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.version(txn, owner, wanted)
            uids = _source_uids(txn, owner)
            key = (owner.uid, record.number, uids)
            kept = None
            if held_out.is_kept(txn, owner.uid, uids, record.number):
                kept = self._remembered(key)
                if kept is not None:
                    return FoundVersion(record, kept.labels, kept)
            labels = tuple(versions.labels(txn, owner.uid, record.number).labels)
            unseen = reader.read(txn, owner, record.number)
        if unseen is not None:
            kept = KeptValidation(dataset_id, record, labels, unseen)
            self._remember(key, kept)
        return FoundVersion(record, labels, kept)

    def _remembered(self, key: _Key) -> KeptValidation | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _remember(self, key: _Key, kept: KeptValidation) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            held = sum(each.memory_bytes for each in self._kept.values())
            while held > self._bytes_max and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                held -= dropped.memory_bytes


def not_kept(dataset_id: str, record: VersionRecord) -> AppError:
    """The refusal for a version of which only the figures are left, or that was tested on nothing."""
    if not record.metrics.test_size:
        return precondition(
            "NOTHING_HELD_OUT",
            f"version {record.number} was tested on nothing: annotate more documents, or leave some that may be tested"
            " on, and train again",
            name=version_name(dataset_id, record.number),
        )
    return precondition(
        "VALIDATION_NOT_KEPT",
        f"what the validation of version {record.number} held out is not kept: it is of pinned versions and of the "
        "newest 20 others; train again, and pin what is to be compared later",
        name=version_name(dataset_id, record.number),
    )


def _source_uids(txn: Txn, owner: DatasetRecord) -> tuple[int, ...]:
    found = (sources.get(txn, source_id) for source_id in owner.source_ids)
    return tuple(record.uid for record in found if record is not None)


def _recommended(label: VersionLabelRecord) -> tuple[float | None, float | None, float | None]:
    def told(name: str) -> float | None:
        return getattr(label, name) if label.HasField(name) else None

    return told("threshold_balanced"), told("threshold_high_precision"), told("threshold_high_recall")
