from pinfold.v1 import dataset_pb2 as _dataset_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExportDatasetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ExportDatasetResponse(_message.Message):
    __slots__ = ("file", "data")
    FILE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    file: ArchiveFile
    data: bytes
    def __init__(self, file: _Optional[_Union[ArchiveFile, _Mapping]] = ..., data: _Optional[bytes] = ...) -> None: ...

class ArchiveFile(_message.Message):
    __slots__ = ("sha256", "size", "summary")
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    sha256: str
    size: int
    summary: ArchiveSummary
    def __init__(self, sha256: _Optional[str] = ..., size: _Optional[int] = ..., summary: _Optional[_Union[ArchiveSummary, _Mapping]] = ...) -> None: ...

class ArchiveSummary(_message.Message):
    __slots__ = ("document_count", "annotation_count", "event_count", "version_count", "tag_count")
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    EVENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERSION_COUNT_FIELD_NUMBER: _ClassVar[int]
    TAG_COUNT_FIELD_NUMBER: _ClassVar[int]
    document_count: int
    annotation_count: int
    event_count: int
    version_count: int
    tag_count: int
    def __init__(self, document_count: _Optional[int] = ..., annotation_count: _Optional[int] = ..., event_count: _Optional[int] = ..., version_count: _Optional[int] = ..., tag_count: _Optional[int] = ...) -> None: ...

class ImportDatasetRequest(_message.Message):
    __slots__ = ("dataset_id", "source_ids", "request_id", "data")
    class SourceIdsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_IDS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    source_ids: _containers.ScalarMap[str, str]
    request_id: str
    data: bytes
    def __init__(self, dataset_id: _Optional[str] = ..., source_ids: _Optional[_Mapping[str, str]] = ..., request_id: _Optional[str] = ..., data: _Optional[bytes] = ...) -> None: ...

class ImportDatasetResponse(_message.Message):
    __slots__ = ("dataset", "summary", "run_configurations_created", "run_configurations_kept")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIGURATIONS_CREATED_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIGURATIONS_KEPT_FIELD_NUMBER: _ClassVar[int]
    dataset: _dataset_pb2.Dataset
    summary: ArchiveSummary
    run_configurations_created: _containers.RepeatedScalarFieldContainer[str]
    run_configurations_kept: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dataset: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ..., summary: _Optional[_Union[ArchiveSummary, _Mapping]] = ..., run_configurations_created: _Optional[_Iterable[str]] = ..., run_configurations_kept: _Optional[_Iterable[str]] = ...) -> None: ...
