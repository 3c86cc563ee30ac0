"""What people choose of a stream: kept in its record, and checked against its dataset."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.names import (
    DESCRIPTION_CHARS_MAX,
    TITLE_CHARS_MAX,
    check_text_field,
    dataset_name,
    version_name,
)
from pinfold_server.domain.predictions.thresholds import ThresholdPolicy
from pinfold_server.errors import AppError, invalid, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.finding import Matcher
from pinfold_server.services.predictions.asking import Asked, unknown_label
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord
from pinfold_server.store.streams_pb2 import StreamRecord
from pinfold_server.store.tables import versions

LABELS_MAX = 1_024


@dataclass(frozen=True, slots=True)
class StreamDefinition:
    """Its fields have the names that they have in the protocol. Raises AppError INVALID for what is wrong whatever the
    dataset.
    """

    title: str = ""
    description: str = ""
    version: int = 0
    thresholds: tuple[tuple[str, float], ...] = ()
    threshold_policy: ThresholdPolicy | None = None
    default_threshold: float | None = None
    labels: tuple[str, ...] = ()
    filter: str = ""

    def __post_init__(self) -> None:
        check_text_field(self.title, "stream.title", TITLE_CHARS_MAX)
        check_text_field(self.description, "stream.description", DESCRIPTION_CHARS_MAX)
        for field, labels in (("thresholds", self.thresholds), ("labels", self.labels)):
            if len(labels) > LABELS_MAX:
                raise invalid(f"stream.{field}", f"must name at most {LABELS_MAX:,} labels, got {len(labels):,}")
        with _of_stream():
            self.asked.check()
            parse(self.filter)

    @property
    def asked(self) -> Asked:
        """Which labels of a document are answered."""
        return Asked(self.thresholds, self.threshold_policy, self.default_threshold, self.labels)

    @classmethod
    def of(cls, record: StreamRecord) -> "StreamDefinition":
        return cls(
            record.title,
            record.description,
            record.version,
            tuple(sorted(record.thresholds.items())),
            ThresholdPolicy(record.policy) if record.policy else None,
            record.default_threshold if record.HasField("default_threshold") else None,
            tuple(record.labels),
            record.filter,
        )

    def write(self, record: StreamRecord) -> None:
        record.title, record.description, record.version = self.title, self.description, self.version
        record.thresholds.clear()
        record.thresholds.update(self.thresholds)
        record.policy = self.threshold_policy or ""
        record.ClearField("default_threshold")
        if self.default_threshold is not None:
            record.default_threshold = self.default_threshold
        record.labels[:] = self.labels
        record.filter = self.filter

    def check(self, txn: Txn, owner: DatasetRecord) -> None:
        """Raises AppError VERSION_NOT_FOUND, VERSION_NOT_PINNED, UNKNOWN_LABEL, INVALID_FILTER."""
        if self.version < 1:
            raise invalid("stream.version", f"must be the number of a pinned version, got {self.version}")
        if not lookup.version_number(txn, owner, self.version).pinned:
            raise precondition(
                "VERSION_NOT_PINNED",
                f"version {self.version} of {dataset_name(owner.id)} is not pinned: pin it, and a stream can use it",
                name=version_name(owner.id, self.version),
            )
        known = {label.name for label in versions.labels(txn, owner.uid, self.version).labels}
        for label, _ in self.thresholds:
            if label not in known:
                raise unknown_label(f"stream.thresholds[{label!r}]", label)
        for place, label in enumerate(self.labels):
            if label not in known:
                raise unknown_label(f"stream.labels[{place}]", label)
        with _of_stream():
            Matcher(txn, document_scope.resolve(txn, owner.id, None), parse(self.filter))


@contextmanager
def _of_stream() -> Iterator[None]:
    """Violations in the block are those of fields of a stream."""
    try:
        yield
    except AppError as error:
        inner = tuple(violation.within("stream") for violation in error.violations)
        message = f"stream.{error.message}" if inner else error.message
        raise AppError(error.code, error.reason, message, violations=inner, metadata=error.metadata) from error
