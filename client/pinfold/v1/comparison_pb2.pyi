from pinfold.v1 import prediction_pb2 as _prediction_pb2
from pinfold.v1 import version_pb2 as _version_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_BETTER: _ClassVar[Verdict]
    VERDICT_WORSE: _ClassVar[Verdict]
    VERDICT_NO_SIGNIFICANT_DIFFERENCE: _ClassVar[Verdict]

class Flip(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FLIP_UNSPECIFIED: _ClassVar[Flip]
    FLIP_FIXED: _ClassVar[Flip]
    FLIP_BROKEN: _ClassVar[Flip]
VERDICT_UNSPECIFIED: Verdict
VERDICT_BETTER: Verdict
VERDICT_WORSE: Verdict
VERDICT_NO_SIGNIFICANT_DIFFERENCE: Verdict
FLIP_UNSPECIFIED: Flip
FLIP_FIXED: Flip
FLIP_BROKEN: Flip

class CompareVersionsRequest(_message.Message):
    __slots__ = ("base", "candidate", "threshold_policy", "default_threshold", "labels", "trials", "seed", "confidence")
    BASE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    base: str
    candidate: str
    threshold_policy: _prediction_pb2.ThresholdPolicy
    default_threshold: float
    labels: _containers.RepeatedScalarFieldContainer[str]
    trials: int
    seed: int
    confidence: float
    def __init__(self, base: _Optional[str] = ..., candidate: _Optional[str] = ..., threshold_policy: _Optional[_Union[_prediction_pb2.ThresholdPolicy, str]] = ..., default_threshold: _Optional[float] = ..., labels: _Optional[_Iterable[str]] = ..., trials: _Optional[int] = ..., seed: _Optional[int] = ..., confidence: _Optional[float] = ...) -> None: ...

class FigureDelta(_message.Message):
    __slots__ = ("base", "candidate", "difference", "low", "high", "significant")
    BASE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    SIGNIFICANT_FIELD_NUMBER: _ClassVar[int]
    base: float
    candidate: float
    difference: float
    low: float
    high: float
    significant: bool
    def __init__(self, base: _Optional[float] = ..., candidate: _Optional[float] = ..., difference: _Optional[float] = ..., low: _Optional[float] = ..., high: _Optional[float] = ..., significant: bool = ...) -> None: ...

class OperatingPoint(_message.Message):
    __slots__ = ("threshold", "precision", "recall")
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    precision: float
    recall: float
    def __init__(self, threshold: _Optional[float] = ..., precision: _Optional[float] = ..., recall: _Optional[float] = ...) -> None: ...

class ThresholdCarryOver(_message.Message):
    __slots__ = ("now", "same_threshold", "same_recall", "same_precision")
    NOW_FIELD_NUMBER: _ClassVar[int]
    SAME_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    SAME_RECALL_FIELD_NUMBER: _ClassVar[int]
    SAME_PRECISION_FIELD_NUMBER: _ClassVar[int]
    now: OperatingPoint
    same_threshold: OperatingPoint
    same_recall: OperatingPoint
    same_precision: OperatingPoint
    def __init__(self, now: _Optional[_Union[OperatingPoint, _Mapping]] = ..., same_threshold: _Optional[_Union[OperatingPoint, _Mapping]] = ..., same_recall: _Optional[_Union[OperatingPoint, _Mapping]] = ..., same_precision: _Optional[_Union[OperatingPoint, _Mapping]] = ...) -> None: ...

class LabelComparison(_message.Message):
    __slots__ = ("label", "base_label", "positive_count", "base_threshold", "candidate_threshold", "precision", "recall", "f1", "average_precision", "fixed_count", "broken_count", "p_value", "significant", "carry_over")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    BASE_LABEL_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_COUNT_FIELD_NUMBER: _ClassVar[int]
    BASE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    F1_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    FIXED_COUNT_FIELD_NUMBER: _ClassVar[int]
    BROKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    P_VALUE_FIELD_NUMBER: _ClassVar[int]
    SIGNIFICANT_FIELD_NUMBER: _ClassVar[int]
    CARRY_OVER_FIELD_NUMBER: _ClassVar[int]
    label: str
    base_label: str
    positive_count: int
    base_threshold: float
    candidate_threshold: float
    precision: FigureDelta
    recall: FigureDelta
    f1: FigureDelta
    average_precision: FigureDelta
    fixed_count: int
    broken_count: int
    p_value: float
    significant: bool
    carry_over: ThresholdCarryOver
    def __init__(self, label: _Optional[str] = ..., base_label: _Optional[str] = ..., positive_count: _Optional[int] = ..., base_threshold: _Optional[float] = ..., candidate_threshold: _Optional[float] = ..., precision: _Optional[_Union[FigureDelta, _Mapping]] = ..., recall: _Optional[_Union[FigureDelta, _Mapping]] = ..., f1: _Optional[_Union[FigureDelta, _Mapping]] = ..., average_precision: _Optional[_Union[FigureDelta, _Mapping]] = ..., fixed_count: _Optional[int] = ..., broken_count: _Optional[int] = ..., p_value: _Optional[float] = ..., significant: bool = ..., carry_over: _Optional[_Union[ThresholdCarryOver, _Mapping]] = ...) -> None: ...

class VersionComparison(_message.Message):
    __slots__ = ("dataset", "base", "candidate", "verdict", "summary", "comparable", "caution", "base_mode", "candidate_mode", "document_count", "base_only_count", "candidate_only_count", "changed_truth_count", "trials", "confidence", "precision", "recall", "micro_f1", "macro_f1", "mean_average_precision", "exact_match", "fixed_count", "broken_count", "p_value", "labels", "added_labels", "removed_labels")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    COMPARABLE_FIELD_NUMBER: _ClassVar[int]
    CAUTION_FIELD_NUMBER: _ClassVar[int]
    BASE_MODE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_MODE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    BASE_ONLY_COUNT_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_ONLY_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_TRUTH_COUNT_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    MICRO_F1_FIELD_NUMBER: _ClassVar[int]
    MACRO_F1_FIELD_NUMBER: _ClassVar[int]
    MEAN_AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    EXACT_MATCH_FIELD_NUMBER: _ClassVar[int]
    FIXED_COUNT_FIELD_NUMBER: _ClassVar[int]
    BROKEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    P_VALUE_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    ADDED_LABELS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_LABELS_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    base: int
    candidate: int
    verdict: Verdict
    summary: str
    comparable: bool
    caution: str
    base_mode: _version_pb2.ValidationMode
    candidate_mode: _version_pb2.ValidationMode
    document_count: int
    base_only_count: int
    candidate_only_count: int
    changed_truth_count: int
    trials: int
    confidence: float
    precision: FigureDelta
    recall: FigureDelta
    micro_f1: FigureDelta
    macro_f1: FigureDelta
    mean_average_precision: FigureDelta
    exact_match: FigureDelta
    fixed_count: int
    broken_count: int
    p_value: float
    labels: _containers.RepeatedCompositeFieldContainer[LabelComparison]
    added_labels: _containers.RepeatedScalarFieldContainer[str]
    removed_labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, dataset: _Optional[str] = ..., base: _Optional[int] = ..., candidate: _Optional[int] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., summary: _Optional[str] = ..., comparable: bool = ..., caution: _Optional[str] = ..., base_mode: _Optional[_Union[_version_pb2.ValidationMode, str]] = ..., candidate_mode: _Optional[_Union[_version_pb2.ValidationMode, str]] = ..., document_count: _Optional[int] = ..., base_only_count: _Optional[int] = ..., candidate_only_count: _Optional[int] = ..., changed_truth_count: _Optional[int] = ..., trials: _Optional[int] = ..., confidence: _Optional[float] = ..., precision: _Optional[_Union[FigureDelta, _Mapping]] = ..., recall: _Optional[_Union[FigureDelta, _Mapping]] = ..., micro_f1: _Optional[_Union[FigureDelta, _Mapping]] = ..., macro_f1: _Optional[_Union[FigureDelta, _Mapping]] = ..., mean_average_precision: _Optional[_Union[FigureDelta, _Mapping]] = ..., exact_match: _Optional[_Union[FigureDelta, _Mapping]] = ..., fixed_count: _Optional[int] = ..., broken_count: _Optional[int] = ..., p_value: _Optional[float] = ..., labels: _Optional[_Iterable[_Union[LabelComparison, _Mapping]]] = ..., added_labels: _Optional[_Iterable[str]] = ..., removed_labels: _Optional[_Iterable[str]] = ...) -> None: ...

