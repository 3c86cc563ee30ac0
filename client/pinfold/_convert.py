"""Datasets, documents, labels and annotations from the wire (pure)."""

from collections.abc import Mapping
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from pinfold import _names
from pinfold._enums import (
    ANNOTATION_CAUSES,
    LABEL_EVENT_KINDS,
    LABEL_MODES,
    RETRIEVAL_MODES,
    SENTIMENTS,
    LabelMode,
    Sentiment,
)
from pinfold._types import (
    Annotation,
    AnnotationEvent,
    AutoTraining,
    DatasetInfo,
    Document,
    ItemFailure,
    Label,
    LabelEvent,
    PredictionCoverage,
    SourceInfo,
)
from pinfold.v1 import (
    annotation_history_pb2,
    annotation_pb2,
    dataset_pb2,
    document_pb2,
    failure_pb2,
    label_pb2,
    prediction_service_pb2,
    sampling_pb2,
    source_pb2,
    taxonomy_pb2,
)
from pinfold.v1 import dataset_service_pb2 as pb

_MayHaveCoverage = (
    pb.ListDocumentsResponse
    | pb.DeleteDocumentsResponse
    | sampling_pb2.SampleDocumentsResponse
    | prediction_service_pb2.PredictMatchingDocumentsResponse
)


def time_from(timestamp: Timestamp) -> datetime:
    return timestamp.ToDatetime(tzinfo=UTC)


def source_info(source: source_pb2.Source) -> SourceInfo:
    return SourceInfo(
        id=_names.last_part(source.name),
        title=source.title,
        document_count=source.document_count,
        create_time=time_from(source.create_time),
        update_time=time_from(source.update_time),
        etag=source.etag,
    )


def dataset_info(dataset: dataset_pb2.Dataset) -> DatasetInfo:
    return DatasetInfo(
        id=_names.last_part(dataset.name),
        title=dataset.title,
        description=dataset.description,
        sources=tuple(_names.last_part(name) for name in dataset.sources),
        revision=dataset.revision,
        label_count=dataset.label_count,
        annotated_count=dataset.annotated_count,
        reviewed_count=dataset.reviewed_count,
        latest_version=dataset.latest_version or None,
        pinned_count=dataset.pinned_count,
        create_time=time_from(dataset.create_time),
        update_time=time_from(dataset.update_time),
        etag=dataset.etag,
        auto_training=auto_training(dataset.auto_training),
        label_sentiment=dataset.label_sentiment,
        label_mode=LABEL_MODES.decode(dataset.label_mode) or LabelMode.AUTO,
    )


def auto_training(wanted: dataset_pb2.AutoTraining) -> AutoTraining:
    return AutoTraining(
        enabled=wanted.enabled,
        after_changes=wanted.after_changes if wanted.HasField("after_changes") else AutoTraining().after_changes,
        after_quiet_seconds=(
            wanted.after_quiet_seconds if wanted.HasField("after_quiet_seconds") else AutoTraining().after_quiet_seconds
        ),
        run_configuration=_names.last_part(wanted.run_configuration) or None,
    )


def coverage(answer: _MayHaveCoverage) -> PredictionCoverage | None:
    """None where the filter asked for no predictions."""
    if not answer.HasField("coverage"):
        return None
    return PredictionCoverage(answer.coverage.version, answer.coverage.unscored_count)


def document(document: document_pb2.Document) -> Document:
    source_id, document_id = _names.document_parts(document.name)
    return Document(
        id=document_id,
        source=source_id,
        text=document.text,
        timestamp=time_from(document.timestamp),
        metadata=metadata(document.metadata),
        create_time=time_from(document.create_time),
        update_time=time_from(document.update_time),
    )


def metadata(properties: Mapping[str, document_pb2.MetadataValue]) -> dict[str, str | float]:
    return {name: _metadata_value(value) for name, value in properties.items()}


def _metadata_value(value: document_pb2.MetadataValue) -> str | float:
    return value.number_value if value.WhichOneof("kind") == "number_value" else value.string_value


def label(label: label_pb2.Label) -> Label:
    return Label(label.name, label.description, label.assigned_count, label.dismissed_count, label.external_id)


def label_event(event: taxonomy_pb2.LabelEvent) -> LabelEvent:
    return LabelEvent(
        kind=LABEL_EVENT_KINDS.decode(event.kind),
        from_label=event.from_label or None,
        to_label=event.to_label or None,
        time=time_from(event.time),
        actor=event.actor,
        revision=event.revision,
    )


def annotation(annotation: annotation_pb2.Annotation) -> Annotation:
    source_id, document_id = _names.document_parts(annotation.document)
    return Annotation(
        document_id=document_id,
        source=source_id,
        assigned=tuple(annotation.assigned),
        dismissed=tuple(annotation.dismissed),
        reviewed=annotation.reviewed,
        annotator=annotation.annotator,
        retrieval_mode=RETRIEVAL_MODES.decode(annotation.retrieval_mode),
        update_time=time_from(annotation.update_time),
        revision=annotation.revision,
        etag=annotation.etag,
        sentiments=_sentiments(annotation),
    )


def _sentiments(said: annotation_pb2.Annotation | annotation_history_pb2.AnnotationEvent) -> dict[str, Sentiment]:
    """By assigned label; empty where the dataset has none."""
    if not said.sentiments:
        return {}
    told = zip(said.assigned, map(SENTIMENTS.decode, said.sentiments), strict=True)
    return {label: sentiment for label, sentiment in told if sentiment is not None}


def annotation_event(event: annotation_history_pb2.AnnotationEvent) -> AnnotationEvent:
    return AnnotationEvent(
        revision=event.revision,
        time=time_from(event.time),
        annotator=event.annotator,
        retrieval_mode=RETRIEVAL_MODES.decode(event.retrieval_mode),
        cause=ANNOTATION_CAUSES.decode(event.cause),
        assigned=tuple(event.assigned),
        dismissed=tuple(event.dismissed),
        reviewed=event.reviewed,
        newly_assigned=tuple(event.newly_assigned),
        no_longer_assigned=tuple(event.no_longer_assigned),
        newly_dismissed=tuple(event.newly_dismissed),
        no_longer_dismissed=tuple(event.no_longer_dismissed),
        actor=event.actor,
        sentiments=_sentiments(event),
    )


def item_failure(failure: failure_pb2.ItemFailure) -> ItemFailure:
    return ItemFailure(failure.index, failure.id, failure.code, failure.reason, failure.field, failure.message)
