"""Tags: pointed to pinned versions, promoted, rolled back, and every change remembered."""

from collections.abc import Iterator

from pinfold_server.domain.names import (
    check_tag,
    tag_name,
)
from pinfold_server.domain.releases.tags import TagPosition, roll_back
from pinfold_server.errors import invalid, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.releases.tag_moves import Move, Release, TagChange, check_etag, point, store
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord, TagEventRecord, TagRecord
from pinfold_server.store.tables import shadows, tags, versions


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

    async def set(
        self, change: TagChange, version: int, once: RequestKey | None = None, release: Release | None = None
    ) -> TagRecord:
        """Raises AppError VERSION_NOT_PINNED, ETAG_MISMATCH, GATE_OUTDATED."""

        def work(txn: Txn, now_us: int) -> TagRecord:
            owner = lookup.dataset(txn, change.dataset_id)
            return point(txn, owner, change, version, Move("set", now_us, release))

        return await self._changes.run(TagRecord, work, once)

    async def promote(
        self, change: TagChange, from_tag: str, once: RequestKey | None = None, release: Release | None = None
    ) -> TagRecord:
        """Points `change.tag` to the version of `from_tag`. Raises AppError GATE_OUTDATED."""
        check_tag(from_tag, "from_tag")
        if from_tag == change.tag:
            raise invalid("to_tag", f"must differ from from_tag, both are {from_tag!r}")

        def work(txn: Txn, now_us: int) -> TagRecord:
            owner = lookup.dataset(txn, change.dataset_id)
            version = lookup.tag(txn, owner, from_tag).version
            return point(txn, owner, change, version, Move("promote", now_us, release))

        return await self._changes.run(TagRecord, work, once)

    async def roll_back(self, change: TagChange, once: RequestKey | None = None) -> TagRecord:
        """Raises AppError NO_PREVIOUS_VERSION."""

        def work(txn: Txn, now_us: int) -> TagRecord:
            owner = lookup.dataset(txn, change.dataset_id)
            record = lookup.tag(txn, owner, change.tag)
            check_etag(record, change)
            position = roll_back(
                TagPosition(record.version, tuple(record.earlier)), lambda number: _is_pinned(txn, owner, number)
            )
            if position is None:
                raise precondition(
                    "NO_PREVIOUS_VERSION",
                    f"tag {change.tag!r} has no earlier version that is still pinned",
                    name=tag_name(owner.id, change.tag),
                )
            return store(txn, owner, change, (record, position), Move("rollback", now_us))

        return await self._changes.run(TagRecord, work, once)

    async def clear(self, change: TagChange, once: RequestKey | None = None) -> CountAnswer:
        """Removes the tag; answers the number of the version that it pointed to."""

        def work(txn: Txn, now_us: int) -> CountAnswer:
            owner = lookup.dataset(txn, change.dataset_id)
            record = lookup.tag(txn, owner, change.tag)
            check_etag(record, change)
            tags.delete(txn, owner.uid, change.tag)
            shadows.delete(txn, owner.uid, change.tag)
            event = TagEventRecord(
                tag=change.tag, kind="clear", from_version=record.version, time_us=now_us, actor=change.actor
            )
            tags.add_event(txn, owner.uid, event)
            return CountAnswer(count=record.version)

        return await self._changes.run(CountAnswer, work, once)


def _is_pinned(txn: Txn, owner: DatasetRecord, number: int) -> bool:
    version = versions.get(txn, owner.uid, number)
    return version is not None and version.pinned


def _of_tag(entries: Iterator[tuple[bytes, TagEventRecord]], tag: str | None) -> Iterator[tuple[bytes, TagEventRecord]]:
    return entries if tag is None else (entry for entry in entries if entry[1].tag == tag)
