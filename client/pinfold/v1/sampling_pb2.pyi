from pinfold.v1 import annotation_pb2 as _annotation_pb2
from pinfold.v1 import document_pb2 as _document_pb2
from pinfold.v1 import prediction_pb2 as _prediction_pb2
from pinfold.v1 import prediction_coverage_pb2 as _prediction_coverage_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SampleDocumentsRequest(_message.Message):
    __slots__ = ("dataset", "mode", "label", "seed", "include_reviewed", "cluster", "page_size", "page_token", "top_k", "filter")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_REVIEWED_FIELD_NUMBER: _ClassVar[int]
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    mode: _annotation_pb2.RetrievalMode
    label: str
    seed: int
    include_reviewed: bool
    cluster: int
    page_size: int
    page_token: str
    top_k: int
    filter: str
    def __init__(self, dataset: _Optional[str] = ..., mode: _Optional[_Union[_annotation_pb2.RetrievalMode, str]] = ..., label: _Optional[str] = ..., seed: _Optional[int] = ..., include_reviewed: bool = ..., cluster: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., top_k: _Optional[int] = ..., filter: _Optional[str] = ...) -> None: ...

class Sample(_message.Message):
    __slots__ = ("document", "annotation", "score", "label", "prediction", "cluster")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_FIELD_NUMBER: _ClassVar[int]
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.Document
    annotation: _annotation_pb2.Annotation
    score: float
    label: str
    prediction: _prediction_pb2.Prediction
    cluster: int
    def __init__(self, document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., annotation: _Optional[_Union[_annotation_pb2.Annotation, _Mapping]] = ..., score: _Optional[float] = ..., label: _Optional[str] = ..., prediction: _Optional[_Union[_prediction_pb2.Prediction, _Mapping]] = ..., cluster: _Optional[int] = ...) -> None: ...

class DocumentCluster(_message.Message):
    __slots__ = ("id", "document_count", "reviewed_count", "keywords")
    ID_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_COUNT_FIELD_NUMBER: _ClassVar[int]
    KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    id: int
    document_count: int
    reviewed_count: int
    keywords: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[int] = ..., document_count: _Optional[int] = ..., reviewed_count: _Optional[int] = ..., keywords: _Optional[_Iterable[str]] = ...) -> None: ...

class SampleDocumentsResponse(_message.Message):
    __slots__ = ("samples", "next_page_token", "version", "predicted_version", "pool_size", "clusters", "coverage")
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    POOL_SIZE_FIELD_NUMBER: _ClassVar[int]
    CLUSTERS_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    samples: _containers.RepeatedCompositeFieldContainer[Sample]
    next_page_token: str
    version: int
    predicted_version: int
    pool_size: int
    clusters: _containers.RepeatedCompositeFieldContainer[DocumentCluster]
    coverage: _prediction_coverage_pb2.PredictionCoverage
    def __init__(self, samples: _Optional[_Iterable[_Union[Sample, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., version: _Optional[int] = ..., predicted_version: _Optional[int] = ..., pool_size: _Optional[int] = ..., clusters: _Optional[_Iterable[_Union[DocumentCluster, _Mapping]]] = ..., coverage: _Optional[_Union[_prediction_coverage_pb2.PredictionCoverage, _Mapping]] = ...) -> None: ...
