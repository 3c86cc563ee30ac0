from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FeatureKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FEATURE_KIND_UNSPECIFIED: _ClassVar[FeatureKind]
    FEATURE_KIND_WORD: _ClassVar[FeatureKind]
    FEATURE_KIND_WORD_NGRAM: _ClassVar[FeatureKind]
    FEATURE_KIND_CHAR_NGRAM: _ClassVar[FeatureKind]
FEATURE_KIND_UNSPECIFIED: FeatureKind
FEATURE_KIND_WORD: FeatureKind
FEATURE_KIND_WORD_NGRAM: FeatureKind
FEATURE_KIND_CHAR_NGRAM: FeatureKind

class TextSpan(_message.Message):
    __slots__ = ("start", "end")
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    start: int
    end: int
    def __init__(self, start: _Optional[int] = ..., end: _Optional[int] = ...) -> None: ...

class Contribution(_message.Message):
    __slots__ = ("feature", "kind", "weight", "spans", "known", "occurrence_count")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    KNOWN_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    feature: str
    kind: FeatureKind
    weight: float
    spans: _containers.RepeatedCompositeFieldContainer[TextSpan]
    known: bool
    occurrence_count: int
    def __init__(self, feature: _Optional[str] = ..., kind: _Optional[_Union[FeatureKind, str]] = ..., weight: _Optional[float] = ..., spans: _Optional[_Iterable[_Union[TextSpan, _Mapping]]] = ..., known: bool = ..., occurrence_count: _Optional[int] = ...) -> None: ...

class LabelExplanation(_message.Message):
    __slots__ = ("name", "probability", "threshold", "score", "bias", "contributions", "remaining", "remaining_count", "raised_by", "sum_of")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    BIAS_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    REMAINING_COUNT_FIELD_NUMBER: _ClassVar[int]
    RAISED_BY_FIELD_NUMBER: _ClassVar[int]
    SUM_OF_FIELD_NUMBER: _ClassVar[int]
    name: str
    probability: float
    threshold: float
    score: float
    bias: float
    contributions: _containers.RepeatedCompositeFieldContainer[Contribution]
    remaining: float
    remaining_count: int
    raised_by: str
    sum_of: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., probability: _Optional[float] = ..., threshold: _Optional[float] = ..., score: _Optional[float] = ..., bias: _Optional[float] = ..., contributions: _Optional[_Iterable[_Union[Contribution, _Mapping]]] = ..., remaining: _Optional[float] = ..., remaining_count: _Optional[int] = ..., raised_by: _Optional[str] = ..., sum_of: _Optional[_Iterable[str]] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("dataset", "number", "tag", "text", "labels", "top_k", "max_contributions", "expand_ngrams")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    MAX_CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    EXPAND_NGRAMS_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    number: int
    tag: str
    text: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    top_k: int
    max_contributions: int
    expand_ngrams: bool
    def __init__(self, dataset: _Optional[str] = ..., number: _Optional[int] = ..., tag: _Optional[str] = ..., text: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., top_k: _Optional[int] = ..., max_contributions: _Optional[int] = ..., expand_ngrams: bool = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("labels", "version", "tag", "truncated")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[LabelExplanation]
    version: int
    tag: str
    truncated: bool
    def __init__(self, labels: _Optional[_Iterable[_Union[LabelExplanation, _Mapping]]] = ..., version: _Optional[int] = ..., tag: _Optional[str] = ..., truncated: bool = ...) -> None: ...
