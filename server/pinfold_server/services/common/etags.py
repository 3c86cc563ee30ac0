"""Compare-and-set: an etag stands for the state of a resource's own fields.

Generations come from one counter of the store, so that a resource that was deleted and made again has another etag.
"""

from typing import Protocol

from pinfold_server.errors import stale_etag
from pinfold_server.store.storage_pb2 import AnnotationRecord, DatasetRecord


class Versioned(Protocol):
    """A record whose `generation` changes with its own fields."""

    @property
    def generation(self) -> int: ...


def etag_of(record: Versioned) -> str:
    return str(record.generation)


def annotation_etag(owner: DatasetRecord, record: AnnotationRecord | None) -> str:
    """`0` where nothing is said. The uid tells a dataset from one that had its id before."""
    return "0" if record is None else f"{owner.uid}-{record.revision}"


def check_etag(expected: str, record: Versioned, name: str) -> None:
    """Raises AppError ETAG_MISMATCH unless `expected` is empty or still that of the resource called `name`."""
    if expected and expected != etag_of(record):
        raise stale_etag(name, etag_of(record))
