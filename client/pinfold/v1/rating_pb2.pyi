from pinfold.v1 import annotation_pb2 as _annotation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RatingGrade(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RATING_GRADE_UNSPECIFIED: _ClassVar[RatingGrade]
    RATING_GRADE_NONE: _ClassVar[RatingGrade]
    RATING_GRADE_POOR: _ClassVar[RatingGrade]
    RATING_GRADE_AVERAGE: _ClassVar[RatingGrade]
    RATING_GRADE_GOOD: _ClassVar[RatingGrade]
    RATING_GRADE_EXCELLENT: _ClassVar[RatingGrade]

class RatingFactorKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RATING_FACTOR_KIND_UNSPECIFIED: _ClassVar[RatingFactorKind]
    RATING_FACTOR_KIND_ALL_LABELS: _ClassVar[RatingFactorKind]
    RATING_FACTOR_KIND_UNDERPERFORMING_LABELS: _ClassVar[RatingFactorKind]
    RATING_FACTOR_KIND_COVERAGE: _ClassVar[RatingFactorKind]
    RATING_FACTOR_KIND_BALANCE: _ClassVar[RatingFactorKind]
RATING_GRADE_UNSPECIFIED: RatingGrade
RATING_GRADE_NONE: RatingGrade
RATING_GRADE_POOR: RatingGrade
RATING_GRADE_AVERAGE: RatingGrade
RATING_GRADE_GOOD: RatingGrade
RATING_GRADE_EXCELLENT: RatingGrade
RATING_FACTOR_KIND_UNSPECIFIED: RatingFactorKind
RATING_FACTOR_KIND_ALL_LABELS: RatingFactorKind
RATING_FACTOR_KIND_UNDERPERFORMING_LABELS: RatingFactorKind
RATING_FACTOR_KIND_COVERAGE: RatingFactorKind
RATING_FACTOR_KIND_BALANCE: RatingFactorKind

class GetModelRatingRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ModelRating(_message.Message):
    __slots__ = ("version", "score", "grade", "needs_refinement", "factors", "actions")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    NEEDS_REFINEMENT_FIELD_NUMBER: _ClassVar[int]
    FACTORS_FIELD_NUMBER: _ClassVar[int]
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    version: str
    score: float
    grade: RatingGrade
    needs_refinement: bool
    factors: _containers.RepeatedCompositeFieldContainer[RatingFactor]
    actions: _containers.RepeatedCompositeFieldContainer[RatingAction]
    def __init__(self, version: _Optional[str] = ..., score: _Optional[float] = ..., grade: _Optional[_Union[RatingGrade, str]] = ..., needs_refinement: bool = ..., factors: _Optional[_Iterable[_Union[RatingFactor, _Mapping]]] = ..., actions: _Optional[_Iterable[_Union[RatingAction, _Mapping]]] = ...) -> None: ...

class RatingFactor(_message.Message):
    __slots__ = ("kind", "score", "grade", "weight", "contributors", "estimated")
    class ContributorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    KIND_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTORS_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    kind: RatingFactorKind
    score: float
    grade: RatingGrade
    weight: float
    contributors: _containers.ScalarMap[str, float]
    estimated: bool
    def __init__(self, kind: _Optional[_Union[RatingFactorKind, str]] = ..., score: _Optional[float] = ..., grade: _Optional[_Union[RatingGrade, str]] = ..., weight: _Optional[float] = ..., contributors: _Optional[_Mapping[str, float]] = ..., estimated: bool = ...) -> None: ...

class RatingAction(_message.Message):
    __slots__ = ("factor", "mode", "label", "reason")
    FACTOR_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    factor: RatingFactorKind
    mode: _annotation_pb2.RetrievalMode
    label: str
    reason: str
    def __init__(self, factor: _Optional[_Union[RatingFactorKind, str]] = ..., mode: _Optional[_Union[_annotation_pb2.RetrievalMode, str]] = ..., label: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
