from pinfold.v1 import document_pb2 as _document_pb2
from pinfold.v1 import prediction_pb2 as _prediction_pb2
from pinfold.v1 import version_pb2 as _version_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_TRUE_POSITIVE: _ClassVar[Outcome]
    OUTCOME_FALSE_POSITIVE: _ClassVar[Outcome]
    OUTCOME_FALSE_NEGATIVE: _ClassVar[Outcome]
    OUTCOME_TRUE_NEGATIVE: _ClassVar[Outcome]
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_TRUE_POSITIVE: Outcome
OUTCOME_FALSE_POSITIVE: Outcome
OUTCOME_FALSE_NEGATIVE: Outcome
OUTCOME_TRUE_NEGATIVE: Outcome

class GetValidationRequest(_message.Message):
    __slots__ = ("name", "thresholds", "threshold_policy", "default_threshold", "labels", "curve_points")
    class ThresholdsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    CURVE_POINTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    thresholds: _containers.ScalarMap[str, float]
    threshold_policy: _prediction_pb2.ThresholdPolicy
    default_threshold: float
    labels: _containers.RepeatedScalarFieldContainer[str]
    curve_points: int
    def __init__(self, name: _Optional[str] = ..., thresholds: _Optional[_Mapping[str, float]] = ..., threshold_policy: _Optional[_Union[_prediction_pb2.ThresholdPolicy, str]] = ..., default_threshold: _Optional[float] = ..., labels: _Optional[_Iterable[str]] = ..., curve_points: _Optional[int] = ...) -> None: ...

class Validation(_message.Message):
    __slots__ = ("version", "metrics", "detailed", "document_count", "sampled", "reliable_from", "all_labels", "leaf_labels", "mean_average_precision", "reliable_mean_average_precision", "unreliable_count", "curve", "calibration", "labels", "confusions", "cooccurrences", "split_digest")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    DETAILED_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SAMPLED_FIELD_NUMBER: _ClassVar[int]
    RELIABLE_FROM_FIELD_NUMBER: _ClassVar[int]
    ALL_LABELS_FIELD_NUMBER: _ClassVar[int]
    LEAF_LABELS_FIELD_NUMBER: _ClassVar[int]
    MEAN_AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    RELIABLE_MEAN_AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    UNRELIABLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    CURVE_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    CONFUSIONS_FIELD_NUMBER: _ClassVar[int]
    COOCCURRENCES_FIELD_NUMBER: _ClassVar[int]
    SPLIT_DIGEST_FIELD_NUMBER: _ClassVar[int]
    version: str
    metrics: _version_pb2.Metrics
    detailed: bool
    document_count: int
    sampled: bool
    reliable_from: int
    all_labels: OverallQuality
    leaf_labels: OverallQuality
    mean_average_precision: float
    reliable_mean_average_precision: float
    unreliable_count: int
    curve: PrecisionRecallCurve
    calibration: Calibration
    labels: _containers.RepeatedCompositeFieldContainer[LabelValidation]
    confusions: _containers.RepeatedCompositeFieldContainer[LabelPair]
    cooccurrences: _containers.RepeatedCompositeFieldContainer[LabelPair]
    split_digest: str
    def __init__(self, version: _Optional[str] = ..., metrics: _Optional[_Union[_version_pb2.Metrics, _Mapping]] = ..., detailed: bool = ..., document_count: _Optional[int] = ..., sampled: bool = ..., reliable_from: _Optional[int] = ..., all_labels: _Optional[_Union[OverallQuality, _Mapping]] = ..., leaf_labels: _Optional[_Union[OverallQuality, _Mapping]] = ..., mean_average_precision: _Optional[float] = ..., reliable_mean_average_precision: _Optional[float] = ..., unreliable_count: _Optional[int] = ..., curve: _Optional[_Union[PrecisionRecallCurve, _Mapping]] = ..., calibration: _Optional[_Union[Calibration, _Mapping]] = ..., labels: _Optional[_Iterable[_Union[LabelValidation, _Mapping]]] = ..., confusions: _Optional[_Iterable[_Union[LabelPair, _Mapping]]] = ..., cooccurrences: _Optional[_Iterable[_Union[LabelPair, _Mapping]]] = ..., split_digest: _Optional[str] = ...) -> None: ...

class OverallQuality(_message.Message):
    __slots__ = ("label_count", "counts", "micro", "macro")
    LABEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    MICRO_FIELD_NUMBER: _ClassVar[int]
    MACRO_FIELD_NUMBER: _ClassVar[int]
    label_count: int
    counts: OutcomeCounts
    micro: Quality
    macro: Quality
    def __init__(self, label_count: _Optional[int] = ..., counts: _Optional[_Union[OutcomeCounts, _Mapping]] = ..., micro: _Optional[_Union[Quality, _Mapping]] = ..., macro: _Optional[_Union[Quality, _Mapping]] = ...) -> None: ...

class OutcomeCounts(_message.Message):
    __slots__ = ("true_positives", "false_positives", "false_negatives", "true_negatives")
    TRUE_POSITIVES_FIELD_NUMBER: _ClassVar[int]
    FALSE_POSITIVES_FIELD_NUMBER: _ClassVar[int]
    FALSE_NEGATIVES_FIELD_NUMBER: _ClassVar[int]
    TRUE_NEGATIVES_FIELD_NUMBER: _ClassVar[int]
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    def __init__(self, true_positives: _Optional[int] = ..., false_positives: _Optional[int] = ..., false_negatives: _Optional[int] = ..., true_negatives: _Optional[int] = ...) -> None: ...

