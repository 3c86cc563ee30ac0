"""Datasets, labels and annotations: messages to values, records to messages."""

from collections.abc import Iterable

from pinfold.v1.annotation_pb2 import Annotation, LabelSet
from pinfold.v1.dataset_pb2 import Dataset
from pinfold.v1.dataset_service_pb2 import (
    AnnotateResponse,
    CreateDatasetRequest,
    UpdateDatasetRequest,
)
from pinfold.v1.dataset_service_pb2 import (
    AnnotationUpdate as AnnotationUpdateMessage,
)
from pinfold.v1.version_pb2 import (
    LABEL_MODE_AUTO,
    LABEL_MODE_MULTI_LABEL,
    LABEL_MODE_SINGLE_LABEL,
    LABEL_MODE_UNSPECIFIED,
)
from pinfold_server.domain import names
from pinfold_server.domain.runs.configs import LabelMode
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_statuses import auto_training_from_pb, auto_training_to_pb
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.rpc.convert.convert_uploads import failure_to_pb
from pinfold_server.services.annotations.annotations import AnnotationInfo, AnnotationUpdate
from pinfold_server.services.common.etags import etag_of
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.labels import label_modes
from pinfold_server.store.storage_pb2 import AnnotateAnswer, DatasetRecord

_UPDATABLE = {"auto_training", "description", "label_mode", "sources", "title"}
_LABEL_MODES = {
    LabelMode.AUTO: LABEL_MODE_AUTO,
    LabelMode.MULTI_LABEL: LABEL_MODE_MULTI_LABEL,
    LabelMode.SINGLE_LABEL: LABEL_MODE_SINGLE_LABEL,
}


def dataset_to_pb(record: DatasetRecord) -> Dataset:
    return Dataset(
        name=names.dataset_name(record.id),
        title=record.title,
        description=record.description,
        sources=map(names.source_name, record.source_ids),
        revision=record.revision,
        label_count=record.label_count,
        annotated_count=record.annotated_count,
        reviewed_count=record.reviewed_count,
        latest_version=record.latest_version,
        pinned_count=record.pinned_count,
        create_time=timestamp(record.created_us),
        update_time=timestamp(record.updated_us),
        etag=etag_of(record),
        auto_training=auto_training_to_pb(record),
        label_sentiment=record.label_sentiment,
        label_mode=_LABEL_MODES[label_modes.from_record(record)],
    )


def new_dataset_from_pb(request: CreateDatasetRequest) -> DatasetFields:
    wanted = request.dataset
    sources = _source_ids(wanted.sources) if wanted.sources else None
    automatic = auto_training_from_pb(wanted.auto_training) if wanted.HasField("auto_training") else None
    return DatasetFields(
        wanted.title,
        wanted.description,
        sources,
        automatic,
        _label_mode(wanted.label_mode),
        wanted.label_sentiment,
    )


def changed_dataset_from_pb(request: UpdateDatasetRequest) -> DatasetFields:
    """The fields that the mask names; without one, those that are not empty."""
    wanted = request.dataset
    chosen = set(request.update_mask.paths) or _UPDATABLE & {each.name for each, _ in wanted.ListFields()}
    for path in sorted(chosen - _UPDATABLE):
        raise invalid("update_mask", f"must name only {', '.join(sorted(_UPDATABLE))}, got {path!r}")
    return DatasetFields(
        wanted.title if "title" in chosen else None,
        wanted.description if "description" in chosen else None,
        _source_ids(wanted.sources) if "sources" in chosen else None,
        auto_training_from_pb(wanted.auto_training) if "auto_training" in chosen else None,
        _label_mode(wanted.label_mode) if "label_mode" in chosen else None,
    )


def _label_mode(number: int) -> LabelMode:
    if number == LABEL_MODE_UNSPECIFIED:
        return LabelMode.AUTO
    for mode, known in _LABEL_MODES.items():
        if known == number:
            return mode
    raise invalid("dataset.label_mode", f"is not known to this server: {number}")


def annotation_update_from_pb(message: AnnotationUpdateMessage) -> AnnotationUpdate:
    return AnnotationUpdate(
        message.document,
        _labels(message.assigned) if message.HasField("assigned") else None,
        _labels(message.dismissed) if message.HasField("dismissed") else None,
        message.reviewed if message.HasField("reviewed") else None,
        message.retrieval_mode,
        message.etag,
        tuple(message.assigned.sentiments),
        tuple(message.dismissed.sentiments),
    )


def annotation_to_pb(info: AnnotationInfo) -> Annotation:
    return Annotation(
        document=info.document,
        assigned=info.assigned,
        dismissed=info.dismissed,
        reviewed=info.record.reviewed,
        annotator=info.record.annotator,
        retrieval_mode=info.record.retrieval_mode,  # type: ignore[arg-type]
        update_time=timestamp(info.record.updated_us),
        revision=info.record.revision,
        etag=info.etag,
        sentiments=map(int, info.sentiments),  # type: ignore[arg-type]
    )


def annotate_to_pb(answer: AnnotateAnswer) -> AnnotateResponse:
    return AnnotateResponse(
        changed_count=answer.changed_count,
        unchanged_count=answer.unchanged_count,
        failed_count=len(answer.failures),
        failures=map(failure_to_pb, answer.failures),
        revision=answer.revision,
    )


def _source_ids(sources: Iterable[str]) -> tuple[str, ...]:
    return tuple(names.parse_source(name, f"dataset.sources[{index}]") for index, name in enumerate(sources))


def _labels(labels: LabelSet) -> tuple[str, ...]:
    return tuple(labels.labels)
