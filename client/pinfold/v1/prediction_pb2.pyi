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

class ResponseForm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESPONSE_FORM_UNSPECIFIED: _ClassVar[ResponseForm]
    RESPONSE_FORM_FULL: _ClassVar[ResponseForm]
    RESPONSE_FORM_COMPACT: _ClassVar[ResponseForm]
THRESHOLD_POLICY_UNSPECIFIED: ThresholdPolicy
THRESHOLD_POLICY_HIGH_PRECISION: ThresholdPolicy
THRESHOLD_POLICY_BALANCED: ThresholdPolicy
THRESHOLD_POLICY_HIGH_RECALL: ThresholdPolicy
RESPONSE_FORM_UNSPECIFIED: ResponseForm
RESPONSE_FORM_FULL: ResponseForm
RESPONSE_FORM_COMPACT: ResponseForm

class LabelScore(_message.Message):
    __slots__ = ("name", "probability", "sentiment")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    SENTIMENT_FIELD_NUMBER: _ClassVar[int]
    name: str
    probability: float
    sentiment: float
    def __init__(self, name: _Optional[str] = ..., probability: _Optional[float] = ..., sentiment: _Optional[float] = ...) -> None: ...

class Prediction(_message.Message):
    __slots__ = ("labels", "truncated", "error")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[LabelScore]
    truncated: bool
    error: _failure_pb2.ItemFailure
    def __init__(self, labels: _Optional[_Iterable[_Union[LabelScore, _Mapping]]] = ..., truncated: bool = ..., error: _Optional[_Union[_failure_pb2.ItemFailure, _Mapping]] = ...) -> None: ...

class CompactPredictions(_message.Message):
    __slots__ = ("label_names", "counts", "label_indices", "probabilities", "truncated", "failures", "sentiments")
    LABEL_NAMES_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    LABEL_INDICES_FIELD_NUMBER: _ClassVar[int]
    PROBABILITIES_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    SENTIMENTS_FIELD_NUMBER: _ClassVar[int]
    label_names: _containers.RepeatedScalarFieldContainer[str]
    counts: _containers.RepeatedScalarFieldContainer[int]
    label_indices: _containers.RepeatedScalarFieldContainer[int]
    probabilities: _containers.RepeatedScalarFieldContainer[float]
    truncated: _containers.RepeatedScalarFieldContainer[int]
    failures: _containers.RepeatedCompositeFieldContainer[_failure_pb2.ItemFailure]
    sentiments: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, label_names: _Optional[_Iterable[str]] = ..., counts: _Optional[_Iterable[int]] = ..., label_indices: _Optional[_Iterable[int]] = ..., probabilities: _Optional[_Iterable[float]] = ..., truncated: _Optional[_Iterable[int]] = ..., failures: _Optional[_Iterable[_Union[_failure_pb2.ItemFailure, _Mapping]]] = ..., sentiments: _Optional[_Iterable[float]] = ...) -> None: ...
