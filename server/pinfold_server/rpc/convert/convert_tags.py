"""Tags: records to messages."""

from pinfold.v1.tag_pb2 import Tag, TagEvent
from pinfold_server.domain import names
from pinfold_server.domain.releases.tags import previous_version
from pinfold_server.rpc.convert.convert_gates import report_to_pb
from pinfold_server.rpc.convert.convert_time import timestamp
from pinfold_server.store.storage_pb2 import TagEventRecord, TagRecord

_KINDS = {
    "set": TagEvent.KIND_SET,
    "promote": TagEvent.KIND_PROMOTE,
    "rollback": TagEvent.KIND_ROLLBACK,
    "clear": TagEvent.KIND_CLEAR,
    "shadow": TagEvent.KIND_SHADOW,
    "shadow_end": TagEvent.KIND_SHADOW_END,
    "gate": TagEvent.KIND_GATE,
    "gate_end": TagEvent.KIND_GATE_END,
}


def tag_to_pb(dataset_id: str, record: TagRecord) -> Tag:
    return Tag(
        name=names.tag_name(dataset_id, record.tag),
        version=record.version,
        previous_version=previous_version(record.earlier),
        update_time=timestamp(record.updated_us),
        actor=record.actor,
        etag=str(record.generation),
    )


def event_to_pb(dataset_id: str, record: TagEventRecord) -> TagEvent:
    return TagEvent(
        tag=names.tag_name(dataset_id, record.tag),
        kind=_KINDS[record.kind],
        from_version=record.from_version,
        to_version=record.to_version,
        time=timestamp(record.time_us),
        actor=record.actor,
        gate=report_to_pb(record.gate) if record.HasField("gate") else None,
        forced=record.forced,
        reason=record.reason,
    )


def history_parent(parent: str) -> tuple[str, str | None]:
    """Dataset id, and the tag when the parent is one."""
    if parent.count("/") == 1:
        return names.parse_dataset(parent, "parent"), None
    return names.parse_tag(parent, "parent")
