from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import version_pb2 as _version_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AutoTraining(_message.Message):
    __slots__ = ("enabled", "after_changes", "after_quiet_seconds", "run_configuration")
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    AFTER_CHANGES_FIELD_NUMBER: _ClassVar[int]
    AFTER_QUIET_SECONDS_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIGURATION_FIELD_NUMBER: _ClassVar[int]
    enabled: bool
    after_changes: int
    after_quiet_seconds: int
    run_configuration: str
    def __init__(self, enabled: bool = ..., after_changes: _Optional[int] = ..., after_quiet_seconds: _Optional[int] = ..., run_configuration: _Optional[str] = ...) -> None: ...

class Dataset(_message.Message):
    __slots__ = ("name", "title", "description", "sources", "revision", "label_count", "annotated_count", "reviewed_count", "latest_version", "pinned_count", "create_time", "update_time", "etag", "auto_training", "label_mode", "label_sentiment")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LATEST_VERSION_FIELD_NUMBER: _ClassVar[int]
    PINNED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    AUTO_TRAINING_FIELD_NUMBER: _ClassVar[int]
    LABEL_MODE_FIELD_NUMBER: _ClassVar[int]
    LABEL_SENTIMENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    description: str
    sources: _containers.RepeatedScalarFieldContainer[str]
    revision: int
    label_count: int
    annotated_count: int
    reviewed_count: int
    latest_version: int
    pinned_count: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    auto_training: AutoTraining
    label_mode: _version_pb2.LabelMode
    label_sentiment: bool
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., sources: _Optional[_Iterable[str]] = ..., revision: _Optional[int] = ..., label_count: _Optional[int] = ..., annotated_count: _Optional[int] = ..., reviewed_count: _Optional[int] = ..., latest_version: _Optional[int] = ..., pinned_count: _Optional[int] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., auto_training: _Optional[_Union[AutoTraining, _Mapping]] = ..., label_mode: _Optional[_Union[_version_pb2.LabelMode, str]] = ..., label_sentiment: bool = ...) -> None: ...
