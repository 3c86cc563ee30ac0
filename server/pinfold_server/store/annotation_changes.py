"""Changes of a dataset's annotations, gathered and written in key order.

A page of the tree is then touched once, not once for each document.
"""

from dataclasses import dataclass

from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationEventRecord, AnnotationRecord
from pinfold_server.store.tables import annotation_events, annotations


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of a document, as it is stored: thousands of annotations of an upload say the same.

    `value` is None where nothing is said; `event` goes into the history, under a key with `event_end`; `label_heads`
    begin the keys by which the document is found.
    """

    record: AnnotationRecord
    value: bytes | None
    event: bytes
    event_end: bytes
    label_heads: tuple[bytes, ...]


def statement(dataset_uid: int, record: AnnotationRecord, cause: int, actor: str) -> Statement:
    """Of a record that says nothing, what takes an annotation away."""
    says_something = record.assigned or record.dismissed or record.reviewed
    event = AnnotationEventRecord(after=record, cause=cause, actor=actor)
    return Statement(
        record,
        record.SerializeToString(deterministic=True) if says_something else None,
        event.SerializeToString(deterministic=True),
        keys.event_end(record.revision),
        tuple(annotations.label_heads(dataset_uid, record)),
    )


class AnnotationChanges:
    """Call `flush` after the last change; `get` sees those that are not written yet."""

    def __init__(self, txn: Txn, dataset_uid: int) -> None:
        self._txn = txn
        self._dataset_uid = dataset_uid
        self._head = keys.of_dataset(keys.ANNOTATION, dataset_uid)
        self._event_head = keys.of_dataset(keys.ANNOTATION_EVENT, dataset_uid)
        self._made: dict[bytes, Statement] = {}
        self._replaced: dict[bytes, AnnotationRecord] = {}
        self._earlier: dict[bytes, bytes] = {}

    def get(self, place: bytes) -> AnnotationRecord | None:
        """What is said of the document that `keys.place` names."""
        made = self._made.get(place)
        if made is not None:
            return None if made.value is None else made.record
        return annotations.at(self._txn, self._head + place)

    def put(self, place: bytes, before: AnnotationRecord | None, said: Statement) -> None:
        """`before` is what `get` gives."""
        if before is not None and place not in self._made:
            self._replaced[place] = before
        self._made[place] = said

    def put_earlier(self, place: bytes, before: AnnotationRecord, cause: int) -> None:
        """Into the history, unless it is there: what the first recorded change of an annotation is a change of."""
        key = self._event_head + place + keys.event_end(before.revision)
        if self._txn.get(key) is None:
            event = AnnotationEventRecord(after=before, cause=cause)
            self._earlier.setdefault(key, event.SerializeToString(deterministic=True))

    def flush(self) -> None:
        """Writes annotations, their history, and how documents are found by labels."""
        head, event_head, made = self._head, self._event_head, self._made.items()
        for place, said in made:
            if said.value is None:
                annotations.delete_at(self._txn, head + place)
        self._unfind()
        annotations.put_many(self._txn, [(head + place, said.value) for place, said in made if said.value is not None])
        annotations.put_many(self._txn, [(start + place, b"") for place, said in made for start in said.label_heads])
        events = [(event_head + place + said.event_end, said.event) for place, said in made]
        annotation_events.append_many(self._txn, [*self._earlier.items(), *events])
        self._made.clear()
        self._replaced.clear()
        self._earlier.clear()

    def _unfind(self) -> None:
        """Documents are no longer found by labels that they had."""
        for place, before in self._replaced.items():
            now = self._made[place].label_heads
            for start in annotations.label_heads(self._dataset_uid, before):
                if start not in now:
                    self._txn.delete(start + place)
