"""Stored documents as filters see them, worked out as far as a filter looks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol

from pinfold_server.domain.documents.words import words_of
from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.domain.labels.labels import levels
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord, DatasetRecord, DocumentRecord
from pinfold_server.store.tables import annotations, streams


class Scores(Protocol):
    """What a model says of stored documents: the source of `predicted:` in filters."""

    def knows(self, label: str) -> bool:
        """Whether the model has the label."""
        ...

    def probability(self, source_uid: int, document_id: str, text: str, label: str) -> float | None:
        """Of one label that the filter named; None for a document without scores."""
        ...

    def predicts(self, source_uid: int, document_id: str, text: str, label: str) -> bool | None:
        """Whether the probability reaches the version's own threshold."""
        ...


class View:
    """One stored document. Implements `domain.filter_matching.DocumentView`."""

    __slots__ = ("_context", "_exceptions", "_said", "_words", "key", "record", "source")

    def __init__(self, context: "ViewContext", source: str, key: bytes, record: DocumentRecord) -> None:
        self._context = context
        self.source = source
        self.key = key
        self.record = record
        self._said: AnnotationRecord | Literal[False] | None = False  # not looked at yet
        self._words: list[str] | None = None
        self._exceptions: frozenset[str] | None = None

    @property
    def id(self) -> str:
        return keys.document_id_of(self.key)

    @property
    def timestamp_us(self) -> int:
        return self.record.timestamp_us

    @property
    def created_us(self) -> int:
        return self.record.created_us

    @property
    def updated_us(self) -> int:
        return self.record.updated_us

    def metadata_value(self, name: str) -> str | float | None:
        stored = self.record.metadata
        if name not in stored:  # asked first: a look would add it
            return None
        value = stored[name]
        kind = value.WhichOneof("kind")
        return None if kind is None else getattr(value, kind)

    @property
    def words(self) -> Sequence[str]:
        if self._words is None:
            self._words = words_of(self.record.text)
        return self._words

    @property
    def annotation_record(self) -> AnnotationRecord | None:
        if self._said is False:
            self._said = self._context.annotation_of(self.key)
        return self._said

    @property
    def annotation(self) -> "StoredAnnotation | None":
        record = self.annotation_record
        return None if record is None else StoredAnnotation(self._context, record)

    @property
    def exceptions(self) -> frozenset[str]:
        if self._exceptions is None:
            self._exceptions = self._context.exceptions_of(*keys.stored_document(self.key))
        return self._exceptions

    def probability(self, label: str) -> float | None:
        return self._context.scores.probability(*keys.stored_document(self.key), self.record.text, label)

    def predicts(self, label: str) -> bool | None:
        return self._context.scores.predicts(*keys.stored_document(self.key), self.record.text, label)


class StoredAnnotation:
    """An annotation with names instead of numbers. Implements `domain.filter_matching.AnnotationView`."""

    __slots__ = ("_context", "_record")

    def __init__(self, context: "ViewContext", record: AnnotationRecord) -> None:
        self._context = context
        self._record = record

    @property
    def reviewed(self) -> bool:
        return self._record.reviewed

    @property
    def assigned(self) -> frozenset[str]:
        return self._context.closed(tuple(self._record.assigned))

    @property
    def dismissed(self) -> frozenset[str]:
        return self._context.named(self._record.dismissed)

    @property
    def annotator(self) -> str:
        return self._record.annotator

    @property
    def retrieval_mode(self) -> str:
        return RetrievalMode(self._record.retrieval_mode).name


class ViewContext:
    """What the views of one transaction have in common; what many annotations share is worked out once."""

    def __init__(
        self, txn: Txn, owner: DatasetRecord | None, names: Mapping[int, str], scores: Scores | None = None
    ) -> None:
        self._txn = txn
        self._owner_uid = None if owner is None else owner.uid
        self._names = names
        self._scores = scores
        self._closed: dict[tuple[int, ...], frozenset[str]] = {}
        self._stream_uids: list[int] | None = None

    @property
    def scores(self) -> Scores:
        assert self._scores is not None, "a filter on predictions was not given any"
        return self._scores

    def annotation_of(self, document_key: bytes) -> AnnotationRecord | None:
        if self._owner_uid is None:
            return None
        return annotations.get_of(self._txn, self._owner_uid, document_key)

    def exceptions_of(self, source_uid: int, document_id: str) -> frozenset[str]:
        """Their types, over all streams of the dataset."""
        owner_uid = self._owner_uid
        if owner_uid is None:
            return frozenset()
        if self._stream_uids is None:
            self._stream_uids = [record.uid for _, record in streams.by_id(self._txn, owner_uid)]
        found = (streams.exception(self._txn, owner_uid, uid, source_uid, document_id) for uid in self._stream_uids)
        return frozenset(record.type for record in found if record is not None)

    def named(self, numbers: Iterable[int]) -> frozenset[str]:
        """Names of labels."""
        return frozenset(self._names[number] for number in numbers)

    def closed(self, numbers: tuple[int, ...]) -> frozenset[str]:
        """Names of labels and of those above them."""
        found = self._closed.get(numbers)
        if found is None:
            found = frozenset(level for number in numbers for level in levels(self._names[number]))
            self._closed[numbers] = found
        return found
