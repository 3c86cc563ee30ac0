from google.protobuf import empty_pb2 as _empty_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from pinfold.v1 import annotation_pb2 as _annotation_pb2
from pinfold.v1 import annotation_history_pb2 as _annotation_history_pb2
from pinfold.v1 import archive_pb2 as _archive_pb2
from pinfold.v1 import dataset_pb2 as _dataset_pb2
from pinfold.v1 import dataset_status_pb2 as _dataset_status_pb2
from pinfold.v1 import document_pb2 as _document_pb2
from pinfold.v1 import document_changes_pb2 as _document_changes_pb2
from pinfold.v1 import failure_pb2 as _failure_pb2
from pinfold.v1 import label_pb2 as _label_pb2
from pinfold.v1 import prediction_coverage_pb2 as _prediction_coverage_pb2
from pinfold.v1 import sampling_pb2 as _sampling_pb2
from pinfold.v1 import source_pb2 as _source_pb2
from pinfold.v1 import split_pb2 as _split_pb2
from pinfold.v1 import taxonomy_pb2 as _taxonomy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CreateSourceRequest(_message.Message):
    __slots__ = ("source_id", "source", "request_id")
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    source_id: str
    source: _source_pb2.Source
    request_id: str
    def __init__(self, source_id: _Optional[str] = ..., source: _Optional[_Union[_source_pb2.Source, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetSourceRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListSourcesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSourcesResponse(_message.Message):
    __slots__ = ("sources", "next_page_token")
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    sources: _containers.RepeatedCompositeFieldContainer[_source_pb2.Source]
    next_page_token: str
    def __init__(self, sources: _Optional[_Iterable[_Union[_source_pb2.Source, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DeleteSourceRequest(_message.Message):
    __slots__ = ("name", "etag", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    request_id: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DocumentUpload(_message.Message):
    __slots__ = ("document", "labels", "split")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    SPLIT_FIELD_NUMBER: _ClassVar[int]
    document: _document_pb2.Document
    labels: _annotation_pb2.LabelSet
    split: _split_pb2.Split
    def __init__(self, document: _Optional[_Union[_document_pb2.Document, _Mapping]] = ..., labels: _Optional[_Union[_annotation_pb2.LabelSet, _Mapping]] = ..., split: _Optional[_Union[_split_pb2.Split, str]] = ...) -> None: ...

class UploadDocumentsRequest(_message.Message):
    __slots__ = ("source", "dataset", "create_labels", "annotator", "documents", "mode", "duplicates")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DATASET_FIELD_NUMBER: _ClassVar[int]
    CREATE_LABELS_FIELD_NUMBER: _ClassVar[int]
    ANNOTATOR_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    DUPLICATES_FIELD_NUMBER: _ClassVar[int]
    source: str
    dataset: str
    create_labels: bool
    annotator: str
    documents: _containers.RepeatedCompositeFieldContainer[DocumentUpload]
    mode: _document_changes_pb2.UploadMode
    duplicates: _document_changes_pb2.DuplicateTexts
    def __init__(self, source: _Optional[str] = ..., dataset: _Optional[str] = ..., create_labels: bool = ..., annotator: _Optional[str] = ..., documents: _Optional[_Iterable[_Union[DocumentUpload, _Mapping]]] = ..., mode: _Optional[_Union[_document_changes_pb2.UploadMode, str]] = ..., duplicates: _Optional[_Union[_document_changes_pb2.DuplicateTexts, str]] = ...) -> None: ...

class UploadDocumentsResponse(_message.Message):
    __slots__ = ("new_count", "text_changed_count", "metadata_changed_count", "unchanged_count", "failed_count", "failures", "annotated_count", "labels_created_count", "revision", "duplicate_count", "split_changed_count")
    NEW_COUNT_FIELD_NUMBER: _ClassVar[int]
    TEXT_CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    METADATA_CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    ANNOTATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    LABELS_CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    SPLIT_CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    new_count: int
    text_changed_count: int
    metadata_changed_count: int
    unchanged_count: int
    failed_count: int
    failures: _containers.RepeatedCompositeFieldContainer[_failure_pb2.ItemFailure]
    annotated_count: int
    labels_created_count: int
    revision: int
    duplicate_count: int
    split_changed_count: int
    def __init__(self, new_count: _Optional[int] = ..., text_changed_count: _Optional[int] = ..., metadata_changed_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[_failure_pb2.ItemFailure, _Mapping]]] = ..., annotated_count: _Optional[int] = ..., labels_created_count: _Optional[int] = ..., revision: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., split_changed_count: _Optional[int] = ...) -> None: ...

class GetDocumentRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListDocumentsRequest(_message.Message):
    __slots__ = ("source", "page_size", "page_token", "dataset", "filter")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DATASET_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    source: str
    page_size: int
    page_token: str
    dataset: str
    filter: str
    def __init__(self, source: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., dataset: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...

class ListDocumentsResponse(_message.Message):
    __slots__ = ("documents", "next_page_token", "coverage")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[_document_pb2.Document]
    next_page_token: str
    coverage: _prediction_coverage_pb2.PredictionCoverage
    def __init__(self, documents: _Optional[_Iterable[_Union[_document_pb2.Document, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., coverage: _Optional[_Union[_prediction_coverage_pb2.PredictionCoverage, _Mapping]] = ...) -> None: ...

class DeleteDocumentsRequest(_message.Message):
    __slots__ = ("source", "ids", "request_id", "filter", "dataset", "annotated", "page_token")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    DATASET_FIELD_NUMBER: _ClassVar[int]
    ANNOTATED_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    source: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    filter: str
    dataset: str
    annotated: _document_changes_pb2.AnnotatedDocuments
    page_token: str
    def __init__(self, source: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ..., filter: _Optional[str] = ..., dataset: _Optional[str] = ..., annotated: _Optional[_Union[_document_changes_pb2.AnnotatedDocuments, str]] = ..., page_token: _Optional[str] = ...) -> None: ...

class DeleteDocumentsResponse(_message.Message):
    __slots__ = ("deleted_count", "kept_count", "next_page_token", "coverage")
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    KEPT_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    kept_count: int
    next_page_token: str
    coverage: _prediction_coverage_pb2.PredictionCoverage
    def __init__(self, deleted_count: _Optional[int] = ..., kept_count: _Optional[int] = ..., next_page_token: _Optional[str] = ..., coverage: _Optional[_Union[_prediction_coverage_pb2.PredictionCoverage, _Mapping]] = ...) -> None: ...

class CreateDatasetRequest(_message.Message):
    __slots__ = ("dataset_id", "dataset", "request_id")
    DATASET_ID_FIELD_NUMBER: _ClassVar[int]
    DATASET_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset_id: str
    dataset: _dataset_pb2.Dataset
    request_id: str
    def __init__(self, dataset_id: _Optional[str] = ..., dataset: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GetDatasetRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListDatasetsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDatasetsResponse(_message.Message):
    __slots__ = ("datasets", "next_page_token")
    DATASETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    datasets: _containers.RepeatedCompositeFieldContainer[_dataset_pb2.Dataset]
    next_page_token: str
    def __init__(self, datasets: _Optional[_Iterable[_Union[_dataset_pb2.Dataset, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdateDatasetRequest(_message.Message):
    __slots__ = ("dataset", "update_mask", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: _dataset_pb2.Dataset
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, dataset: _Optional[_Union[_dataset_pb2.Dataset, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeleteDatasetRequest(_message.Message):
    __slots__ = ("name", "etag", "force", "request_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    FORCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    etag: str
    force: bool
    request_id: str
    def __init__(self, name: _Optional[str] = ..., etag: _Optional[str] = ..., force: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class UpsertLabelsRequest(_message.Message):
    __slots__ = ("dataset", "labels", "request_id", "actor")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    labels: _containers.RepeatedCompositeFieldContainer[_label_pb2.Label]
    request_id: str
    actor: str
    def __init__(self, dataset: _Optional[str] = ..., labels: _Optional[_Iterable[_Union[_label_pb2.Label, _Mapping]]] = ..., request_id: _Optional[str] = ..., actor: _Optional[str] = ...) -> None: ...

class UpsertLabelsResponse(_message.Message):
    __slots__ = ("labels", "created_count", "revision")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    CREATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[_label_pb2.Label]
    created_count: int
    revision: int
    def __init__(self, labels: _Optional[_Iterable[_Union[_label_pb2.Label, _Mapping]]] = ..., created_count: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class ListLabelsRequest(_message.Message):
    __slots__ = ("dataset", "page_size", "page_token")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    page_size: int
    page_token: str
    def __init__(self, dataset: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListLabelsResponse(_message.Message):
    __slots__ = ("labels", "next_page_token")
    LABELS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    labels: _containers.RepeatedCompositeFieldContainer[_label_pb2.Label]
    next_page_token: str
    def __init__(self, labels: _Optional[_Iterable[_Union[_label_pb2.Label, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AnnotationUpdate(_message.Message):
    __slots__ = ("document", "assigned", "dismissed", "reviewed", "retrieval_mode", "etag")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_FIELD_NUMBER: _ClassVar[int]
    DISMISSED_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_FIELD_NUMBER: _ClassVar[int]
    RETRIEVAL_MODE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    document: str
    assigned: _annotation_pb2.LabelSet
    dismissed: _annotation_pb2.LabelSet
    reviewed: bool
    retrieval_mode: _annotation_pb2.RetrievalMode
    etag: str
    def __init__(self, document: _Optional[str] = ..., assigned: _Optional[_Union[_annotation_pb2.LabelSet, _Mapping]] = ..., dismissed: _Optional[_Union[_annotation_pb2.LabelSet, _Mapping]] = ..., reviewed: bool = ..., retrieval_mode: _Optional[_Union[_annotation_pb2.RetrievalMode, str]] = ..., etag: _Optional[str] = ...) -> None: ...

class AnnotateRequest(_message.Message):
    __slots__ = ("dataset", "annotations", "annotator", "request_id")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    ANNOTATIONS_FIELD_NUMBER: _ClassVar[int]
    ANNOTATOR_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    annotations: _containers.RepeatedCompositeFieldContainer[AnnotationUpdate]
    annotator: str
    request_id: str
    def __init__(self, dataset: _Optional[str] = ..., annotations: _Optional[_Iterable[_Union[AnnotationUpdate, _Mapping]]] = ..., annotator: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class AnnotateResponse(_message.Message):
    __slots__ = ("changed_count", "unchanged_count", "failed_count", "failures", "revision")
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    changed_count: int
    unchanged_count: int
    failed_count: int
    failures: _containers.RepeatedCompositeFieldContainer[_failure_pb2.ItemFailure]
    revision: int
    def __init__(self, changed_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[_failure_pb2.ItemFailure, _Mapping]]] = ..., revision: _Optional[int] = ...) -> None: ...

class GetAnnotationRequest(_message.Message):
    __slots__ = ("dataset", "document")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    document: str
    def __init__(self, dataset: _Optional[str] = ..., document: _Optional[str] = ...) -> None: ...

class ListAnnotationsRequest(_message.Message):
    __slots__ = ("dataset", "page_size", "page_token")
    DATASET_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    dataset: str
    page_size: int
    page_token: str
    def __init__(self, dataset: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAnnotationsResponse(_message.Message):
    __slots__ = ("annotations", "next_page_token")
    ANNOTATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    annotations: _containers.RepeatedCompositeFieldContainer[_annotation_pb2.Annotation]
    next_page_token: str
    def __init__(self, annotations: _Optional[_Iterable[_Union[_annotation_pb2.Annotation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
