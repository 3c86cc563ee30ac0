from pinfold.v1 import explanation_pb2 as _explanation_pb2
from pinfold.v1 import failure_pb2 as _failure_pb2
from pinfold.v1 import prediction_pb2 as _prediction_pb2
from pinfold.v1 import prediction_coverage_pb2 as _prediction_coverage_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PredictRequest(_message.Message):
    __slots__ = ("dataset", "number", "tag", "texts", "thresholds", "threshold_policy", "default_threshold", "labels", "top_k", "all_scores", "response_form")
    class ThresholdsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    DATASET_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_POLICY_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    ALL_SCORES_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FORM_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    number: int
    tag: str
    texts: _containers.RepeatedScalarFieldContainer[str]
    thresholds: _containers.ScalarMap[str, float]
    threshold_policy: _prediction_pb2.ThresholdPolicy
    default_threshold: float
    labels: _containers.RepeatedScalarFieldContainer[str]
    top_k: int
    all_scores: bool
    response_form: _prediction_pb2.ResponseForm
    def __init__(self, dataset: _Optional[str] = ..., number: _Optional[int] = ..., tag: _Optional[str] = ..., texts: _Optional[_Iterable[str]] = ..., thresholds: _Optional[_Mapping[str, float]] = ..., threshold_policy: _Optional[_Union[_prediction_pb2.ThresholdPolicy, str]] = ..., default_threshold: _Optional[float] = ..., labels: _Optional[_Iterable[str]] = ..., top_k: _Optional[int] = ..., all_scores: bool = ..., response_form: _Optional[_Union[_prediction_pb2.ResponseForm, str]] = ...) -> None: ...

class PredictResponse(_message.Message):
    __slots__ = ("predictions", "version", "tag", "compact")
    PREDICTIONS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    COMPACT_FIELD_NUMBER: _ClassVar[int]
    predictions: _containers.RepeatedCompositeFieldContainer[_prediction_pb2.Prediction]
    version: int
    tag: str
    compact: _prediction_pb2.CompactPredictions
    def __init__(self, predictions: _Optional[_Iterable[_Union[_prediction_pb2.Prediction, _Mapping]]] = ..., version: _Optional[int] = ..., tag: _Optional[str] = ..., compact: _Optional[_Union[_prediction_pb2.CompactPredictions, _Mapping]] = ...) -> None: ...

class PredictStreamRequest(_message.Message):
    __slots__ = ("options", "texts")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    options: PredictRequest
    texts: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, options: _Optional[_Union[PredictRequest, _Mapping]] = ..., texts: _Optional[_Iterable[str]] = ...) -> None: ...

class PredictStreamResponse(_message.Message):
    __slots__ = ("batch", "answer", "error")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    batch: int
    answer: PredictResponse
    error: _failure_pb2.ItemFailure
    def __init__(self, batch: _Optional[int] = ..., answer: _Optional[_Union[PredictResponse, _Mapping]] = ..., error: _Optional[_Union[_failure_pb2.ItemFailure, _Mapping]] = ...) -> None: ...

class PredictDocumentsRequest(_message.Message):
    __slots__ = ("options", "documents")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    options: PredictRequest
    documents: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, options: _Optional[_Union[PredictRequest, _Mapping]] = ..., documents: _Optional[_Iterable[str]] = ...) -> None: ...

class PredictDocumentsResponse(_message.Message):
    __slots__ = ("answer", "documents")
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    answer: PredictResponse
    documents: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, answer: _Optional[_Union[PredictResponse, _Mapping]] = ..., documents: _Optional[_Iterable[str]] = ...) -> None: ...

class PredictMatchingDocumentsRequest(_message.Message):
    __slots__ = ("options", "sources", "page_token", "filter")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    options: PredictRequest
    sources: _containers.RepeatedScalarFieldContainer[str]
    page_token: str
    filter: str
    def __init__(self, options: _Optional[_Union[PredictRequest, _Mapping]] = ..., sources: _Optional[_Iterable[str]] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...

class PredictMatchingDocumentsResponse(_message.Message):
    __slots__ = ("answer", "documents", "next_page_token", "coverage")
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    answer: PredictResponse
    documents: _containers.RepeatedScalarFieldContainer[str]
    next_page_token: str
    coverage: _prediction_coverage_pb2.PredictionCoverage
    def __init__(self, answer: _Optional[_Union[PredictResponse, _Mapping]] = ..., documents: _Optional[_Iterable[str]] = ..., next_page_token: _Optional[str] = ..., coverage: _Optional[_Union[_prediction_coverage_pb2.PredictionCoverage, _Mapping]] = ...) -> None: ...
