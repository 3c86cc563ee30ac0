from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MonitoringResolution(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MONITORING_RESOLUTION_UNSPECIFIED: _ClassVar[MonitoringResolution]
    MONITORING_RESOLUTION_MINUTE: _ClassVar[MonitoringResolution]
    MONITORING_RESOLUTION_HOUR: _ClassVar[MonitoringResolution]
    MONITORING_RESOLUTION_DAY: _ClassVar[MonitoringResolution]

class DriftLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DRIFT_LEVEL_UNSPECIFIED: _ClassVar[DriftLevel]
    DRIFT_LEVEL_NONE: _ClassVar[DriftLevel]
    DRIFT_LEVEL_MODERATE: _ClassVar[DriftLevel]
    DRIFT_LEVEL_LARGE: _ClassVar[DriftLevel]
MONITORING_RESOLUTION_UNSPECIFIED: MonitoringResolution
MONITORING_RESOLUTION_MINUTE: MonitoringResolution
MONITORING_RESOLUTION_HOUR: MonitoringResolution
MONITORING_RESOLUTION_DAY: MonitoringResolution
DRIFT_LEVEL_UNSPECIFIED: DriftLevel
DRIFT_LEVEL_NONE: DriftLevel
DRIFT_LEVEL_MODERATE: DriftLevel
DRIFT_LEVEL_LARGE: DriftLevel

class LabelMonitoring(_message.Message):
    __slots__ = ("name", "predicted_count", "predicted_share", "below_share", "histogram", "validation_shares", "drift", "drift_level")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_SHARE_FIELD_NUMBER: _ClassVar[int]
    BELOW_SHARE_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_FIELD_NUMBER: _ClassVar[int]
    VALIDATION_SHARES_FIELD_NUMBER: _ClassVar[int]
    DRIFT_FIELD_NUMBER: _ClassVar[int]
    DRIFT_LEVEL_FIELD_NUMBER: _ClassVar[int]
    name: str
    predicted_count: int
    predicted_share: float
    below_share: float
    histogram: _containers.RepeatedScalarFieldContainer[int]
    validation_shares: _containers.RepeatedScalarFieldContainer[float]
    drift: float
    drift_level: DriftLevel
    def __init__(self, name: _Optional[str] = ..., predicted_count: _Optional[int] = ..., predicted_share: _Optional[float] = ..., below_share: _Optional[float] = ..., histogram: _Optional[_Iterable[int]] = ..., validation_shares: _Optional[_Iterable[float]] = ..., drift: _Optional[float] = ..., drift_level: _Optional[_Union[DriftLevel, str]] = ...) -> None: ...

class MonitoringWindow(_message.Message):
    __slots__ = ("start_time", "text_count", "sampled_count", "unlabelled_count", "predicted_counts")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    TEXT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNLABELLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_COUNTS_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    text_count: int
    sampled_count: int
    unlabelled_count: int
    predicted_counts: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., text_count: _Optional[int] = ..., sampled_count: _Optional[int] = ..., unlabelled_count: _Optional[int] = ..., predicted_counts: _Optional[_Iterable[int]] = ...) -> None: ...

class GetMonitoringRequest(_message.Message):
    __slots__ = ("name", "start_time", "end_time", "resolution", "labels")
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    name: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    resolution: MonitoringResolution
    labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., resolution: _Optional[_Union[MonitoringResolution, str]] = ..., labels: _Optional[_Iterable[str]] = ...) -> None: ...

class MonitoringReport(_message.Message):
    __slots__ = ("version", "resolution", "text_count", "sampled_count", "unlabelled_count", "drift", "drift_level", "labels", "windows")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNLABELLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DRIFT_FIELD_NUMBER: _ClassVar[int]
    DRIFT_LEVEL_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    WINDOWS_FIELD_NUMBER: _ClassVar[int]
    version: str
    resolution: MonitoringResolution
    text_count: int
    sampled_count: int
    unlabelled_count: int
    drift: float
    drift_level: DriftLevel
    labels: _containers.RepeatedCompositeFieldContainer[LabelMonitoring]
    windows: _containers.RepeatedCompositeFieldContainer[MonitoringWindow]
    def __init__(self, version: _Optional[str] = ..., resolution: _Optional[_Union[MonitoringResolution, str]] = ..., text_count: _Optional[int] = ..., sampled_count: _Optional[int] = ..., unlabelled_count: _Optional[int] = ..., drift: _Optional[float] = ..., drift_level: _Optional[_Union[DriftLevel, str]] = ..., labels: _Optional[_Iterable[_Union[LabelMonitoring, _Mapping]]] = ..., windows: _Optional[_Iterable[_Union[MonitoringWindow, _Mapping]]] = ...) -> None: ...
