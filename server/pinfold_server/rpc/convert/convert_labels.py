"""Labels: messages to values, records to messages."""

from collections.abc import Iterable

from pinfold.v1.dataset_service_pb2 import UpsertLabelsResponse
from pinfold.v1.label_pb2 import Label
from pinfold.v1.taxonomy_pb2 import LabelEvent
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store.storage_pb2 import LabelEventRecord, LabelRecord, UpsertLabelsAnswer


def label_updates_from_pb(labels: Iterable[Label]) -> list[LabelUpdate]:
    return [LabelUpdate(label.name, label.description, label.external_id) for label in labels]


def label_to_pb(record: LabelRecord) -> Label:
    return Label(
        name=record.name,
        description=record.description,
        external_id=record.external_id,
        assigned_count=record.assigned_count,
        dismissed_count=record.dismissed_count,
    )


def labels_to_pb(answer: UpsertLabelsAnswer) -> UpsertLabelsResponse:
    return UpsertLabelsResponse(
        labels=map(label_to_pb, answer.labels), created_count=answer.created_count, revision=answer.revision
    )


def label_event_to_pb(record: LabelEventRecord) -> LabelEvent:
    return LabelEvent(
        kind=record.kind,  # type: ignore[arg-type]
        from_label=record.from_name,
        to_label=record.to_name,
        time=timestamp(record.time_us),
        actor=record.actor,
        revision=record.revision,
    )
