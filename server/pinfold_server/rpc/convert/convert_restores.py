"""Restorations: messages to values, values to messages."""

from pinfold.v1.restore_pb2 import RestoreDatasetRequest, RestoreDatasetResponse
from pinfold_server.domain import names
from pinfold_server.errors import invalid
from pinfold_server.services.annotations.restores import RestoreTarget
from pinfold_server.store.storage_pb2 import RestoreAnswer


def target_from_pb(dataset_id: str, request: RestoreDatasetRequest) -> RestoreTarget:
    if bool(request.version) == request.HasField("revision"):
        raise invalid("revision", "must be set, or else version: exactly one of the two")
    if request.current_revision < 0:
        raise invalid("current_revision", f"must not be negative, got {request.current_revision}")
    expected, skip_pin = request.current_revision, request.skip_pin
    if not request.version:
        return RestoreTarget(revision=request.revision, expected=expected, skip_pin=skip_pin)
    owner, version = names.parse_version(request.version, "version")
    if owner != dataset_id:
        raise invalid("version", f"must be a version of {names.dataset_name(dataset_id)}")
    return RestoreTarget(version, expected=expected, skip_pin=skip_pin)


def restore_to_pb(dataset_id: str, answer: RestoreAnswer) -> RestoreDatasetResponse:
    return RestoreDatasetResponse(
        restored_revision=answer.restored_revision,
        previous_revision=answer.previous_revision,
        revision=answer.revision,
        annotation_count=answer.annotation_count,
        label_count=answer.label_count,
        missing_count=answer.missing_count,
        missing=answer.missing,
        kept_version=names.version_name(dataset_id, answer.kept_version) if answer.kept_version else "",
        kept_version_revision=answer.kept_version_revision,
        pinned=answer.pinned,
    )