class ListFlippedDocumentsRequest(_message.Message):
    __slots__ = ("base", "candidate", "threshold_policy", "default_threshold", "labels", "flip", "page_size", "page_token")
    BASE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    FLIP_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    base: str
    candidate: str
    threshold_policy: _prediction_pb2.ThresholdPolicy
    default_threshold: float
    labels: _containers.RepeatedScalarFieldContainer[str]
    flip: Flip
    page_size: int
    page_token: str
    def __init__(self, base: _Optional[str] = ..., candidate: _Optional[str] = ..., threshold_policy: _Optional[_Union[_prediction_pb2.ThresholdPolicy, str]] = ..., default_threshold: _Optional[float] = ..., labels: _Optional[_Iterable[str]] = ..., flip: _Optional[_Union[Flip, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class FlippedDocument(_message.Message):
    __slots__ = ("document", "flip", "text", "true_labels", "base_labels", "candidate_labels")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    FLIP_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TRUE_LABELS_FIELD_NUMBER: _ClassVar[int]
    BASE_LABELS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATE_LABELS_FIELD_NUMBER: _ClassVar[int]
    document: str
    flip: Flip
    text: str
    true_labels: _containers.RepeatedScalarFieldContainer[str]
    base_labels: _containers.RepeatedScalarFieldContainer[str]
    candidate_labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, document: _Optional[str] = ..., flip: _Optional[_Union[Flip, str]] = ..., text: _Optional[str] = ..., true_labels: _Optional[_Iterable[str]] = ..., base_labels: _Optional[_Iterable[str]] = ..., candidate_labels: _Optional[_Iterable[str]] = ...) -> None: ...

class ListFlippedDocumentsResponse(_message.Message):
    __slots__ = ("documents", "next_page_token")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[FlippedDocument]
    next_page_token: str
    def __init__(self, documents: _Optional[_Iterable[_Union[FlippedDocument, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
