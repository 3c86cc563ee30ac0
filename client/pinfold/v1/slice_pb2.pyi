from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from pinfold.v1 import prediction_pb2 as _prediction_pb2
from pinfold.v1 import validation_pb2 as _validation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SliceCriteria(_message.Message):
    __slots__ = ("filter", "outcome", "label", "min_confidence", "max_confidence")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    MIN_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    MAX_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    filter: str
    outcome: _validation_pb2.Outcome
    label: str
    min_confidence: float
    max_confidence: float
    def __init__(self, filter: _Optional[str] = ..., outcome: _Optional[_Union[_validation_pb2.Outcome, str]] = ..., label: _Optional[str] = ..., min_confidence: _Optional[float] = ..., max_confidence: _Optional[float] = ...) -> None: ...

class Slice(_message.Message):
    __slots__ = ("name", "description", "criteria", "built_in", "create_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    BUILT_IN_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    criteria: SliceCriteria
    built_in: bool
    create_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., criteria: _Optional[_Union[SliceCriteria, _Mapping]] = ..., built_in: bool = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class CreateSliceRequest(_message.Message):
    __slots__ = ("dataset", "slice_id", "slice", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    SLICE_ID_FIELD_NUMBER: _ClassVar[int]
    SLICE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    slice_id: str
    slice: Slice
    request_id: str
    def __init__(self, dataset: _Optional[str] = ..., slice_id: _Optional[str] = ..., slice: _Optional[_Union[Slice, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetSliceRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListSlicesRequest(_message.Message):
    __slots__ = ("dataset",)
    DATASET_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    def __init__(self, dataset: _Optional[str] = ...) -> None: ...

class ListSlicesResponse(_message.Message):
    __slots__ = ("slices",)
    SLICES_FIELD_NUMBER: _ClassVar[int]
    slices: _containers.RepeatedCompositeFieldContainer[Slice]
    def __init__(self, slices: _Optional[_Iterable[_Union[Slice, _Mapping]]] = ...) -> None: ...

class UpdateSliceRequest(_message.Message):
    __slots__ = ("slice", "update_mask", "request_id")
    SLICE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    slice: Slice
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, slice: _Optional[_Union[Slice, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteSliceRequest(_message.Message):
    __slots__ = ("name", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class EvaluateSliceRequest(_message.Message):
    __slots__ = ("version", "slice_id", "criteria", "threshold_policy", "default_threshold", "max_documents")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SLICE_ID_FIELD_NUMBER: _ClassVar[int]
    CRITERIA_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MAX_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    version: str
    slice_id: str
    criteria: SliceCriteria
    threshold_policy: _prediction_pb2.ThresholdPolicy
    default_threshold: float
    max_documents: int
    def __init__(self, version: _Optional[str] = ..., slice_id: _Optional[str] = ..., criteria: _Optional[_Union[SliceCriteria, _Mapping]] = ..., threshold_policy: _Optional[_Union[_prediction_pb2.ThresholdPolicy, str]] = ..., default_threshold: _Optional[float] = ..., max_documents: _Optional[int] = ...) -> None: ...

class SliceDocument(_message.Message):
    __slots__ = ("document", "text", "confidence", "true_labels", "predicted_labels")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    TRUE_LABELS_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_LABELS_FIELD_NUMBER: _ClassVar[int]
    document: str
    text: str
    confidence: float
    true_labels: _containers.RepeatedScalarFieldContainer[str]
    predicted_labels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, document: _Optional[str] = ..., text: _Optional[str] = ..., confidence: _Optional[float] = ..., true_labels: _Optional[_Iterable[str]] = ..., predicted_labels: _Optional[_Iterable[str]] = ...) -> None: ...

class SliceLabel(_message.Message):
    __slots__ = ("label", "positive_count", "predicted_count", "quality")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_COUNT_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    label: str
    positive_count: int
    predicted_count: int
    quality: _validation_pb2.Quality
    def __init__(self, label: _Optional[str] = ..., positive_count: _Optional[int] = ..., predicted_count: _Optional[int] = ..., quality: _Optional[_Union[_validation_pb2.Quality, _Mapping]] = ...) -> None: ...

class SliceEvaluation(_message.Message):
    __slots__ = ("version", "document_count", "total_count", "quality", "rest", "exact_match", "labels", "documents")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_COUNT_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    REST_FIELD_NUMBER: _ClassVar[int]
    EXACT_MATCH_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    version: int
    document_count: int
    total_count: int
    quality: _validation_pb2.Quality
    rest: _validation_pb2.Quality
    exact_match: float
    labels: _containers.RepeatedCompositeFieldContainer[SliceLabel]
    documents: _containers.RepeatedCompositeFieldContainer[SliceDocument]
    def __init__(self, version: _Optional[int] = ..., document_count: _Optional[int] = ..., total_count: _Optional[int] = ..., quality: _Optional[_Union[_validation_pb2.Quality, _Mapping]] = ..., rest: _Optional[_Union[_validation_pb2.Quality, _Mapping]] = ..., exact_match: _Optional[float] = ..., labels: _Optional[_Iterable[_Union[SliceLabel, _Mapping]]] = ..., documents: _Optional[_Iterable[_Union[SliceDocument, _Mapping]]] = ...) -> None: ...

class FindWeakSlicesRequest(_message.Message):
    __slots__ = ("version", "min_documents", "max_slices", "threshold_policy", "default_threshold")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MIN_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    MAX_SLICES_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    version: str
    min_documents: int
    max_slices: int
    threshold_policy: _prediction_pb2.ThresholdPolicy
    default_threshold: float
    def __init__(self, version: _Optional[str] = ..., min_documents: _Optional[int] = ..., max_slices: _Optional[int] = ..., threshold_policy: _Optional[_Union[_prediction_pb2.ThresholdPolicy, str]] = ..., default_threshold: _Optional[float] = ...) -> None: ...

class WeakSlice(_message.Message):
    __slots__ = ("filter", "property", "document_count", "f1", "rest_f1", "exact_match", "rest_exact_match", "p_value", "significant")
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PROPERTY_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    F1_FIELD_NUMBER: _ClassVar[int]
    REST_F1_FIELD_NUMBER: _ClassVar[int]
    EXACT_MATCH_FIELD_NUMBER: _ClassVar[int]
    REST_EXACT_MATCH_FIELD_NUMBER: _ClassVar[int]
    P_VALUE_FIELD_NUMBER: _ClassVar[int]
    SIGNIFICANT_FIELD_NUMBER: _ClassVar[int]
    filter: str
    property: str
    document_count: int
    f1: float
    rest_f1: float
    exact_match: float
    rest_exact_match: float
    p_value: float
    significant: bool
    def __init__(self, filter: _Optional[str] = ..., property: _Optional[str] = ..., document_count: _Optional[int] = ..., f1: _Optional[float] = ..., rest_f1: _Optional[float] = ..., exact_match: _Optional[float] = ..., rest_exact_match: _Optional[float] = ..., p_value: _Optional[float] = ..., significant: bool = ...) -> None: ...

class FindWeakSlicesResponse(_message.Message):
    __slots__ = ("slices", "version", "examined_count")
    SLICES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    EXAMINED_COUNT_FIELD_NUMBER: _ClassVar[int]
    slices: _containers.RepeatedCompositeFieldContainer[WeakSlice]
    version: int
    examined_count: int
    def __init__(self, slices: _Optional[_Iterable[_Union[WeakSlice, _Mapping]]] = ..., version: _Optional[int] = ..., examined_count: _Optional[int] = ...) -> None: ...
