"""What callers hold of streams: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pinfold._enums import ThresholdPolicy
from pinfold._model_types import Prediction
from pinfold._types import Document, ItemFailure


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """The definition of a stream, and where it is: everything up to `sequence_id` is done.

    `advance_time` is when it was last moved; None before.
    """

    id: str
    dataset: str
    title: str
    description: str
    version: int
    thresholds: Mapping[str, float]
    policy: ThresholdPolicy | None
    default_threshold: float | None
    labels: tuple[str, ...]
    filter: str
    sequence_id: str
    create_time: datetime
    update_time: datetime
    advance_time: datetime | None
    etag: str


@dataclass(frozen=True, slots=True)
class StreamItem:
    """A document on its way through a stream; advance to it to say that it, and everything before it, is done."""

    document: Document
    prediction: Prediction
    sequence_id: str
    upload_time: datetime


@dataclass(frozen=True, slots=True)
class StreamBatch:
    """The next documents of a stream, in the order of their upload.

    `filtered` were left out by the filter: a batch without items has a place to advance to as well. `more` is behind it
    already.
    """

    items: tuple[StreamItem, ...]
    sequence_id: str
    filtered: int
    more: bool
    version: int


@dataclass(frozen=True, slots=True)
class StreamException:
    """A document that a consumer could not deal with. `type` is the consumer's own word for why, 1 to 64 characters.

    `update_time` is told by the server.
    """

    document_id: str
    source: str
    type: str
    metadata: Mapping[str, str | float] = field(default_factory=dict)
    update_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class StreamExceptionReport:
    """What became of exceptions that were sent."""

    stored: int
    failures: tuple[ItemFailure, ...] = ()
