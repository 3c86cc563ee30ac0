"""Properties of documents, and of what is told of them: values to records and back."""

from collections.abc import Mapping, MutableMapping

from pinfold_server.domain.documents.documents import MetadataValue
from pinfold_server.store.storage_pb2 import MetadataRecord


def write(target: MutableMapping[str, MetadataRecord], values: Mapping[str, MetadataValue | None]) -> None:
    """Into the map of a record, which is empty."""
    for name, value in values.items():
        if isinstance(value, str):
            target[name].string_value = value
        elif value is not None:
            target[name].number_value = value


def read(stored: Mapping[str, MetadataRecord]) -> dict[str, MetadataValue]:
    # Most documents have none, and to ask a map for its items takes long.
    return (
        {} if not stored else {name: getattr(value, value.WhichOneof("kind") or "") for name, value in stored.items()}
    )
