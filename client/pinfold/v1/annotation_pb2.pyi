from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RetrievalMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RETRIEVAL_MODE_UNSPECIFIED: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_UPLOAD: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_RECENT: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_SHUFFLE: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_LABEL: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_TEACH: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_LOW_CONFIDENCE: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_CHECK: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_MISSED: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_REBALANCE: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_SEARCH: _ClassVar[RetrievalMode]
    RETRIEVAL_MODE_CLUSTERS: _ClassVar[RetrievalMode]

class Sentiment(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SENTIMENT_UNSPECIFIED: _ClassVar[Sentiment]
    SENTIMENT_POSITIVE: _ClassVar[Sentiment]
    SENTIMENT_NEGATIVE: _ClassVar[Sentiment]
RETRIEVAL_MODE_UNSPECIFIED: RetrievalMode
RETRIEVAL_MODE_UPLOAD: RetrievalMode
RETRIEVAL_MODE_RECENT: RetrievalMode
RETRIEVAL_MODE_SHUFFLE: RetrievalMode
RETRIEVAL_MODE_LABEL: RetrievalMode
RETRIEVAL_MODE_TEACH: RetrievalMode
RETRIEVAL_MODE_LOW_CONFIDENCE: RetrievalMode
RETRIEVAL_MODE_CHECK: RetrievalMode
RETRIEVAL_MODE_MISSED: RetrievalMode
RETRIEVAL_MODE_REBALANCE: RetrievalMode
RETRIEVAL_MODE_SEARCH: RetrievalMode
RETRIEVAL_MODE_CLUSTERS: RetrievalMode
SENTIMENT_UNSPECIFIED: Sentiment
SENTIMENT_POSITIVE: Sentiment
SENTIMENT_NEGATIVE: Sentiment

class LabelSet(_message.Message):
    __slots__ = ("labels", "sentiments")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    SENTIMENTS_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedScalarFieldContainer[str]
    sentiments: _containers.RepeatedScalarFieldContainer[Sentiment]
    def __init__(self, labels: _Optional[_Iterable[str]] = ..., sentiments: _Optional[_Iterable[_Union[Sentiment, str]]] = ...) -> None: ...

class Annotation(_message.Message):
    __slots__ = ("document", "assigned", "dismissed", "reviewed", "annotator", "retrieval_mode", "update_time", "revision", "etag", "sentiments")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    DISMISSED_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    ANNOTATOR_FIELD_NUMBER: _ClassVar[int]
    RETRIEVAL_MODE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    SENTIMENTS_FIELD_NUMBER: _ClassVar[int]
    document: str
    assigned: _containers.RepeatedScalarFieldContainer[str]
    dismissed: _containers.RepeatedScalarFieldContainer[str]
    reviewed: bool
    annotator: str
    retrieval_mode: RetrievalMode
    update_time: _timestamp_pb2.Timestamp
    revision: int
    etag: str
    sentiments: _containers.RepeatedScalarFieldContainer[Sentiment]
    def __init__(self, document: _Optional[str] = ..., assigned: _Optional[_Iterable[str]] = ..., dismissed: _Optional[_Iterable[str]] = ..., reviewed: bool = ..., annotator: _Optional[str] = ..., retrieval_mode: _Optional[_Union[RetrievalMode, str]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., revision: _Optional[int] = ..., etag: _Optional[str] = ..., sentiments: _Optional[_Iterable[_Union[Sentiment, str]]] = ...) -> None: ...
