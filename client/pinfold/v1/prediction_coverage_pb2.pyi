from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class PredictionCoverage(_message.Message):
    __slots__ = ("version", "unscored_count")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    UNSCORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    version: int
    unscored_count: int
    def __init__(self, version: _Optional[int] = ..., unscored_count: _Optional[int] = ...) -> None: ...
