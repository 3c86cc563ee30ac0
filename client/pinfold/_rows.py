"""Rows of the caller to documents on the wire (pure)."""

import hashlib
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from numbers import Real
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from pinfold._enums import SENTIMENTS
from pinfold._names import has_surrogate
from pinfold._quality_enums import DEFAULT_SPLIT, SPLITS
from pinfold.v1.annotation_pb2 import LabelSet
from pinfold.v1.dataset_service_pb2 import DocumentUpload
from pinfold.v1.document_pb2 import Document, MetadataValue

KEYS = frozenset({"id", "text", "labels", "split", "timestamp", "metadata"})

_EPOCH = datetime.fromtimestamp(0, UTC)
# What a protobuf timestamp can hold.
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799


class RowError(Exception):
    """One row cannot be sent: it becomes an item failure of the report, and the others are sent."""

    def __init__(self, reason: str, field: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.field = field
        self.message = message


def check_row(number: int, row: object) -> Mapping[str, Any]:
    """A row of the right shape.

    Raises TypeError or ValueError for what is a mistake of the program and not of the data: all rows would
    be wrong in the same way, and a misspelt `labels` would silently lose every annotation.
    """
    if not isinstance(row, Mapping):
        raise TypeError(
            f"row {number} must be a mapping with 'text' and optionally 'id', 'labels', 'split', 'timestamp',"
            f" 'metadata', got {type(row).__name__}"
        )
    if not KEYS.issuperset(row):
        unknown = next(key for key in row if key not in KEYS)
        raise ValueError(f"row {number} has the unknown key {unknown!r}; known are {', '.join(sorted(KEYS))}")
    return row


def to_upload(row: Mapping[str, Any]) -> DocumentUpload:
    """Raises RowError naming the field."""
    text = _string(row.get("text"), "text", "NOT_TEXT")
    document = Document(id=row_id(row, text), text=text)
    timestamp = row.get("timestamp")
    if timestamp is not None:
        document.timestamp.CopyFrom(_timestamp(timestamp))
    if (metadata := row.get("metadata")) is not None:
        add_metadata(document.metadata, metadata)
    labels = row.get("labels")
    upload = DocumentUpload(document=document, labels=None if labels is None else _label_set(labels))
    if (split := row.get("split")) is not None:
        upload.split = split_number(split)  # type: ignore[assignment]  # a number that the protocol knows
    return upload


def split_number(split: object) -> int:
    """Of a part of a training; 0 for "default". Raises RowError."""
    if split == DEFAULT_SPLIT:
        return 0
    try:
        return SPLITS.number(split, "split")  # type: ignore[arg-type]
    except ValueError as error:
        raise RowError("INVALID_SPLIT", "split", f"{error} (or {DEFAULT_SPLIT!r})") from None


def row_id(row: Mapping[str, Any], text: str) -> str:
    """The id of the row, or one made from the text: the same text gets the same id in every upload."""
    given = row.get("id")
    if given is None:
        return "sha256-" + hashlib.sha256(text.encode()).hexdigest()[:32]
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return _string(given, "id", "INVALID_DOCUMENT_ID")


def _string(value: object, field: str, reason: str) -> str:
    if not isinstance(value, str):
        raise RowError(reason, field, f"{field} must be a str, got {type(value).__name__}")
    if has_surrogate(value):
        raise RowError(reason, field, f"{field} contains a lone surrogate, which UTF-8 cannot encode")
    return value


def _label_set(labels: object) -> LabelSet:
    """A mapping gives each label its sentiment."""
    if not isinstance(labels, Mapping):
        return LabelSet(labels=_labels(labels))
    found = LabelSet(labels=_labels(list(labels)))
    for label, sentiment in labels.items():
        try:
            found.sentiments.append(SENTIMENTS.number(sentiment, "sentiment"))  # type: ignore[arg-type]
        except ValueError as error:
            raise RowError("INVALID_SENTIMENT", f"labels[{label!r}]", str(error)) from None
    return found


def _labels(value: object) -> list[str]:
    """A single str is one label."""
    if isinstance(value, str):
        return [_string(value, "labels", "INVALID_LABEL")]
    if not isinstance(value, Iterable) or isinstance(value, Mapping | bytes):
        raise RowError("INVALID_LABEL", "labels", f"labels must be a str or a list of str, got {type(value).__name__}")
    return [_string(label, f"labels[{place}]", "INVALID_LABEL") for place, label in enumerate(value)]


def _timestamp(value: object) -> Timestamp:
    """An aware datetime, or ISO 8601 text, which is read as UTC when it names no offset."""
    # Of the difference, not by FromDatetime: that takes three times as long, for every row.
    since = _moment(value) - _EPOCH
    seconds = since.days * 86_400 + since.seconds
    if not _FIRST_SECOND <= seconds <= _LAST_SECOND:
        raise RowError("INVALID_TIMESTAMP", "timestamp", "timestamp is out of range: years 1 to 9999, in UTC")
    return Timestamp(seconds=seconds, nanos=since.microseconds * 1_000)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise RowError("INVALID_TIMESTAMP", "timestamp", "timestamp must have a time zone; such as datetime.UTC")
        return value
    if not isinstance(value, str):
        raise RowError(
            "INVALID_TIMESTAMP",
            "timestamp",
            f"timestamp must be a datetime or ISO 8601 text, got {type(value).__name__}",
        )
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise RowError("INVALID_TIMESTAMP", "timestamp", f"timestamp is not ISO 8601: {value[:40]!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def add_metadata(added: MutableMapping[str, MetadataValue], metadata: object) -> None:
    """Into the map of a message. Raises RowError."""
    if not isinstance(metadata, Mapping):
        raise RowError("INVALID_METADATA", "metadata", f"metadata must be a mapping, got {type(metadata).__name__}")
    for name, value in metadata.items():
        _string(name, "metadata", "INVALID_METADATA")
        if isinstance(value, str):
            added[name].string_value = _string(value, f"metadata[{name!r}]", "INVALID_METADATA")
        elif value is not None:
            added[name].number_value = _number(value, f"metadata[{name!r}]")


def _number(value: object, field: str) -> float:
    if isinstance(value, float):  # as most are: asking for Real takes long
        return value
    if isinstance(value, bool) or not isinstance(value, Real):
        raise RowError("INVALID_METADATA", field, f"{field} must be a str or a number, got {type(value).__name__}")
    return float(value)
