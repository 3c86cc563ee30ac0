from pinfold.v1 import failure_pb2 as _failure_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Split(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SPLIT_UNSPECIFIED: _ClassVar[Split]
    SPLIT_TRAIN: _ClassVar[Split]
    SPLIT_VALIDATION: _ClassVar[Split]
    SPLIT_TEST: _ClassVar[Split]
    SPLIT_UNASSIGNED: _ClassVar[Split]
SPLIT_UNSPECIFIED: Split
SPLIT_TRAIN: Split
SPLIT_VALIDATION: Split
SPLIT_TEST: Split
SPLIT_UNASSIGNED: Split

class DocumentSplit(_message.Message):
    __slots__ = ("document", "split")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    SPLIT_FIELD_NUMBER: _ClassVar[int]
    document: str
    split: Split
    def __init__(self, document: _Optional[str] = ..., split: _Optional[_Union[Split, str]] = ...) -> None: ...

class SetSplitsRequest(_message.Message):
    __slots__ = ("dataset", "splits", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    SPLITS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    splits: _containers.RepeatedCompositeFieldContainer[DocumentSplit]
    request_id: str
    def __init__(self, dataset: _Optional[str] = ..., splits: _Optional[_Iterable[_Union[DocumentSplit, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class SetSplitsResponse(_message.Message):
    __slots__ = ("changed_count", "unchanged_count", "failed_count", "failures", "revision")
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    changed_count: int
    unchanged_count: int
    failed_count: int
    failures: _containers.RepeatedCompositeFieldContainer[_failure_pb2.ItemFailure]
    revision: int
    def __init__(self, changed_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[_failure_pb2.ItemFailure, _Mapping]]] = ..., revision: _Optional[int] = ...) -> None: ...

class ListSplitsRequest(_message.Message):
    __slots__ = ("dataset", "page_size", "page_token")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    page_size: int
    page_token: str
    def __init__(self, dataset: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSplitsResponse(_message.Message):
    __slots__ = ("splits", "next_page_token")
    SPLITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    splits: _containers.RepeatedCompositeFieldContainer[DocumentSplit]
    next_page_token: str
    def __init__(self, splits: _Optional[_Iterable[_Union[DocumentSplit, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
