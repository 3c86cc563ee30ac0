"""Tags: pointed to pinned versions, promoted, rolled back, and every change remembered."""

from collections.abc import Iterator
from dataclasses import dataclass

from pinfold_server.domain.names import (
    ACTOR_CHARS_MAX,
    check_tag,
    check_text_field,
    dataset_name,
    tag_name,
    version_name,
)
from pinfold_server.domain.tags import TagPosition, move, roll_back
from pinfold_server.errors import invalid, precondition, stale_etag
from pinfold_server.services import lookup
from pinfold_server.services.changes import Changes, RequestKey
from pinfold_server.services.pages import Page, PageRequest, take
from pinfold_server.store import keys, shadows, tags, versions
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord, TagEventRecord, TagRecord


@dataclass(frozen=True, slots=True)
class TagChange:
    """Who changes which tag, and on what condition."""

    dataset_id: str
    tag: str
    etag: str = ""
    actor: str = ""

    def __post_init__(self) -> None:
        check_text_field(self.actor, "actor", ACTOR_CHARS_MAX)


class TagService:
    """Every method raises AppError NOT_FOUND for a dataset or tag that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    def get(self, dataset_id: str, tag: str) -> TagRecord:
        with self._store.read() as txn:
            return lookup.tag(txn, lookup.dataset(txn, dataset_id), tag)

    def list_tags(self, dataset_id: str, page: PageRequest) -> Page[TagRecord]:
        """Tags by name."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = tags.scope(owner.uid)
            start = page.position(scope)
            entries = tags.by_name(txn, owner.uid, keys.after(start) if start else b"")
            return take(entries, page.limit(), scope)

    def history(self, dataset_id: str, tag: str | None, page: PageRequest) -> Page[TagEventRecord]:
        """Changes of one tag, or of all, newest first."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = tags.events_scope(owner.uid) + (tag or "").encode()
            entries = tags.events_newest_first(txn, owner.uid, page.position(scope))
            return take(_of_tag(entries, tag), page.limit(), scope)

    async def set(self, change: TagChange, version: int, once: RequestKey | None = None) -> TagRecord:
        """Raises AppError VERSION_NOT_PINNED, ETAG_MISMATCH."""

        def work(txn: Txn, now_us: int) -> TagRecord:
            owner = lookup.dataset(txn, change.dataset_id)
            return _point(txn, owner, change, version, "set", now_us)

        return await self._changes.run(TagRecord, work, once)

    async def promote(self, change: TagChange, from_tag: str, once: RequestKey | None = None) -> TagRecord:
        """Points `change.tag` to the version of `from_tag`."""
        check_tag(from_tag, "from_tag")
        if from_tag == change.tag:
            raise invalid("to_tag", f"must differ from from_tag, both are {from_tag!r}")

        def work(txn: Txn, now_us: int) -> TagRecord:
            owner = lookup.dataset(txn, change.dataset_id)
            version = lookup.tag(txn, owner, from_tag).version
            return _point(txn, owner, change, version, "promote", now_us)

        return await self._changes.run(TagRecord, work, once)

    async def roll_back(self, change: TagChange, once: RequestKey | None = None) -> TagRecord:
        """Raises AppError NO_PREVIOUS_VERSION."""

        def work(txn: Txn, now_us: int) -> TagRecord:
            owner = lookup.dataset(txn, change.dataset_id)
            record = lookup.tag(txn, owner, change.tag)
            _check_etag(record, change)
            position = roll_back(
                TagPosition(record.version, tuple(record.earlier)), lambda number: _is_pinned(txn, owner, number)
            )
            if position is None:
                raise precondition(
                    "NO_PREVIOUS_VERSION",
                    f"tag {change.tag!r} has no earlier version that is still pinned",
                    name=tag_name(owner.id, change.tag),
                )
            return _store(txn, owner, record, position, "rollback", change.actor, now_us)

        return await self._changes.run(TagRecord, work, once)

    async def clear(self, change: TagChange, once: RequestKey | None = None) -> CountAnswer:
        """Removes the tag; answers the number of the version that it pointed to."""

        def work(txn: Txn, now_us: int) -> CountAnswer:
            owner = lookup.dataset(txn, change.dataset_id)
            record = lookup.tag(txn, owner, change.tag)
            _check_etag(record, change)
            tags.delete(txn, owner.uid, change.tag)
            shadows.delete(txn, owner.uid, change.tag)
            event = TagEventRecord(
                tag=change.tag, kind="clear", from_version=record.version, time_us=now_us, actor=change.actor
            )
            tags.add_event(txn, owner.uid, event)
            return CountAnswer(count=record.version)

        return await self._changes.run(CountAnswer, work, once)


def _point(txn: Txn, owner: DatasetRecord, change: TagChange, number: int, kind: str, now_us: int) -> TagRecord:
    version = lookup.version_number(txn, owner, number)
    if not version.pinned:
        raise precondition(
            "VERSION_NOT_PINNED",
            f"version {number} of {dataset_name(owner.id)} is not pinned: pin it, then set the tag",
            name=version_name(owner.id, number),
        )
    record = tags.get(txn, owner.uid, change.tag)
    if record is None:
        if change.etag:
            raise stale_etag(tag_name(owner.id, change.tag), "")
        return _store(txn, owner, TagRecord(tag=change.tag), move(None, number), kind, change.actor, now_us)
    _check_etag(record, change)
    if record.version == number:
        return record
    position = move(TagPosition(record.version, tuple(record.earlier)), number)
    return _store(txn, owner, record, position, kind, change.actor, now_us)


def _store(
    txn: Txn, owner: DatasetRecord, record: TagRecord, position: TagPosition, kind: str, actor: str, now_us: int
) -> TagRecord:
    event = TagEventRecord(
        tag=record.tag, kind=kind, from_version=record.version, to_version=position.version, time_us=now_us, actor=actor
    )
    changed = TagRecord(
        tag=record.tag,
        version=position.version,
        earlier=position.earlier,
        updated_us=now_us,
        actor=actor,
        generation=tags.add_event(txn, owner.uid, event),  # goes on after a clear, so an old etag stays stale
    )
    tags.put(txn, owner.uid, changed)
    shadow = shadows.get(txn, owner.uid, record.tag)
    if shadow is not None and shadow.version == position.version:
        shadows.delete(txn, owner.uid, record.tag)  # it has come to be what it was tried for
    return changed


def _check_etag(record: TagRecord, change: TagChange) -> None:
    if change.etag and change.etag != str(record.generation):
        raise stale_etag(tag_name(change.dataset_id, change.tag), str(record.generation))


def _is_pinned(txn: Txn, owner: DatasetRecord, number: int) -> bool:
    version = versions.get(txn, owner.uid, number)
    return version is not None and version.pinned


def _of_tag(entries: Iterator[tuple[bytes, TagEventRecord]], tag: str | None) -> Iterator[tuple[bytes, TagEventRecord]]:
    return entries if tag is None else (entry for entry in entries if entry[1].tag == tag)
