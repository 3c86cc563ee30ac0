from pinfold.v1 import failure_pb2 as _failure_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ThresholdPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    THRESHOLD_POLICY_UNSPECIFIED: _ClassVar[ThresholdPolicy]
    THRESHOLD_POLICY_HIGH_PRECISION: _ClassVar[ThresholdPolicy]
    THRESHOLD_POLICY_BALANCED: _ClassVar[ThresholdPolicy]
    THRESHOLD_POLICY_HIGH_RECALL: _ClassVar[ThresholdPolicy]
THRESHOLD_POLICY_UNSPECIFIED: ThresholdPolicy
THRESHOLD_POLICY_HIGH_PRECISION: ThresholdPolicy
THRESHOLD_POLICY_BALANCED: ThresholdPolicy
THRESHOLD_POLICY_HIGH_RECALL: ThresholdPolicy

class LabelScore(_message.Message):
    __slots__ = ("name", "probability")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    name: str
    probability: float
    def __init__(self, name: _Optional[str] = ..., probability: _Optional[float] = ...) -> None: ...

class Prediction(_message.Message):
    __slots__ = ("labels", "truncated", "error")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[LabelScore]
    truncated: bool
    error: _failure_pb2.ItemFailure
    def __init__(self, labels: _Optional[_Iterable[_Union[LabelScore, _Mapping]]] = ..., truncated: bool = ..., error: _Optional[_Union[_failure_pb2.ItemFailure, _Mapping]] = ...) -> None: ...
