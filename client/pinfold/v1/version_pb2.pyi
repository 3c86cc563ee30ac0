from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ValidationMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VALIDATION_MODE_UNSPECIFIED: _ClassVar[ValidationMode]
    VALIDATION_MODE_HOLDOUT: _ClassVar[ValidationMode]
    VALIDATION_MODE_K_FOLD: _ClassVar[ValidationMode]

class LabelMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LABEL_MODE_UNSPECIFIED: _ClassVar[LabelMode]
    LABEL_MODE_AUTO: _ClassVar[LabelMode]
    LABEL_MODE_MULTI_LABEL: _ClassVar[LabelMode]
    LABEL_MODE_SINGLE_LABEL: _ClassVar[LabelMode]
VALIDATION_MODE_UNSPECIFIED: ValidationMode
VALIDATION_MODE_HOLDOUT: ValidationMode
VALIDATION_MODE_K_FOLD: ValidationMode
LABEL_MODE_UNSPECIFIED: LabelMode
LABEL_MODE_AUTO: LabelMode
LABEL_MODE_MULTI_LABEL: LabelMode
LABEL_MODE_SINGLE_LABEL: LabelMode

class Metrics(_message.Message):
    __slots__ = ("validation_mode", "train_size", "test_size", "mean_average_precision", "micro_f1", "macro_f1", "accuracy", "calibration_error", "top_label_calibration_error")
    VALIDATION_MODE_FIELD_NUMBER: _ClassVar[int]
    TRAIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    TEST_SIZE_FIELD_NUMBER: _ClassVar[int]
    MEAN_AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    MICRO_F1_FIELD_NUMBER: _ClassVar[int]
    MACRO_F1_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_ERROR_FIELD_NUMBER: _ClassVar[int]
    TOP_LABEL_CALIBRATION_ERROR_FIELD_NUMBER: _ClassVar[int]
    validation_mode: ValidationMode
    train_size: int
    test_size: int
    mean_average_precision: float
    micro_f1: float
    macro_f1: float
    accuracy: float
    calibration_error: float
    top_label_calibration_error: float
    def __init__(self, validation_mode: _Optional[_Union[ValidationMode, str]] = ..., train_size: _Optional[int] = ..., test_size: _Optional[int] = ..., mean_average_precision: _Optional[float] = ..., micro_f1: _Optional[float] = ..., macro_f1: _Optional[float] = ..., accuracy: _Optional[float] = ..., calibration_error: _Optional[float] = ..., top_label_calibration_error: _Optional[float] = ...) -> None: ...

class LabelThresholds(_message.Message):
    __slots__ = ("balanced", "high_precision", "high_recall")
    BALANCED_FIELD_NUMBER: _ClassVar[int]
    HIGH_PRECISION_FIELD_NUMBER: _ClassVar[int]
    HIGH_RECALL_FIELD_NUMBER: _ClassVar[int]
    balanced: float
    high_precision: float
    high_recall: float
    def __init__(self, balanced: _Optional[float] = ..., high_precision: _Optional[float] = ..., high_recall: _Optional[float] = ...) -> None: ...

class VersionLabel(_message.Message):
    __slots__ = ("name", "train_count", "test_count", "average_precision", "precision", "recall", "f1", "thresholds")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TRAIN_COUNT_FIELD_NUMBER: _ClassVar[int]
    TEST_COUNT_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    F1_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    train_count: int
    test_count: int
    average_precision: float
    precision: float
    recall: float
    f1: float
    thresholds: LabelThresholds
    def __init__(self, name: _Optional[str] = ..., train_count: _Optional[int] = ..., test_count: _Optional[int] = ..., average_precision: _Optional[float] = ..., precision: _Optional[float] = ..., recall: _Optional[float] = ..., f1: _Optional[float] = ..., thresholds: _Optional[_Union[LabelThresholds, _Mapping]] = ...) -> None: ...

class ModelFile(_message.Message):
    __slots__ = ("sha256", "size", "feature_count")
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    FEATURE_COUNT_FIELD_NUMBER: _ClassVar[int]
    sha256: str
    size: int
    feature_count: int
    def __init__(self, sha256: _Optional[str] = ..., size: _Optional[int] = ..., feature_count: _Optional[int] = ...) -> None: ...

class Version(_message.Message):
    __slots__ = ("name", "number", "run", "pinned", "pin_time", "available", "tags", "revision", "metrics", "file", "labels", "label_count", "create_time", "train_seconds", "label_mode", "pin_note")
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    PIN_TIME_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    TAGS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    TRAIN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    LABEL_MODE_FIELD_NUMBER: _ClassVar[int]
    PIN_NOTE_FIELD_NUMBER: _ClassVar[int]
    name: str
    number: int
    run: str
    pinned: bool
    pin_time: _timestamp_pb2.Timestamp
    available: bool
    tags: _containers.RepeatedScalarFieldContainer[str]
    revision: int
    metrics: Metrics
    file: ModelFile
    labels: _containers.RepeatedCompositeFieldContainer[VersionLabel]
    label_count: int
    create_time: _timestamp_pb2.Timestamp
    train_seconds: float
    label_mode: LabelMode
    pin_note: str
    def __init__(self, name: _Optional[str] = ..., number: _Optional[int] = ..., run: _Optional[str] = ..., pinned: bool = ..., pin_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., available: bool = ..., tags: _Optional[_Iterable[str]] = ..., revision: _Optional[int] = ..., metrics: _Optional[_Union[Metrics, _Mapping]] = ..., file: _Optional[_Union[ModelFile, _Mapping]] = ..., labels: _Optional[_Iterable[_Union[VersionLabel, _Mapping]]] = ..., label_count: _Optional[int] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., train_seconds: _Optional[float] = ..., label_mode: _Optional[_Union[LabelMode, str]] = ..., pin_note: _Optional[str] = ...) -> None: ...
