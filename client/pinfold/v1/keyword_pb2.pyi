from pinfold.v1 import explanation_pb2 as _explanation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Keyword(_message.Message):
    __slots__ = ("feature", "kind", "weight", "document_count")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    feature: str
    kind: _explanation_pb2.FeatureKind
    weight: float
    document_count: int
    def __init__(self, feature: _Optional[str] = ..., kind: _Optional[_Union[_explanation_pb2.FeatureKind, str]] = ..., weight: _Optional[float] = ..., document_count: _Optional[int] = ...) -> None: ...

class LabelKeywords(_message.Message):
    __slots__ = ("label", "positive", "negative")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_FIELD_NUMBER: _ClassVar[int]
    label: str
    positive: _containers.RepeatedCompositeFieldContainer[Keyword]
    negative: _containers.RepeatedCompositeFieldContainer[Keyword]
    def __init__(self, label: _Optional[str] = ..., positive: _Optional[_Iterable[_Union[Keyword, _Mapping]]] = ..., negative: _Optional[_Iterable[_Union[Keyword, _Mapping]]] = ...) -> None: ...

class ListKeywordsRequest(_message.Message):
    __slots__ = ("parent", "labels", "max_keywords", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    MAX_KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    max_keywords: int
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., max_keywords: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListKeywordsResponse(_message.Message):
    __slots__ = ("labels", "version", "next_page_token")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[LabelKeywords]
    version: int
    next_page_token: str
    def __init__(self, labels: _Optional[_Iterable[_Union[LabelKeywords, _Mapping]]] = ..., version: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...
