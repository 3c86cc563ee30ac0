from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class RestoreDatasetRequest(_message.Message):
    __slots__ = ("dataset", "version", "revision", "current_revision", "actor", "request_id", "skip_pin")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CURRENT_REVISION_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SKIP_PIN_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    version: str
    revision: int
    current_revision: int
    actor: str
    request_id: str
    skip_pin: bool
    def __init__(self, dataset: _Optional[str] = ..., version: _Optional[str] = ..., revision: _Optional[int] = ..., current_revision: _Optional[int] = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ..., skip_pin: bool = ...) -> None: ...

class RestoreDatasetResponse(_message.Message):
    __slots__ = ("restored_revision", "previous_revision", "revision", "annotation_count", "label_count", "missing_count", "missing", "kept_version", "kept_version_revision", "pinned")
    RESTORED_REVISION_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_REVISION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    KEPT_VERSION_FIELD_NUMBER: _ClassVar[int]
    KEPT_VERSION_REVISION_FIELD_NUMBER: _ClassVar[int]
    PINNED_FIELD_NUMBER: _ClassVar[int]
    restored_revision: int
    previous_revision: int
    revision: int
    annotation_count: int
    label_count: int
    missing_count: int
    missing: _containers.RepeatedScalarFieldContainer[str]
    kept_version: str
    kept_version_revision: int
    pinned: bool
    def __init__(self, restored_revision: _Optional[int] = ..., previous_revision: _Optional[int] = ..., revision: _Optional[int] = ..., annotation_count: _Optional[int] = ..., label_count: _Optional[int] = ..., missing_count: _Optional[int] = ..., missing: _Optional[_Iterable[str]] = ..., kept_version: _Optional[str] = ..., kept_version_revision: _Optional[int] = ..., pinned: bool = ...) -> None: ...
