from pinfold_server.store import storage_pb2 as _storage_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ArchiveRecord(_message.Message):
    __slots__ = ("header", "block", "end")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    BLOCK_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    header: ArchiveHeader
    block: ArchiveBlock
    end: ArchiveEnd
    def __init__(self, header: _Optional[_Union[ArchiveHeader, _Mapping]] = ..., block: _Optional[_Union[ArchiveBlock, _Mapping]] = ..., end: _Optional[_Union[ArchiveEnd, _Mapping]] = ...) -> None: ...

class ArchiveHeader(_message.Message):
    __slots__ = ("dataset", "sources", "run_configurations")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    RUN_CONFIGURATIONS_FIELD_NUMBER: _ClassVar[int]
    dataset: _storage_pb2.DatasetRecord
    sources: _containers.RepeatedCompositeFieldContainer[_storage_pb2.SourceRecord]
    run_configurations: _containers.RepeatedCompositeFieldContainer[_storage_pb2.RunConfigurationRecord]
    def __init__(self, dataset: _Optional[_Union[_storage_pb2.DatasetRecord, _Mapping]] = ..., sources: _Optional[_Iterable[_Union[_storage_pb2.SourceRecord, _Mapping]]] = ..., run_configurations: _Optional[_Iterable[_Union[_storage_pb2.RunConfigurationRecord, _Mapping]]] = ...) -> None: ...

class ArchiveBlock(_message.Message):
    __slots__ = ("kind", "source", "keys", "values")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    KEYS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    kind: int
    source: int
    keys: _containers.RepeatedScalarFieldContainer[bytes]
    values: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, kind: _Optional[int] = ..., source: _Optional[int] = ..., keys: _Optional[_Iterable[bytes]] = ..., values: _Optional[_Iterable[bytes]] = ...) -> None: ...

class ArchiveEnd(_message.Message):
    __slots__ = ("counts",)
    class CountsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: int
        value: int
        def __init__(self, key: _Optional[int] = ..., value: _Optional[int] = ...) -> None: ...
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    counts: _containers.ScalarMap[int, int]
    def __init__(self, counts: _Optional[_Mapping[int, int]] = ...) -> None: ...
