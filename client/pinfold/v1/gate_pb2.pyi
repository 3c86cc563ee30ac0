from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GateCondition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GATE_CONDITION_UNSPECIFIED: _ClassVar[GateCondition]
    GATE_CONDITION_SAME_SPLIT: _ClassVar[GateCondition]
    GATE_CONDITION_F1_DROP: _ClassVar[GateCondition]
    GATE_CONDITION_MEAN_AVERAGE_PRECISION_DROP: _ClassVar[GateCondition]
    GATE_CONDITION_MEAN_AVERAGE_PRECISION: _ClassVar[GateCondition]
    GATE_CONDITION_RATING: _ClassVar[GateCondition]
GATE_CONDITION_UNSPECIFIED: GateCondition
GATE_CONDITION_SAME_SPLIT: GateCondition
GATE_CONDITION_F1_DROP: GateCondition
GATE_CONDITION_MEAN_AVERAGE_PRECISION_DROP: GateCondition
GATE_CONDITION_MEAN_AVERAGE_PRECISION: GateCondition
GATE_CONDITION_RATING: GateCondition

class Gate(_message.Message):
    __slots__ = ("max_f1_drop", "min_examples", "only_significant", "max_mean_average_precision_drop", "min_mean_average_precision", "min_rating", "same_split")
    MAX_F1_DROP_FIELD_NUMBER: _ClassVar[int]
    MIN_EXAMPLES_FIELD_NUMBER: _ClassVar[int]
    ONLY_SIGNIFICANT_FIELD_NUMBER: _ClassVar[int]
    MAX_MEAN_AVERAGE_PRECISION_DROP_FIELD_NUMBER: _ClassVar[int]
    MIN_MEAN_AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    MIN_RATING_FIELD_NUMBER: _ClassVar[int]
    SAME_SPLIT_FIELD_NUMBER: _ClassVar[int]
    max_f1_drop: float
    min_examples: int
    only_significant: bool
    max_mean_average_precision_drop: float
    min_mean_average_precision: float
    min_rating: float
    same_split: bool
    def __init__(self, max_f1_drop: _Optional[float] = ..., min_examples: _Optional[int] = ..., only_significant: bool = ..., max_mean_average_precision_drop: _Optional[float] = ..., min_mean_average_precision: _Optional[float] = ..., min_rating: _Optional[float] = ..., same_split: bool = ...) -> None: ...

class GateCheck(_message.Message):
    __slots__ = ("condition", "passed", "measured", "bound", "label", "description")
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    BOUND_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    condition: GateCondition
    passed: bool
    measured: float
    bound: float
    label: str
    description: str
    def __init__(self, condition: _Optional[_Union[GateCondition, str]] = ..., passed: bool = ..., measured: _Optional[float] = ..., bound: _Optional[float] = ..., label: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class GateReport(_message.Message):
    __slots__ = ("base_version", "candidate_version", "passed", "checks")
    BASE_VERSION_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_VERSION_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    base_version: int
    candidate_version: int
    passed: bool
    checks: _containers.RepeatedCompositeFieldContainer[GateCheck]
    def __init__(self, base_version: _Optional[int] = ..., candidate_version: _Optional[int] = ..., passed: bool = ..., checks: _Optional[_Iterable[_Union[GateCheck, _Mapping]]] = ...) -> None: ...

class SetGateRequest(_message.Message):
    __slots__ = ("tag", "gate", "actor", "request_id")
    TAG_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    tag: str
    gate: Gate
    actor: str
    request_id: str
    def __init__(self, tag: _Optional[str] = ..., gate: _Optional[_Union[Gate, _Mapping]] = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetGateRequest(_message.Message):
    __slots__ = ("tag",)
    TAG_FIELD_NUMBER: _ClassVar[int]
    tag: str
    def __init__(self, tag: _Optional[str] = ...) -> None: ...

class DeleteGateRequest(_message.Message):
    __slots__ = ("tag", "actor", "request_id")
    TAG_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    tag: str
    actor: str
    request_id: str
    def __init__(self, tag: _Optional[str] = ..., actor: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CheckGateRequest(_message.Message):
    __slots__ = ("tag", "version", "gate")
    TAG_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    GATE_FIELD_NUMBER: _ClassVar[int]
    tag: str
    version: str
    gate: Gate
    def __init__(self, tag: _Optional[str] = ..., version: _Optional[str] = ..., gate: _Optional[_Union[Gate, _Mapping]] = ...) -> None: ...
