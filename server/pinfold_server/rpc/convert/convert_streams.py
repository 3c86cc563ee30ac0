"""Streams, their batches and exceptions: messages to values, records to messages."""

from collections.abc import Sequence

from pinfold.v1 import prediction_pb2 as shapes
from pinfold.v1 import stream_pb2
from pinfold.v1 import stream_service_pb2 as pb
from pinfold.v1.prediction_service_pb2 import PredictResponse
from pinfold_server.domain import names
from pinfold_server.domain.predictions.thresholds import ThresholdPolicy
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_documents import document_to_pb, metadata_from_pb, metadata_to_pb
from pinfold_server.rpc.convert.convert_predictions import fill_predictions, policy_from_pb
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.common.etags import etag_of
from pinfold_server.services.streams.stream_batches import Batch
from pinfold_server.services.streams.stream_consuming import Appetite
from pinfold_server.services.streams.stream_definitions import StreamDefinition
from pinfold_server.services.streams.stream_exceptions import StreamException, StreamExceptionInfo
from pinfold_server.services.streams.streams import StreamRef, place_id, sequence_ids
from pinfold_server.store.streams_pb2 import StreamRecord

_UPDATABLE = frozenset(
    {
        "title",
        "description",
        "version",
        "thresholds",
        "threshold_policy",
        "default_threshold",
        "labels",
        "filter",
    }
)
_POLICIES = {
    "": shapes.THRESHOLD_POLICY_UNSPECIFIED,
    ThresholdPolicy.HIGH_PRECISION: shapes.THRESHOLD_POLICY_HIGH_PRECISION,
    ThresholdPolicy.BALANCED: shapes.THRESHOLD_POLICY_BALANCED,
    ThresholdPolicy.HIGH_RECALL: shapes.THRESHOLD_POLICY_HIGH_RECALL,
}


def ref_from_pb(name: str, field: str = "name", etag: str = "") -> StreamRef:
    return StreamRef(*names.parse_stream(name, field), etag)


def stream_to_pb(dataset_id: str, record: StreamRecord) -> stream_pb2.Stream:
    message = stream_pb2.Stream(
        name=names.stream_name(dataset_id, record.id),
        title=record.title,
        description=record.description,
        version=record.version,
        thresholds=record.thresholds,
        threshold_policy=_POLICIES[record.policy],
        labels=record.labels,
        filter=record.filter,
        sequence_id=place_id(record),
        create_time=timestamp(record.created_us),
        update_time=timestamp(record.updated_us),
        advance_time=timestamp(record.advanced_us),
        etag=etag_of(record),
    )
    if record.HasField("default_threshold"):
        message.default_threshold = record.default_threshold
    return message


def definition_from_pb(wanted: stream_pb2.Stream) -> StreamDefinition:
    return StreamDefinition(
        wanted.title,
        wanted.description,
        wanted.version,
        tuple(sorted(wanted.thresholds.items())),
        policy_from_pb(wanted.threshold_policy, "stream.threshold_policy"),
        wanted.default_threshold if wanted.HasField("default_threshold") else None,
        tuple(wanted.labels),
        wanted.filter,
    )


def chosen_fields(request: pb.UpdateStreamRequest) -> frozenset[str]:
    """The fields that the mask names; without one, those that are not empty."""
    chosen = frozenset(request.update_mask.paths)
    for path in sorted(chosen - _UPDATABLE):
        raise invalid("update_mask", f"must name only {', '.join(sorted(_UPDATABLE))}, got {path!r}")
    return chosen or _UPDATABLE & {each.name for each, _ in request.stream.ListFields()}


def appetite_from_pb(request: pb.ConsumeRequest) -> Appetite:
    heartbeat = None
    if request.HasField("heartbeat"):
        heartbeat = request.heartbeat.seconds + request.heartbeat.nanos / 1e9
    return Appetite(request.size, request.max_unadvanced, heartbeat)


def batch_to_pb(batch: Batch) -> stream_pb2.StreamBatch:
    ids = sequence_ids(batch.stream)
    message = stream_pb2.StreamBatch(
        sequence_id=ids.encode(batch.position),
        filtered_count=batch.filtered,
        more=batch.more,
        version=batch.stream.version,
    )
    for part in batch.parts:
        answer = PredictResponse()
        fill_predictions(answer, part.answer)
        for arrived, prediction in zip(part.documents, answer.predictions, strict=True):
            item = message.items.add(
                document=document_to_pb(arrived.source_id, arrived.document_id, arrived.record),
                prediction=prediction,
                sequence_id=ids.encode(arrived.position),
                upload_time=timestamp(arrived.time_us),
            )
            if prediction.HasField("error"):
                # Told of the texts that were scored together; the consumer knows items.
                item.prediction.error.index = len(message.items) - 1
                item.prediction.error.field = f"items[{len(message.items) - 1}].document.text"
    return message


def exceptions_from_pb(messages: Sequence[stream_pb2.StreamException]) -> list[StreamException]:
    return [StreamException(each.document, each.type, metadata_from_pb(each.metadata)) for each in messages]


def exception_to_pb(info: StreamExceptionInfo) -> stream_pb2.StreamException:
    message = stream_pb2.StreamException(
        document=info.document, type=info.record.type, update_time=timestamp(info.record.updated_us)
    )
    metadata_to_pb(message.metadata, info.record.metadata)
    return message
