"""The calls of sources, datasets, documents, labels and annotations (pure: arguments in, calls out)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from google.protobuf.field_mask_pb2 import FieldMask

from pinfold import _convert, _methods, _names
from pinfold._calls import Call, Listing, call, listing, nothing
from pinfold._enums import ANNOTATED_DOCUMENTS, LABEL_MODES, AnnotatedDocuments, LabelMode
from pinfold._types import (
    Annotation,
    AnnotationEvent,
    DatasetInfo,
    DeletedDocuments,
    Document,
    PredictionCoverage,
    SourceInfo,
)
from pinfold.filters import Filter, text_of
from pinfold.v1 import annotation_history_pb2, dataset_pb2, document_pb2, source_pb2
from pinfold.v1 import dataset_service_pb2 as pb

DELETE_BATCH = 1_000


def create_source(source_id: str, title: str) -> Call[SourceInfo]:
    source = source_pb2.Source(title=title)
    request = pb.CreateSourceRequest(source_id=_names.text_argument(source_id, "id"), source=source)
    return call(_methods.CREATE_SOURCE, request, _convert.source_info)


def get_source(source_id: str) -> Call[SourceInfo]:
    request = pb.GetSourceRequest(name=_names.source(source_id))
    return call(_methods.GET_SOURCE, request, _convert.source_info)


def list_sources() -> Listing[SourceInfo]:
    return listing(_methods.LIST_SOURCES, pb.ListSourcesRequest(), lambda page: page.sources, _convert.source_info)


def delete_source(source_id: str, etag: str | None) -> Call[None]:
    request = pb.DeleteSourceRequest(name=_names.source(source_id), etag=etag)
    return call(_methods.DELETE_SOURCE, request, nothing)


def get_document(source_id: str, document_id: str) -> Call[Document]:
    request = pb.GetDocumentRequest(name=_names.document(source_id, document_id))
    return call(_methods.GET_DOCUMENT, request, _convert.document)


def list_documents(
    dataset_id: str | None,
    source_id: str | None,
    wanted: str | Filter | None,
    told: Callable[[PredictionCoverage], object] | None = None,
) -> Listing[Document]:
    """`told` gets what a filter on predictions could see, of each page."""
    request = pb.ListDocumentsRequest(
        dataset="" if dataset_id is None else _names.dataset(dataset_id),
        source="" if source_id is None else _names.source(source_id),
        filter=text_of(wanted),
    )

    def items(page: pb.ListDocumentsResponse) -> Iterable[document_pb2.Document]:
        coverage = _convert.coverage(page)
        if told is not None and coverage is not None:
            told(coverage)
        return page.documents

    return listing(_methods.LIST_DOCUMENTS, request, items, _convert.document)


def delete_documents(source_id: str, ids: Iterable[str]) -> list[Call[int]]:
    """As many calls as the limit of one needs; each answers how many documents it deleted."""
    checked = _names.text_list(ids, "ids")
    name = _names.source(source_id)
    requests = (
        pb.DeleteDocumentsRequest(source=name, ids=checked[start : start + DELETE_BATCH])
        for start in range(0, len(checked), DELETE_BATCH)
    )
    return [call(_methods.DELETE_DOCUMENTS, request, lambda answer: answer.deleted_count) for request in requests]


def delete_matching(
    dataset_id: str | None,
    source_id: str | None,
    wanted: str | Filter,
    annotated: AnnotatedDocuments | str,
    token: str,
) -> Call[tuple[DeletedDocuments, str]]:
    """One call deletes a bounded number; the token of its answer leads to the next one, and is empty at the end."""
    text = text_of(wanted)
    if not text:
        raise ValueError("filter must not be empty; to delete every document, delete the source")
    request = pb.DeleteDocumentsRequest(
        dataset="" if dataset_id is None else _names.dataset(dataset_id),
        source="" if source_id is None else _names.source(source_id),
        filter=text,
        annotated=ANNOTATED_DOCUMENTS.encode(annotated, "annotated"),
        page_token=token,
    )
    return call(
        _methods.DELETE_DOCUMENTS,
        request,
        lambda answer: (_deleted(answer), answer.next_page_token),
    )


def _deleted(answer: pb.DeleteDocumentsResponse) -> DeletedDocuments:
    return DeletedDocuments(answer.deleted_count, answer.kept_count, _convert.coverage(answer))


@dataclass(frozen=True, slots=True)
class DatasetFields:
    """What people choose of a dataset; None leaves it as it is, or to its default."""

    title: str | None = None
    description: str | None = None
    sources: Iterable[str] | None = None
    label_mode: LabelMode | str | None = None
    label_sentiment: bool = False  # of a new dataset

    def put(self, dataset: dataset_pb2.Dataset) -> list[str]:
        """Sets what is chosen, and names it. Raises ValueError for a label mode that there is not."""
        chosen = [name for name in ("title", "description", "sources", "label_mode") if getattr(self, name) is not None]
        if self.title is not None:
            dataset.title = self.title
        if self.description is not None:
            dataset.description = self.description
        if self.sources is not None:
            dataset.sources.extend(_names.source(each) for each in _names.text_list(self.sources, "sources"))
        if self.label_mode is not None:
            dataset.MergeFrom(dataset_pb2.Dataset(label_mode=LABEL_MODES.encode(self.label_mode, "label_mode")))
        return chosen


def create_dataset(dataset_id: str, wanted: DatasetFields) -> Call[DatasetInfo]:
    dataset = dataset_pb2.Dataset(label_sentiment=wanted.label_sentiment)
    wanted.put(dataset)
    request = pb.CreateDatasetRequest(dataset_id=_names.text_argument(dataset_id, "id"), dataset=dataset)
    return call(_methods.CREATE_DATASET, request, _convert.dataset_info)


def get_dataset(dataset_id: str) -> Call[DatasetInfo]:
    request = pb.GetDatasetRequest(name=_names.dataset(dataset_id))
    return call(_methods.GET_DATASET, request, _convert.dataset_info)


def list_datasets() -> Listing[DatasetInfo]:
    request = pb.ListDatasetsRequest()
    return listing(_methods.LIST_DATASETS, request, lambda page: page.datasets, _convert.dataset_info)


def update_dataset(dataset_id: str, wanted: DatasetFields, etag: str | None) -> Call[DatasetInfo]:
    """Raises ValueError when nothing is to be changed."""
    dataset = dataset_pb2.Dataset(name=_names.dataset(dataset_id), etag=etag)
    mask = FieldMask(paths=wanted.put(dataset))
    if not mask.paths:
        raise ValueError("update() needs at least one of title, description, sources and label_mode")
    request = pb.UpdateDatasetRequest(dataset=dataset, update_mask=mask)
    return call(_methods.UPDATE_DATASET, request, _convert.dataset_info)


def delete_dataset(dataset_id: str, etag: str | None, force: bool) -> Call[None]:
    request = pb.DeleteDatasetRequest(name=_names.dataset(dataset_id), etag=etag, force=force)
    return call(_methods.DELETE_DATASET, request, nothing)


def get_annotation(dataset_id: str, source_id: str, document_id: str) -> Call[Annotation]:
    request = pb.GetAnnotationRequest(
        dataset=_names.dataset(dataset_id), document=_names.document(source_id, document_id)
    )
    return call(_methods.GET_ANNOTATION, request, _convert.annotation)


def list_annotations(dataset_id: str) -> Listing[Annotation]:
    request = pb.ListAnnotationsRequest(dataset=_names.dataset(dataset_id))
    return listing(_methods.LIST_ANNOTATIONS, request, lambda page: page.annotations, _convert.annotation)


def list_annotation_history(dataset_id: str, source_id: str, document_id: str) -> Listing[AnnotationEvent]:
    request = annotation_history_pb2.ListAnnotationHistoryRequest(
        dataset=_names.dataset(dataset_id), document=_names.document(source_id, document_id)
    )
    return listing(_methods.LIST_ANNOTATION_HISTORY, request, lambda page: page.events, _convert.annotation_event)
