from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import annotation_pb2 as _annotation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AnnotationCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANNOTATION_CAUSE_UNSPECIFIED: _ClassVar[AnnotationCause]
    ANNOTATION_CAUSE_ANNOTATED: _ClassVar[AnnotationCause]
    ANNOTATION_CAUSE_UPLOADED: _ClassVar[AnnotationCause]
    ANNOTATION_CAUSE_DOCUMENT_DELETED: _ClassVar[AnnotationCause]
    ANNOTATION_CAUSE_LABELS_CHANGED: _ClassVar[AnnotationCause]
    ANNOTATION_CAUSE_RESTORED: _ClassVar[AnnotationCause]
    ANNOTATION_CAUSE_EARLIER: _ClassVar[AnnotationCause]
ANNOTATION_CAUSE_UNSPECIFIED: AnnotationCause
ANNOTATION_CAUSE_ANNOTATED: AnnotationCause
ANNOTATION_CAUSE_UPLOADED: AnnotationCause
ANNOTATION_CAUSE_DOCUMENT_DELETED: AnnotationCause
ANNOTATION_CAUSE_LABELS_CHANGED: AnnotationCause
ANNOTATION_CAUSE_RESTORED: AnnotationCause
ANNOTATION_CAUSE_EARLIER: AnnotationCause

class AnnotationEvent(_message.Message):
    __slots__ = ("revision", "time", "annotator", "retrieval_mode", "cause", "assigned", "dismissed", "reviewed", "newly_assigned", "no_longer_assigned", "newly_dismissed", "no_longer_dismissed", "actor", "sentiments")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ANNOTATOR_FIELD_NUMBER: _ClassVar[int]
    RETRIEVAL_MODE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    DISMISSED_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    NEWLY_ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    NO_LONGER_ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    NEWLY_DISMISSED_FIELD_NUMBER: _ClassVar[int]
    NO_LONGER_DISMISSED_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    SENTIMENTS_FIELD_NUMBER: _ClassVar[int]
    revision: int
    time: _timestamp_pb2.Timestamp
    annotator: str
    retrieval_mode: _annotation_pb2.RetrievalMode
    cause: AnnotationCause
    assigned: _containers.RepeatedScalarFieldContainer[str]
    dismissed: _containers.RepeatedScalarFieldContainer[str]
    reviewed: bool
    newly_assigned: _containers.RepeatedScalarFieldContainer[str]
    no_longer_assigned: _containers.RepeatedScalarFieldContainer[str]
    newly_dismissed: _containers.RepeatedScalarFieldContainer[str]
    no_longer_dismissed: _containers.RepeatedScalarFieldContainer[str]
    actor: str
    sentiments: _containers.RepeatedScalarFieldContainer[_annotation_pb2.Sentiment]
    def __init__(self, revision: _Optional[int] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., annotator: _Optional[str] = ..., retrieval_mode: _Optional[_Union[_annotation_pb2.RetrievalMode, str]] = ..., cause: _Optional[_Union[AnnotationCause, str]] = ..., assigned: _Optional[_Iterable[str]] = ..., dismissed: _Optional[_Iterable[str]] = ..., reviewed: bool = ..., newly_assigned: _Optional[_Iterable[str]] = ..., no_longer_assigned: _Optional[_Iterable[str]] = ..., newly_dismissed: _Optional[_Iterable[str]] = ..., no_longer_dismissed: _Optional[_Iterable[str]] = ..., actor: _Optional[str] = ..., sentiments: _Optional[_Iterable[_Union[_annotation_pb2.Sentiment, str]]] = ...) -> None: ...

class ListAnnotationHistoryRequest(_message.Message):
    __slots__ = ("dataset", "document", "page_size", "page_token")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    document: str
    page_size: int
    page_token: str
    def __init__(self, dataset: _Optional[str] = ..., document: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAnnotationHistoryResponse(_message.Message):
    __slots__ = ("events", "next_page_token")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[AnnotationEvent]
    next_page_token: str
    def __init__(self, events: _Optional[_Iterable[_Union[AnnotationEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
