from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import run_pb2 as _run_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RunMetric(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RUN_METRIC_UNSPECIFIED: _ClassVar[RunMetric]
    RUN_METRIC_MICRO_F1: _ClassVar[RunMetric]
    RUN_METRIC_MACRO_F1: _ClassVar[RunMetric]
    RUN_METRIC_MEAN_AVERAGE_PRECISION: _ClassVar[RunMetric]
    RUN_METRIC_ACCURACY: _ClassVar[RunMetric]
    RUN_METRIC_CALIBRATION_ERROR: _ClassVar[RunMetric]
RUN_METRIC_UNSPECIFIED: RunMetric
RUN_METRIC_MICRO_F1: RunMetric
RUN_METRIC_MACRO_F1: RunMetric
RUN_METRIC_MEAN_AVERAGE_PRECISION: RunMetric
RUN_METRIC_ACCURACY: RunMetric
RUN_METRIC_CALIBRATION_ERROR: RunMetric

class Experiment(_message.Message):
    __slots__ = ("name", "title", "description", "metric", "run_count", "queued_count", "running_count", "succeeded_count", "failed_count", "cancelled_count", "fraction", "best_run", "best_version", "best_score", "create_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    RUN_COUNT_FIELD_NUMBER: _ClassVar[int]
    QUEUED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RUNNING_COUNT_FIELD_NUMBER: _ClassVar[int]
    SUCCEEDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    BEST_RUN_FIELD_NUMBER: _ClassVar[int]
    BEST_VERSION_FIELD_NUMBER: _ClassVar[int]
    BEST_SCORE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    description: str
    metric: RunMetric
    run_count: int
    queued_count: int
    running_count: int
    succeeded_count: int
    failed_count: int
    cancelled_count: int
    fraction: float
    best_run: str
    best_version: int
    best_score: float
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., metric: _Optional[_Union[RunMetric, str]] = ..., run_count: _Optional[int] = ..., queued_count: _Optional[int] = ..., running_count: _Optional[int] = ..., succeeded_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., cancelled_count: _Optional[int] = ..., fraction: _Optional[float] = ..., best_run: _Optional[str] = ..., best_version: _Optional[int] = ..., best_score: _Optional[float] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SweepAxis(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedCompositeFieldContainer[_run_pb2.RunConfig]
    def __init__(self, values: _Optional[_Iterable[_Union[_run_pb2.RunConfig, _Mapping]]] = ...) -> None: ...

class CreateSweepRequest(_message.Message):
    __slots__ = ("dataset", "experiment_id", "title", "description", "metric", "configs", "base", "axes", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    EXPERIMENT_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    METRIC_FIELD_NUMBER: _ClassVar[int]
    CONFIGS_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    AXES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    experiment_id: str
    title: str
    description: str
    metric: RunMetric
    configs: _containers.RepeatedCompositeFieldContainer[_run_pb2.RunConfig]
    base: _run_pb2.RunConfig
    axes: _containers.RepeatedCompositeFieldContainer[SweepAxis]
    request_id: str
    def __init__(self, dataset: _Optional[str] = ..., experiment_id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., metric: _Optional[_Union[RunMetric, str]] = ..., configs: _Optional[_Iterable[_Union[_run_pb2.RunConfig, _Mapping]]] = ..., base: _Optional[_Union[_run_pb2.RunConfig, _Mapping]] = ..., axes: _Optional[_Iterable[_Union[SweepAxis, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetExperimentRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListExperimentsRequest(_message.Message):
    __slots__ = ("dataset", "page_size", "page_token")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    page_size: int
    page_token: str
    def __init__(self, dataset: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListExperimentsResponse(_message.Message):
    __slots__ = ("experiments", "next_page_token")
    EXPERIMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    experiments: _containers.RepeatedCompositeFieldContainer[Experiment]
    next_page_token: str
    def __init__(self, experiments: _Optional[_Iterable[_Union[Experiment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CancelExperimentRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class UpdateRunRequest(_message.Message):
    __slots__ = ("run", "update_mask", "request_id")
    RUN_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    run: _run_pb2.Run
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, run: _Optional[_Union[_run_pb2.Run, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteRunRequest(_message.Message):
    __slots__ = ("name", "confirmation_token", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    confirmation_token: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., confirmation_token: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteRunResponse(_message.Message):
    __slots__ = ("deleted", "confirmation_token", "consequences", "version")
    DELETED_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSEQUENCES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    deleted: bool
    confirmation_token: str
    consequences: str
    version: int
    def __init__(self, deleted: bool = ..., confirmation_token: _Optional[str] = ..., consequences: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...
