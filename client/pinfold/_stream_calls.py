"""The calls of streams (pure: arguments in, calls out), and their answers as values."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from pinfold import _methods, _model_convert, _names
from pinfold._arguments import Numbered
from pinfold._calls import Call, Listing, Stream, call, listing, nothing
from pinfold._convert import document, item_failure, metadata, time_from
from pinfold._enums import THRESHOLD_POLICIES, ThresholdPolicy
from pinfold._errors import FailedPrecondition, PinfoldError
from pinfold._predict import Question, request_without_texts
from pinfold._rows import RowError, add_metadata
from pinfold._stream_types import StreamBatch, StreamException, StreamExceptionReport, StreamInfo, StreamItem
from pinfold._types import ItemFailure
from pinfold.filters import Filter, text_of
from pinfold.v1 import stream_pb2
from pinfold.v1 import stream_service_pb2 as pb

EXCEPTIONS_A_CALL = 1_000

Place = str | StreamBatch | StreamItem


class StreamOptions(TypedDict, total=False):
    """What is chosen of a stream. For an update: what is not named stays, None clears."""

    title: str | None
    description: str | None
    thresholds: Mapping[str, float] | None
    policy: ThresholdPolicy | str | None
    default_threshold: float | None
    labels: Iterable[str] | None
    filter: str | Filter | None


def create_stream(
    dataset_id: str, stream_id: str, version: int | Numbered, start: datetime | None, options: StreamOptions
) -> Call[StreamInfo]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.CreateStreamRequest(
        parent=_names.dataset(dataset_id),
        stream_id=_names.text_argument(stream_id, "id"),
        stream=_message(dataset_id, version, options, "create_stream"),
        start_time=None if start is None else _timestamp(start, "start_time"),
    )
    return call(_methods.CREATE_STREAM, request, stream_info)


def get_stream(dataset_id: str, stream_id: str) -> Call[StreamInfo]:
    return call(_methods.GET_STREAM, pb.GetStreamRequest(name=_names.stream(dataset_id, stream_id)), stream_info)


def list_streams(dataset_id: str) -> Listing[StreamInfo]:
    request = pb.ListStreamsRequest(parent=_names.dataset(dataset_id))
    return listing(_methods.LIST_STREAMS, request, lambda page: page.streams, stream_info)


def update_stream(
    info: StreamInfo, version: int | Numbered | None, etag: str | None, options: StreamOptions
) -> Call[StreamInfo]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    stream = _message(info.dataset, info.version if version is None else version, options, "update")
    stream.name = _names.stream(info.dataset, info.id)
    if etag is not None:
        stream.etag = _names.text_argument(etag, "etag")
    chosen = ["threshold_policy" if name == "policy" else name for name in options]
    if version is not None:
        chosen.append("version")
    return call(
        _methods.UPDATE_STREAM,
        pb.UpdateStreamRequest(stream=stream, update_mask=FieldMask(paths=chosen)),
        stream_info,
    )


def delete_stream(dataset_id: str, stream_id: str, etag: str | None) -> Call[None]:
    request = pb.DeleteStreamRequest(name=_names.stream(dataset_id, stream_id))
    if etag is not None:
        request.etag = _names.text_argument(etag, "etag")
    return call(_methods.DELETE_STREAM, request, nothing)


def fetch(dataset_id: str, stream_id: str, size: int | None) -> Call[StreamBatch]:
    request = pb.FetchRequest(name=_names.stream(dataset_id, stream_id), size=_count(size, "size"))
    return call(_methods.FETCH, request, batch)


def advance(dataset_id: str, stream_id: str, place: Place) -> Call[bool]:
    """Whether the stream moved."""
    sequence_id = place if isinstance(place, str) else place.sequence_id
    request = pb.AdvanceRequest(
        name=_names.stream(dataset_id, stream_id), sequence_id=_names.text_argument(sequence_id, "sequence id")
    )
    return call(_methods.ADVANCE, request, lambda answer: answer.moved)


def reset(dataset_id: str, stream_id: str, to_time: datetime) -> Call[StreamInfo]:
    request = pb.ResetRequest(name=_names.stream(dataset_id, stream_id), to_time=_timestamp(to_time, "to_time"))
    return call(_methods.RESET, request, stream_info)


def consume(
    dataset_id: str, stream_id: str, size: int | None, max_unadvanced: int | None
) -> Stream[StreamBatch | None]:
    """Batches, and None as a sign of life."""
    request = pb.ConsumeRequest(
        name=_names.stream(dataset_id, stream_id),
        size=_count(size, "size"),
        max_unadvanced=_count(max_unadvanced, "max_unadvanced"),
    )
    return Stream(_methods.CONSUME, request, lambda answer: batch(answer.batch) if answer.HasField("batch") else None)


def was_reset(error: PinfoldError) -> bool:
    """Whether a place counts no longer because the stream was reset: then it is where the reset put it."""
    return isinstance(error, FailedPrecondition) and error.reason == "SEQUENCE_ID_EXPIRED"


def put_exceptions(
    dataset_id: str, stream_id: str, exceptions: Iterable[StreamException]
) -> list[Call[StreamExceptionReport]]:
    """As many calls as the limit of one needs. Raises TypeError or ValueError naming what cannot be sent."""
    messages = [_exception_message(each, f"exceptions[{place}]") for place, each in enumerate(exceptions)]
    parent = _names.stream(dataset_id, stream_id)
    return [_put(parent, messages, at) for at in range(0, len(messages), EXCEPTIONS_A_CALL)]


def list_exceptions(dataset_id: str, stream_id: str) -> Listing[StreamException]:
    request = pb.ListStreamExceptionsRequest(parent=_names.stream(dataset_id, stream_id))
    return listing(_methods.LIST_STREAM_EXCEPTIONS, request, lambda page: page.exceptions, _exception)


def delete_exceptions(dataset_id: str, stream_id: str, source_id: str, ids: Iterable[str]) -> list[Call[int]]:
    """As many calls as the limit of one needs; each answers how many there were."""
    names = [_names.document(source_id, document_id) for document_id in _names.text_list(ids, "ids")]
    parent = _names.stream(dataset_id, stream_id)
    parts = (names[at : at + EXCEPTIONS_A_CALL] for at in range(0, len(names), EXCEPTIONS_A_CALL))
    return [
        call(
            _methods.DELETE_STREAM_EXCEPTIONS,
            pb.DeleteStreamExceptionsRequest(parent=parent, documents=part),
            lambda answer: answer.deleted_count,
        )
        for part in parts
    ]


def total(reports: Iterable[StreamExceptionReport]) -> StreamExceptionReport:
    """One report of several calls, in their order."""
    every = list(reports)
    failures = tuple(failure for report in every for failure in report.failures)
    return StreamExceptionReport(sum(report.stored for report in every), failures)


def stream_info(message: stream_pb2.Stream) -> StreamInfo:
    _, dataset_id, _, stream_id = message.name.split("/")
    return StreamInfo(
        id=stream_id,
        dataset=dataset_id,
        title=message.title,
        description=message.description,
        version=message.version,
        thresholds=dict(message.thresholds),
        policy=THRESHOLD_POLICIES.decode(message.threshold_policy),
        default_threshold=message.default_threshold if message.HasField("default_threshold") else None,
        labels=tuple(message.labels),
        filter=message.filter,
        sequence_id=message.sequence_id,
        create_time=time_from(message.create_time),
        update_time=time_from(message.update_time),
        advance_time=time_from(message.advance_time) if message.HasField("advance_time") else None,
        etag=message.etag,
    )


def batch(message: stream_pb2.StreamBatch) -> StreamBatch:
    return StreamBatch(
        items=tuple(_items(message)),
        sequence_id=message.sequence_id,
        filtered=message.filtered_count,
        more=message.more,
        version=message.version,
    )


def _items(message: stream_pb2.StreamBatch) -> Iterator[StreamItem]:
    for item in message.items:
        yield StreamItem(
            document=document(item.document),
            prediction=_model_convert.prediction(item.prediction, message.version, None),
            sequence_id=item.sequence_id,
            upload_time=time_from(item.upload_time),
        )


def _message(dataset_id: str, version: int | Numbered, options: StreamOptions, method: str) -> stream_pb2.Stream:
    if unknown := sorted(options.keys() - StreamOptions.__optional_keys__):
        raise TypeError(f"{method}() has no option {unknown[0]!r}")
    number = _names.number_argument(version if isinstance(version, int | str) else version.number, "version")
    asked = request_without_texts(
        Question(
            dataset_id,
            number,
            options.get("thresholds"),
            options.get("policy"),
            options.get("default_threshold"),
            options.get("labels"),
        )
    )
    stream = stream_pb2.Stream(
        title=_text(options.get("title"), "title"),
        description=_text(options.get("description"), "description"),
        version=number,
        thresholds=asked.thresholds,
        threshold_policy=asked.threshold_policy,
        labels=asked.labels,
        filter=text_of(options.get("filter")),
    )
    if asked.HasField("default_threshold"):
        stream.default_threshold = asked.default_threshold
    return stream


def _text(value: str | None, place: str) -> str:
    return _names.text_argument(value, place) if value else ""


def _count(value: object, place: str) -> int:
    """0, the server's default, for None."""
    return 0 if value is None else _names.number_argument(value, place)