class Quality(_message.Message):
    __slots__ = ("precision", "recall", "f1")
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    F1_FIELD_NUMBER: _ClassVar[int]
    precision: float
    recall: float
    f1: float
    def __init__(self, precision: _Optional[float] = ..., recall: _Optional[float] = ..., f1: _Optional[float] = ...) -> None: ...

class PrecisionRecallCurve(_message.Message):
    __slots__ = ("thresholds", "precisions", "recalls")
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    PRECISIONS_FIELD_NUMBER: _ClassVar[int]
    RECALLS_FIELD_NUMBER: _ClassVar[int]
    thresholds: _containers.RepeatedScalarFieldContainer[float]
    precisions: _containers.RepeatedScalarFieldContainer[float]
    recalls: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, thresholds: _Optional[_Iterable[float]] = ..., precisions: _Optional[_Iterable[float]] = ..., recalls: _Optional[_Iterable[float]] = ...) -> None: ...

class Calibration(_message.Message):
    __slots__ = ("expected_error", "counts", "mean_probabilities", "frequencies")
    EXPECTED_ERROR_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    MEAN_PROBABILITIES_FIELD_NUMBER: _ClassVar[int]
    FREQUENCIES_FIELD_NUMBER: _ClassVar[int]
    expected_error: float
    counts: _containers.RepeatedScalarFieldContainer[int]
    mean_probabilities: _containers.RepeatedScalarFieldContainer[float]
    frequencies: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, expected_error: _Optional[float] = ..., counts: _Optional[_Iterable[int]] = ..., mean_probabilities: _Optional[_Iterable[float]] = ..., frequencies: _Optional[_Iterable[float]] = ...) -> None: ...

class LabelValidation(_message.Message):
    __slots__ = ("name", "train_count", "test_count", "reliable", "missing_count", "threshold", "counts", "quality", "average_precision", "curve", "calibration", "thresholds")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TRAIN_COUNT_FIELD_NUMBER: _ClassVar[int]
    TEST_COUNT_FIELD_NUMBER: _ClassVar[int]
    RELIABLE_FIELD_NUMBER: _ClassVar[int]
    MISSING_COUNT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_PRECISION_FIELD_NUMBER: _ClassVar[int]
    CURVE_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    name: str
    train_count: int
    test_count: int
    reliable: bool
    missing_count: int
    threshold: float
    counts: OutcomeCounts
    quality: Quality
    average_precision: float
    curve: PrecisionRecallCurve
    calibration: Calibration
    thresholds: _version_pb2.LabelThresholds
    def __init__(self, name: _Optional[str] = ..., train_count: _Optional[int] = ..., test_count: _Optional[int] = ..., reliable: bool = ..., missing_count: _Optional[int] = ..., threshold: _Optional[float] = ..., counts: _Optional[_Union[OutcomeCounts, _Mapping]] = ..., quality: _Optional[_Union[Quality, _Mapping]] = ..., average_precision: _Optional[float] = ..., curve: _Optional[_Union[PrecisionRecallCurve, _Mapping]] = ..., calibration: _Optional[_Union[Calibration, _Mapping]] = ..., thresholds: _Optional[_Union[_version_pb2.LabelThresholds, _Mapping]] = ...) -> None: ...

class LabelPair(_message.Message):
    __slots__ = ("label", "other", "count")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    label: str
    other: str
    count: int
    def __init__(self, label: _Optional[str] = ..., other: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class FindThresholdsRequest(_message.Message):
    __slots__ = ("name", "precision", "recall", "labels")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    RECALL_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    name: str
    precision: float
    recall: float
    labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., precision: _Optional[float] = ..., recall: _Optional[float] = ..., labels: _Optional[_Iterable[str]] = ...) -> None: ...

class FindThresholdsResponse(_message.Message):
    __slots__ = ("version", "labels")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    version: str
    labels: _containers.RepeatedCompositeFieldContainer[FoundThreshold]
    def __init__(self, version: _Optional[str] = ..., labels: _Optional[_Iterable[_Union[FoundThreshold, _Mapping]]] = ...) -> None: ...

class FoundThreshold(_message.Message):
    __slots__ = ("name", "threshold", "quality", "predicted_count", "reliable")
    NAME_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    RELIABLE_FIELD_NUMBER: _ClassVar[int]
    name: str
    threshold: float
    quality: Quality
    predicted_count: int
    reliable: bool
    def __init__(self, name: _Optional[str] = ..., threshold: _Optional[float] = ..., quality: _Optional[_Union[Quality, _Mapping]] = ..., predicted_count: _Optional[int] = ..., reliable: bool = ...) -> None: ...

class ListValidationDocumentsRequest(_message.Message):
    __slots__ = ("parent", "label", "outcome", "threshold", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    label: str
    outcome: Outcome
    threshold: float
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., label: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., threshold: _Optional[float] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListValidationDocumentsResponse(_message.Message):
    __slots__ = ("documents", "next_page_token", "total_count", "version", "threshold")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[ValidationDocument]
    next_page_token: str
    total_count: int
    version: str
    threshold: float
    def __init__(self, documents: _Optional[_Iterable[_Union[ValidationDocument, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_count: _Optional[int] = ..., version: _Optional[str] = ..., threshold: _Optional[float] = ...) -> None: ...

class ValidationDocument(_message.Message):
    __slots__ = ("name", "document", "probability", "true_labels", "predicted_labels")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    TRUE_LABELS_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_LABELS_FIELD_NUMBER: _ClassVar[int]
    name: str
    document: _document_pb2.Document
    probability: float
    true_labels: _containers.RepeatedScalarFieldContainer[str]
    predicted_labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., probability: _Optional[float] = ..., true_labels: _Optional[_Iterable[str]] = ..., predicted_labels: _Optional[_Iterable[str]] = ...) -> None: ...
