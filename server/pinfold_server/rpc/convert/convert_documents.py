"""Sources and documents: messages to values, records to messages."""

from collections.abc import Mapping, MutableMapping

from google.protobuf.timestamp_pb2 import Timestamp

from pinfold.v1.dataset_service_pb2 import DeleteDocumentsResponse
from pinfold.v1.document_pb2 import Document as DocumentMessage
from pinfold.v1.document_pb2 import MetadataValue
from pinfold.v1.prediction_coverage_pb2 import PredictionCoverage
from pinfold.v1.source_pb2 import Source
from pinfold_server.domain import names
from pinfold_server.domain.documents.documents import Document
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.common.etags import etag_of
from pinfold_server.services.documents.deletions import Policy
from pinfold_server.services.sampling.score_tables import TableScores
from pinfold_server.store.storage_pb2 import DeleteDocumentsAnswer, DocumentRecord, MetadataRecord, SourceRecord


def source_to_pb(record: SourceRecord) -> Source:
    return Source(
        name=names.source_name(record.id),
        title=record.title,
        document_count=record.document_count,
        create_time=timestamp(record.created_us),
        update_time=timestamp(record.updated_us),
        etag=etag_of(record),
    )


def coverage_to_pb(scores: TableScores | None) -> PredictionCoverage | None:
    """None, which leaves the field absent, for a filter that asks for no predictions."""
    if scores is None:
        return None
    return PredictionCoverage(version=scores.version, unscored_count=scores.unscored_count)


def deletion_to_pb(answer: DeleteDocumentsAnswer) -> DeleteDocumentsResponse:
    version = answer.scored_version
    return DeleteDocumentsResponse(
        deleted_count=answer.deleted_count,
        kept_count=answer.kept_count,
        next_page_token=answer.next_token,
        coverage=PredictionCoverage(version=version, unscored_count=answer.unscored_count) if version else None,
    )


def document_from_pb(message: DocumentMessage) -> Document:
    """The rules are checked later, so that one wrong document does not fail the others."""
    timestamp_us = _microseconds(message.timestamp) if message.HasField("timestamp") else None
    return Document(message.id, message.text, timestamp_us, metadata_from_pb(message.metadata))


def document_to_pb(source_id: str, document_id: str, record: DocumentRecord) -> DocumentMessage:
    message = DocumentMessage(
        name=names.document_name(source_id, document_id),
        id=document_id,
        text=record.text,
        # Always set: the second in which 1970 began is a time like any other.
        timestamp=Timestamp(seconds=record.timestamp_us // 1_000_000, nanos=record.timestamp_us % 1_000_000 * 1_000),
        create_time=timestamp(record.created_us),
        update_time=timestamp(record.updated_us),
    )
    metadata_to_pb(message.metadata, record.metadata)
    return message


def metadata_from_pb(sent: Mapping[str, MetadataValue]) -> dict[str, str | float | None]:
    """None stands for a property that has no value."""
    # Most documents have none, and to ask a map for its items takes long.
    return {} if not sent else {name: _metadata_from_pb(value) for name, value in sent.items()}


def metadata_to_pb(target: MutableMapping[str, MetadataValue], stored: Mapping[str, MetadataRecord]) -> None:
    """Into the map of a message, which is empty."""
    for name, value in stored.items():
        if value.WhichOneof("kind") == "string_value":
            target[name].string_value = value.string_value
        else:
            target[name].number_value = value.number_value


def _microseconds(sent: Timestamp) -> int:
    return sent.seconds * 1_000_000 + sent.nanos // 1_000


def _metadata_from_pb(value: MetadataValue) -> str | float | None:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return value.number_value
        case _:
            return None


def policy_from_pb(number: int) -> Policy | None:
    """None where the request leaves it open. Raises AppError INVALID for one that this server does not know."""
    try:
        return Policy(number) if number else None
    except ValueError:
        raise invalid("annotated", f"is not known to this server: {number}") from None
