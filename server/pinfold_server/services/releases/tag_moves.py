"""One move of a tag, inside the transaction that makes it."""

from dataclasses import dataclass

from pinfold_server.domain.names import ACTOR_CHARS_MAX, check_text_field, dataset_name, tag_name, version_name
from pinfold_server.domain.releases.tags import TagPosition, move
from pinfold_server.errors import AppError, Code, precondition, stale_etag
from pinfold_server.services.common import lookup
from pinfold_server.services.releases.gate_records import report_to_record
from pinfold_server.services.releases.gates import Standing
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, TagEventRecord, TagRecord
from pinfold_server.store.tables import gates, shadows, tags


@dataclass(frozen=True, slots=True)
class TagChange:
    """Who changes which tag, and on what condition."""

    dataset_id: str
    tag: str
    etag: str = ""
    actor: str = ""

    def __post_init__(self) -> None:
        check_text_field(self.actor, "actor", ACTOR_CHARS_MAX)


@dataclass(frozen=True, slots=True)
class Release:
    """How a version stood before the gate of the tag; `forced`: the tag is moved nevertheless, for `reason`."""

    standing: Standing
    forced: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """What moves a tag, when, and what its gate said. Rollbacks stand before no gate."""

    kind: str
    now_us: int
    release: Release | None = None


def point(txn: Txn, owner: DatasetRecord, change: TagChange, number: int, moved: Move) -> TagRecord:
    version = lookup.version_number(txn, owner, number)
    if not version.pinned:
        raise precondition(
            "VERSION_NOT_PINNED",
            f"version {number} of {dataset_name(owner.id)} is not pinned: pin it, then set the tag",
            name=version_name(owner.id, number),
        )
    record = tags.get(txn, owner.uid, change.tag)
    if record is None and change.etag:
        raise stale_etag(tag_name(owner.id, change.tag), "")
    if record is not None:
        check_etag(record, change)
        if record.version == number:
            return record
    _check_standing(txn, owner, change, (0 if record is None else record.version, number), moved.release)
    current = None if record is None else TagPosition(record.version, tuple(record.earlier))
    return store(txn, owner, change, (record, move(current, number)), moved)


def _check_standing(
    txn: Txn, owner: DatasetRecord, change: TagChange, versions_: tuple[int, int], release: Release | None
) -> None:
    """Whoever passed a gate passed this one, with this version, for this place. Raises AppError GATE_OUTDATED."""
    gate = gates.get(txn, owner.uid, change.tag)
    standing = None if release is None else release.standing
    looked_at = None if standing is None else standing.gate
    same = standing is None or not standing.checks or (standing.base, standing.candidate) == versions_
    if gate != looked_at or not same:
        raise AppError(
            Code.CONFLICT,
            "GATE_OUTDATED",
            f"{tag_name(owner.id, change.tag)}, its conditions or the version were changed while they were looked at: "
            "send this again",
        )


def store(
    txn: Txn,
    owner: DatasetRecord,
    change: TagChange,
    places: tuple[TagRecord | None, TagPosition],
    moved: Move,
) -> TagRecord:
    before, position = places
    event = TagEventRecord(
        tag=change.tag,
        kind=moved.kind,
        from_version=0 if before is None else before.version,
        to_version=position.version,
        time_us=moved.now_us,
        actor=change.actor,
    )
    if moved.release is not None:
        event.forced, event.reason = moved.release.forced, moved.release.reason
        standing = moved.release.standing
        if standing.checks:
            event.gate.CopyFrom(report_to_record(standing.base, standing.candidate, standing.checks))
    changed = TagRecord(
        tag=change.tag,
        version=position.version,
        earlier=position.earlier,
        updated_us=moved.now_us,
        actor=change.actor,
        generation=tags.add_event(txn, owner.uid, event),  # goes on after a clear, so an old etag stays stale
    )
    tags.put(txn, owner.uid, changed)
    shadow = shadows.get(txn, owner.uid, change.tag)
    if shadow is not None and shadow.version == position.version:
        shadows.delete(txn, owner.uid, change.tag)  # it has come to be what it was tried for
    return changed


def check_etag(record: TagRecord, change: TagChange) -> None:
    if change.etag and change.etag != str(record.generation):
        raise stale_etag(tag_name(change.dataset_id, change.tag), str(record.generation))
