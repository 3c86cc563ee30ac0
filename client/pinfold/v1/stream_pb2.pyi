from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import document_pb2 as _document_pb2
from pinfold.v1 import prediction_pb2 as _prediction_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Stream(_message.Message):
    __slots__ = ("name", "title", "description", "version", "thresholds", "threshold_policy", "default_threshold", "labels", "filter", "sequence_id", "create_time", "update_time", "advance_time", "etag")
    class ThresholdsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_ID_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ADVANCE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    description: str
    version: int
    thresholds: _containers.ScalarMap[str, float]
    threshold_policy: _prediction_pb2.ThresholdPolicy
    default_threshold: float
    labels: _containers.RepeatedScalarFieldContainer[str]
    filter: str
    sequence_id: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    advance_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., version: _Optional[int] = ..., thresholds: _Optional[_Mapping[str, float]] = ..., threshold_policy: _Optional[_Union[_prediction_pb2.ThresholdPolicy, str]] = ..., default_threshold: _Optional[float] = ..., labels: _Optional[_Iterable[str]] = ..., filter: _Optional[str] = ..., sequence_id: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., advance_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class StreamItem(_message.Message):
    __slots__ = ("document", "prediction", "sequence_id", "upload_time")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_ID_FIELD_NUMBER: _ClassVar[int]
    UPLOAD_TIME_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.Document
    prediction: _prediction_pb2.Prediction
    sequence_id: str
    upload_time: _timestamp_pb2.Timestamp
    def __init__(self, document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., prediction: _Optional[_Union[_prediction_pb2.Prediction, _Mapping]] = ..., sequence_id: _Optional[str] = ..., upload_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class StreamBatch(_message.Message):
    __slots__ = ("items", "sequence_id", "filtered_count", "more", "version")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_ID_FIELD_NUMBER: _ClassVar[int]
    FILTERED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[StreamItem]
    sequence_id: str
    filtered_count: int
    more: bool
    version: int
    def __init__(self, items: _Optional[_Iterable[_Union[StreamItem, _Mapping]]] = ..., sequence_id: _Optional[str] = ..., filtered_count: _Optional[int] = ..., more: bool = ..., version: _Optional[int] = ...) -> None: ...

class StreamException(_message.Message):
    __slots__ = ("document", "type", "metadata", "update_time")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _document_pb2.MetadataValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_document_pb2.MetadataValue, _Mapping]] = ...) -> None: ...
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    document: str
    type: str
    metadata: _containers.MessageMap[str, _document_pb2.MetadataValue]
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, document: _Optional[str] = ..., type: _Optional[str] = ..., metadata: _Optional[_Mapping[str, _document_pb2.MetadataValue]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
