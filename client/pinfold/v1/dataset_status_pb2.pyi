from google.protobuf import duration_pb2 as _duration_pb2
from pinfold.v1 import dataset_pb2 as _dataset_pb2
from pinfold.v1 import run_pb2 as _run_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DatasetStatus(_message.Message):
    __slots__ = ("dataset", "revision", "latest_version", "trained_revision", "changes_behind", "document_count", "annotated_count", "reviewed_count", "label_count", "active_runs", "scoring", "auto_training")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    LATEST_VERSION_FIELD_NUMBER: _ClassVar[int]
    TRAINED_REVISION_FIELD_NUMBER: _ClassVar[int]
    CHANGES_BEHIND_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_RUNS_FIELD_NUMBER: _ClassVar[int]
    SCORING_FIELD_NUMBER: _ClassVar[int]
    AUTO_TRAINING_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    revision: int
    latest_version: int
    trained_revision: int
    changes_behind: int
    document_count: int
    annotated_count: int
    reviewed_count: int
    label_count: int
    active_runs: _containers.RepeatedCompositeFieldContainer[_run_pb2.Run]
    scoring: ScoringStatus
    auto_training: _dataset_pb2.AutoTraining
    def __init__(self, dataset: _Optional[str] = ..., revision: _Optional[int] = ..., latest_version: _Optional[int] = ..., trained_revision: _Optional[int] = ..., changes_behind: _Optional[int] = ..., document_count: _Optional[int] = ..., annotated_count: _Optional[int] = ..., reviewed_count: _Optional[int] = ..., label_count: _Optional[int] = ..., active_runs: _Optional[_Iterable[_Union[_run_pb2.Run, _Mapping]]] = ..., scoring: _Optional[_Union[ScoringStatus, _Mapping]] = ..., auto_training: _Optional[_Union[_dataset_pb2.AutoTraining, _Mapping]] = ...) -> None: ...

class ScoringStatus(_message.Message):
    __slots__ = ("version", "complete", "scored_count", "document_count", "ranking_version")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    SCORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    RANKING_VERSION_FIELD_NUMBER: _ClassVar[int]
    version: int
    complete: bool
    scored_count: int
    document_count: int
    ranking_version: int
    def __init__(self, version: _Optional[int] = ..., complete: bool = ..., scored_count: _Optional[int] = ..., document_count: _Optional[int] = ..., ranking_version: _Optional[int] = ...) -> None: ...

class GetDatasetStatusRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class WatchDatasetRequest(_message.Message):
    __slots__ = ("name", "heartbeat")
    NAME_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    name: str
    heartbeat: _duration_pb2.Duration
    def __init__(self, name: _Optional[str] = ..., heartbeat: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...
