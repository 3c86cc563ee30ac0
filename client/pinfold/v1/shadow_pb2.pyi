from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Shadow(_message.Message):
    __slots__ = ("tag", "version", "share", "create_time", "actor")
    TAG_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    tag: str
    version: int
    share: float
    create_time: _timestamp_pb2.Timestamp
    actor: str
    def __init__(self, tag: _Optional[str] = ..., version: _Optional[int] = ..., share: _Optional[float] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ...) -> None: ...

class LabelDisagreement(_message.Message):
    __slots__ = ("name", "both_count", "live_only_count", "shadow_only_count", "mean_distance")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BOTH_COUNT_FIELD_NUMBER: _ClassVar[int]
    LIVE_ONLY_COUNT_FIELD_NUMBER: _ClassVar[int]
    SHADOW_ONLY_COUNT_FIELD_NUMBER: _ClassVar[int]
    MEAN_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    name: str
    both_count: int
    live_only_count: int
    shadow_only_count: int
    mean_distance: float
    def __init__(self, name: _Optional[str] = ..., both_count: _Optional[int] = ..., live_only_count: _Optional[int] = ..., shadow_only_count: _Optional[int] = ..., mean_distance: _Optional[float] = ...) -> None: ...

class SetShadowRequest(_message.Message):
    __slots__ = ("tag", "version", "share", "actor", "request_id")
    TAG_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    tag: str
    version: int
    share: float
    actor: str
    request_id: str
    def __init__(self, tag: _Optional[str] = ..., version: _Optional[int] = ..., share: _Optional[float] = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ClearShadowRequest(_message.Message):
    __slots__ = ("tag", "actor", "request_id")
    TAG_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    tag: str
    actor: str
    request_id: str
    def __init__(self, tag: _Optional[str] = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetShadowReportRequest(_message.Message):
    __slots__ = ("tag",)
    TAG_FIELD_NUMBER: _ClassVar[int]
    tag: str
    def __init__(self, tag: _Optional[str] = ...) -> None: ...

class ShadowReport(_message.Message):
    __slots__ = ("shadow", "live_version", "text_count", "differing_count", "dropped_count", "labels", "unshared_labels")
    SHADOW_FIELD_NUMBER: _ClassVar[int]
    LIVE_VERSION_FIELD_NUMBER: _ClassVar[int]
    TEXT_COUNT_FIELD_NUMBER: _ClassVar[int]
    DIFFERING_COUNT_FIELD_NUMBER: _ClassVar[int]
    DROPPED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    UNSHARED_LABELS_FIELD_NUMBER: _ClassVar[int]
    shadow: Shadow
    live_version: int
    text_count: int
    differing_count: int
    dropped_count: int
    labels: _containers.RepeatedCompositeFieldContainer[LabelDisagreement]
    unshared_labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, shadow: _Optional[_Union[Shadow, _Mapping]] = ..., live_version: _Optional[int] = ..., text_count: _Optional[int] = ..., differing_count: _Optional[int] = ..., dropped_count: _Optional[int] = ..., labels: _Optional[_Iterable[_Union[LabelDisagreement, _Mapping]]] = ..., unshared_labels: _Optional[_Iterable[str]] = ...) -> None: ...
