from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import label_pb2 as _label_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LabelEventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LABEL_EVENT_KIND_UNSPECIFIED: _ClassVar[LabelEventKind]
    LABEL_EVENT_KIND_CREATED: _ClassVar[LabelEventKind]
    LABEL_EVENT_KIND_RENAMED: _ClassVar[LabelEventKind]
    LABEL_EVENT_KIND_MERGED: _ClassVar[LabelEventKind]
    LABEL_EVENT_KIND_DELETED: _ClassVar[LabelEventKind]
LABEL_EVENT_KIND_UNSPECIFIED: LabelEventKind
LABEL_EVENT_KIND_CREATED: LabelEventKind
LABEL_EVENT_KIND_RENAMED: LabelEventKind
LABEL_EVENT_KIND_MERGED: LabelEventKind
LABEL_EVENT_KIND_DELETED: LabelEventKind

class LabelEvent(_message.Message):
    __slots__ = ("kind", "from_label", "to_label", "time", "actor", "revision")
    KIND_FIELD_NUMBER: _ClassVar[int]
    FROM_LABEL_FIELD_NUMBER: _ClassVar[int]
    TO_LABEL_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    kind: LabelEventKind
    from_label: str
    to_label: str
    time: _timestamp_pb2.Timestamp
    actor: str
    revision: int
    def __init__(self, kind: _Optional[_Union[LabelEventKind, str]] = ..., from_label: _Optional[str] = ..., to_label: _Optional[str] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class RenameLabelRequest(_message.Message):
    __slots__ = ("dataset", "label", "new_label", "actor", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    NEW_LABEL_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    label: str
    new_label: str
    actor: str
    request_id: str
    def __init__(self, dataset: _Optional[str] = ..., label: _Optional[str] = ..., new_label: _Optional[str] = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class RenameLabelResponse(_message.Message):
    __slots__ = ("label", "renamed_count", "merged_count", "annotation_count", "revision")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    RENAMED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MERGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    label: _label_pb2.Label
    renamed_count: int
    merged_count: int
    annotation_count: int
    revision: int
    def __init__(self, label: _Optional[_Union[_label_pb2.Label, _Mapping]] = ..., renamed_count: _Optional[int] = ..., merged_count: _Optional[int] = ..., annotation_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class DeleteLabelRequest(_message.Message):
    __slots__ = ("dataset", "label", "move_to", "force", "actor", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    MOVE_TO_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    label: str
    move_to: str
    force: bool
    actor: str
    request_id: str
    def __init__(self, dataset: _Optional[str] = ..., label: _Optional[str] = ..., move_to: _Optional[str] = ..., force: bool = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteLabelResponse(_message.Message):
    __slots__ = ("deleted_count", "annotation_count", "revision")
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    annotation_count: int
    revision: int
    def __init__(self, deleted_count: _Optional[int] = ..., annotation_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class CopyTaxonomyRequest(_message.Message):
    __slots__ = ("dataset", "from_dataset", "annotations", "actor", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    FROM_DATASET_FIELD_NUMBER: _ClassVar[int]
    ANNOTATIONS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    from_dataset: str
    annotations: bool
    actor: str
    request_id: str
    def __init__(self, dataset: _Optional[str] = ..., from_dataset: _Optional[str] = ..., annotations: bool = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CopyTaxonomyResponse(_message.Message):
    __slots__ = ("created_count", "annotation_count", "kept_count", "revision")
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    KEPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    created_count: int
    annotation_count: int
    kept_count: int
    revision: int
    def __init__(self, created_count: _Optional[int] = ..., annotation_count: _Optional[int] = ..., kept_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class ListLabelHistoryRequest(_message.Message):
    __slots__ = ("dataset", "label", "page_size", "page_token")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    label: str
    page_size: int
    page_token: str
    def __init__(self, dataset: _Optional[str] = ..., label: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListLabelHistoryResponse(_message.Message):
    __slots__ = ("events", "next_page_token")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[LabelEvent]
    next_page_token: str
    def __init__(self, events: _Optional[_Iterable[_Union[LabelEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