def _timestamp(moment: object, place: str) -> Timestamp:
    if not isinstance(moment, datetime):
        raise TypeError(f"{place} must be a datetime, got {type(moment).__name__}")
    if moment.tzinfo is None:
        raise ValueError(f"{place} must have a time zone, such as datetime.UTC")
    found = Timestamp()
    found.FromDatetime(moment)
    return found


def _exception_message(told: object, at: str) -> stream_pb2.StreamException:
    if not isinstance(told, StreamException):
        raise TypeError(f"{at} must be a StreamException, got {type(told).__name__}")
    message = stream_pb2.StreamException(
        document=_names.document(told.source, _names.text_argument(told.document_id, f"{at}.document_id")),
        type=_names.text_argument(told.type, f"{at}.type"),
    )
    try:
        add_metadata(message.metadata, told.metadata)
    except RowError as error:
        raise ValueError(f"{at}.{error.message}") from None
    return message


def _put(parent: str, messages: list[stream_pb2.StreamException], at: int) -> Call[StreamExceptionReport]:
    request = pb.PutStreamExceptionsRequest(parent=parent, exceptions=messages[at : at + EXCEPTIONS_A_CALL])

    def report(answer: pb.PutStreamExceptionsResponse) -> StreamExceptionReport:
        failures = tuple(_renumbered(item_failure(failure), at) for failure in answer.failures)
        return StreamExceptionReport(answer.stored_count, failures)

    return call(_methods.PUT_STREAM_EXCEPTIONS, request, report)


def _renumbered(failure: ItemFailure, offset: int) -> ItemFailure:
    """With the place among all exceptions that were passed."""
    field = failure.field.replace(f"[{failure.index}]", f"[{failure.index + offset}]", 1)
    return replace(failure, index=failure.index + offset, field=field)


def _exception(message: stream_pb2.StreamException) -> StreamException:
    source_id, document_id = _names.document_parts(message.document)
    return StreamException(
        document_id, source_id, message.type, metadata(message.metadata), time_from(message.update_time)
    )
