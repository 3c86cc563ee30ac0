from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import gate_pb2 as _gate_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Tag(_message.Message):
    __slots__ = ("name", "version", "previous_version", "update_time", "actor", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: int
    previous_version: int
    update_time: _timestamp_pb2.Timestamp
    actor: str
    etag: str
    def __init__(self, name: _Optional[str] = ..., version: _Optional[int] = ..., previous_version: _Optional[int] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., etag: _Optional[str] = ...) -> None: ...

class TagEvent(_message.Message):
    __slots__ = ("tag", "kind", "from_version", "to_version", "time", "actor", "gate", "forced", "reason")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[TagEvent.Kind]
        KIND_SET: _ClassVar[TagEvent.Kind]
        KIND_PROMOTE: _ClassVar[TagEvent.Kind]
        KIND_ROLLBACK: _ClassVar[TagEvent.Kind]
        KIND_CLEAR: _ClassVar[TagEvent.Kind]
        KIND_SHADOW: _ClassVar[TagEvent.Kind]
        KIND_SHADOW_END: _ClassVar[TagEvent.Kind]
        KIND_GATE: _ClassVar[TagEvent.Kind]
        KIND_GATE_END: _ClassVar[TagEvent.Kind]
    KIND_UNSPECIFIED: TagEvent.Kind
    KIND_SET: TagEvent.Kind
    KIND_PROMOTE: TagEvent.Kind
    KIND_ROLLBACK: TagEvent.Kind
    KIND_CLEAR: TagEvent.Kind
    KIND_SHADOW: TagEvent.Kind
    KIND_SHADOW_END: TagEvent.Kind
    KIND_GATE: TagEvent.Kind
    KIND_GATE_END: TagEvent.Kind
    TAG_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FROM_VERSION_FIELD_NUMBER: _ClassVar[int]
    TO_VERSION_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    FORCED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    tag: str
    kind: TagEvent.Kind
    from_version: int
    to_version: int
    time: _timestamp_pb2.Timestamp
    actor: str
    gate: _gate_pb2.GateReport
    forced: bool
    reason: str
    def __init__(self, tag: _Optional[str] = ..., kind: _Optional[_Union[TagEvent.Kind, str]] = ..., from_version: _Optional[int] = ..., to_version: _Optional[int] = ..., time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., gate: _Optional[_Union[_gate_pb2.GateReport, _Mapping]] = ..., forced: bool = ..., reason: _Optional[str] = ...) -> None: ...
