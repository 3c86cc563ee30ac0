"""Stored documents as filters see them, worked out as far as a filter looks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from pinfold_server.domain.annotations import RetrievalMode
from pinfold_server.domain.filters import AnnotationView
from pinfold_server.domain.labels import levels
from pinfold_server.domain.words import words_of
from pinfold_server.store.storage_pb2 import AnnotationRecord, DocumentRecord


class Scores(Protocol):
    """What a model says of stored documents: the source of `predicted:` in filters."""

    def probability(self, source_uid: int, document_id: str, text: str, label: str) -> float:
        """Of one label that the filter named."""
        ...

    def predicts(self, source_uid: int, document_id: str, text: str, label: str) -> bool:
        """Whether the probability reaches the version's own threshold."""
        ...


class View:
    """One stored document. Implements `domain.filters.DocumentView`."""

    __slots__ = ("_annotation", "_metadata", "_scores", "_words", "id", "record", "source", "source_uid")

    def __init__(
        self,
        source: str,
        source_uid: int,
        document_id: str,
        record: DocumentRecord,
        annotation: Callable[[], AnnotationView | None],
        scores: Scores | None = None,
    ) -> None:
        self.source = source
        self.source_uid = source_uid
        self.id = document_id
        self.record = record
        self._annotation = annotation
        self._scores = scores
        self._words: list[str] | None = None
        self._metadata: Mapping[str, str | float] | None = None

    @property
    def timestamp_us(self) -> int:
        return self.record.timestamp_us

    @property
    def created_us(self) -> int:
        return self.record.created_us

    @property
    def updated_us(self) -> int:
        return self.record.updated_us

    @property
    def metadata(self) -> Mapping[str, str | float]:
        if self._metadata is None:
            stored = self.record.metadata
            self._metadata = {name: getattr(stored[name], stored[name].WhichOneof("kind") or "") for name in stored}
        return self._metadata

    @property
    def words(self) -> Sequence[str]:
        if self._words is None:
            self._words = words_of(self.record.text)
        return self._words

    @property
    def annotation(self) -> AnnotationView | None:
        return self._annotation()

    def probability(self, label: str) -> float:
        assert self._scores is not None, "a filter on predictions was not given any"
        return self._scores.probability(self.source_uid, self.id, self.record.text, label)

    def predicts(self, label: str) -> bool:
        assert self._scores is not None, "a filter on predictions was not given any"
        return self._scores.predicts(self.source_uid, self.id, self.record.text, label)


class AnnotationViews:
    """Annotations with names instead of numbers; what many documents share is worked out once."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._closed: dict[tuple[int, ...], frozenset[str]] = {}

    def of(self, record: AnnotationRecord | None) -> AnnotationView | None:
        if record is None:
            return None
        return AnnotationView(
            record.reviewed,
            self._assigned(tuple(record.assigned)),
            frozenset(self._names[number] for number in record.dismissed),
            record.annotator,
            RetrievalMode(record.retrieval_mode).name,
        )

    def _assigned(self, numbers: tuple[int, ...]) -> frozenset[str]:
        found = self._closed.get(numbers)
        if found is None:
            found = frozenset(level for number in numbers for level in levels(self._names[number]))
            self._closed[numbers] = found
        return found
