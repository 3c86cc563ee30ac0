"""The call that takes a dataset back (pure)."""

from dataclasses import dataclass

from pinfold import _methods, _names
from pinfold._calls import Call, call
from pinfold._types import RestoreReport
from pinfold.v1.restore_pb2 import RestoreDatasetRequest, RestoreDatasetResponse


@dataclass(frozen=True, slots=True)
class RestoreTerms:
    """Who restores, and whether the version that was trained on what is left behind is left unpinned."""

    actor: str
    skip_pin: bool


def restore_dataset(
    dataset_id: str, version: int | str | None, revision: int | None, current_revision: int | None, terms: RestoreTerms
) -> Call[RestoreReport]:
    """Raises ValueError unless exactly one of version and revision is told."""
    if (version is None) == (revision is None):
        raise ValueError("restore() needs either version or revision")
    request = RestoreDatasetRequest(dataset=_names.dataset(dataset_id), actor=terms.actor, skip_pin=terms.skip_pin)
    if version is not None:
        request.version = _names.version(dataset_id, version)
    if revision is not None:
        request.revision = revision
    if current_revision is not None:
        request.current_revision = current_revision
    return call(_methods.RESTORE_DATASET, request, _report)


def _report(answer: RestoreDatasetResponse) -> RestoreReport:
    return RestoreReport(
        restored_revision=answer.restored_revision,
        previous_revision=answer.previous_revision,
        revision=answer.revision,
        annotations=answer.annotation_count,
        labels=answer.label_count,
        missing_count=answer.missing_count,
        missing=tuple(answer.missing),
        kept_version=int(_names.last_part(answer.kept_version)) if answer.kept_version else None,
        kept_version_revision=answer.kept_version_revision,
        pinned=answer.pinned,
    )
