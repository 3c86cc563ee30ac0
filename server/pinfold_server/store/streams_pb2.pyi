from pinfold_server.store import storage_pb2 as _storage_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ArrivalRecord(_message.Message):
    __slots__ = ("first_number", "time_us")
    FIRST_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TIME_US_FIELD_NUMBER: _ClassVar[int]
    first_number: int
    time_us: int
    def __init__(self, first_number: _Optional[int] = ..., time_us: _Optional[int] = ...) -> None: ...

class StreamRecord(_message.Message):
    __slots__ = ("uid", "id", "title", "description", "version", "thresholds", "policy", "default_threshold", "labels", "filter", "cursor_arrival", "cursor_number", "epoch", "secret", "created_us", "updated_us", "advanced_us", "generation")
    class ThresholdsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    UID_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    CURSOR_ARRIVAL_FIELD_NUMBER: _ClassVar[int]
    CURSOR_NUMBER_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    CREATED_US_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    ADVANCED_US_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    uid: int
    id: str
    title: str
    description: str
    version: int
    thresholds: _containers.ScalarMap[str, float]
    policy: str
    default_threshold: float
    labels: _containers.RepeatedScalarFieldContainer[str]
    filter: str
    cursor_arrival: int
    cursor_number: int
    epoch: int
    secret: bytes
    created_us: int
    updated_us: int
    advanced_us: int
    generation: int
    def __init__(self, uid: _Optional[int] = ..., id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., version: _Optional[int] = ..., thresholds: _Optional[_Mapping[str, float]] = ..., policy: _Optional[str] = ..., default_threshold: _Optional[float] = ..., labels: _Optional[_Iterable[str]] = ..., filter: _Optional[str] = ..., cursor_arrival: _Optional[int] = ..., cursor_number: _Optional[int] = ..., epoch: _Optional[int] = ..., secret: _Optional[bytes] = ..., created_us: _Optional[int] = ..., updated_us: _Optional[int] = ..., advanced_us: _Optional[int] = ..., generation: _Optional[int] = ...) -> None: ...

class StreamExceptionRecord(_message.Message):
    __slots__ = ("type", "metadata", "updated_us")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _storage_pb2.MetadataRecord
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_storage_pb2.MetadataRecord, _Mapping]] = ...) -> None: ...
    TYPE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    UPDATED_US_FIELD_NUMBER: _ClassVar[int]
    type: str
    metadata: _containers.MessageMap[str, _storage_pb2.MetadataRecord]
    updated_us: int
    def __init__(self, type: _Optional[str] = ..., metadata: _Optional[_Mapping[str, _storage_pb2.MetadataRecord]] = ..., updated_us: _Optional[int] = ...) -> None: ...

class AdvanceAnswer(_message.Message):
    __slots__ = ("stream", "moved")
    STREAM_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    stream: StreamRecord
    moved: bool
    def __init__(self, stream: _Optional[_Union[StreamRecord, _Mapping]] = ..., moved: bool = ...) -> None: ...

class PutExceptionsAnswer(_message.Message):
    __slots__ = ("stored_count", "failures")
    STORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    stored_count: int
    failures: _containers.RepeatedCompositeFieldContainer[_storage_pb2.ItemFailureRecord]
    def __init__(self, stored_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[_storage_pb2.ItemFailureRecord, _Mapping]]] = ...) -> None: ...
