from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Label(_message.Message):
    __slots__ = ("name", "description", "assigned_count", "dismissed_count", "external_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DISMISSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    assigned_count: int
    dismissed_count: int
    external_id: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., assigned_count: _Optional[int] = ..., dismissed_count: _Optional[int] = ..., external_id: _Optional[str] = ...) -> None: ...
