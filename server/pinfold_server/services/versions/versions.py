"""Model versions: found, listed, pinned, given up, and their files read."""

from collections.abc import Iterator
from dataclasses import dataclass

from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.errors import precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.versions import pins
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, VersionLabelsRecord, VersionRecord
from pinfold_server.store.tables import artefacts, datasets, shadows, streams, tags, versions


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A version and what the store knows of it at the same moment."""

    record: VersionRecord
    tags: tuple[str, ...]
    labels: VersionLabelsRecord | None = None


class VersionService:
    """Every method raises AppError NOT_FOUND for a dataset, version or tag that is not there."""

    def __init__(self, store: Store, changes: Changes, *, pins_max: int) -> None:
        self._store = store
        self._changes = changes
        self._pins_max = pins_max

    def get(self, dataset_id: str, wanted: VersionRef) -> VersionInfo:
        """With its labels."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.version(txn, owner, wanted)
            return VersionInfo(record, _tags_of(txn, owner, record), versions.labels(txn, owner.uid, record.number))

    def list_versions(self, dataset_id: str, page: PageRequest, *, pinned_only: bool) -> Page[VersionInfo]:
        """Newest first, without their labels."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = versions.scope(owner.uid)
            entries = versions.newest_first(txn, owner.uid, page.position(scope))
            found = take(_only_pinned(entries) if pinned_only else entries, page.limit(), scope)
            pointing = _tags_by_version(txn, owner)
            infos = [VersionInfo(record, tuple(pointing.get(record.number, ()))) for record in found.records]
            return Page(infos, found.next_token)

    async def pin(self, dataset_id: str, wanted: VersionRef, once: RequestKey | None = None) -> VersionInfo:
        """Keeps the version for ever. Raises AppError VERSION_NOT_AVAILABLE, TOO_MANY_PINS."""

        def work(txn: Txn, now_us: int) -> VersionRecord:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.version(txn, owner, wanted)
            if record.pinned:
                return record
            pins.check_pinnable(owner, record, self._pins_max)
            pins.pin(txn, owner, record, now_us)
            return record

        return self._described(dataset_id, await self._changes.run(VersionRecord, work, once))

    async def unpin(self, dataset_id: str, number: int, once: RequestKey | None = None) -> VersionInfo:
        """Gives the version up; its file is dropped unless it is the newest. Raises AppError VERSION_IN_USE."""

        def work(txn: Txn, _now_us: int) -> VersionRecord:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.version_number(txn, owner, number)
            if not record.pinned:
                return record
            _check_unused(txn, owner, number)
            record.pinned, record.pinned_us, record.pin_note = False, 0, ""
            if number != owner.latest_version:
                drop_file(txn, owner.uid, record)
            versions.put(txn, owner.uid, record)
            owner.pinned_count -= 1
            datasets.put(txn, owner)
            return record

        return self._described(dataset_id, await self._changes.run(VersionRecord, work, once))

    def file(self, dataset_id: str, wanted: VersionRef) -> tuple[VersionRecord, bytes]:
        """The ONNX file, its digest checked. Raises AppError VERSION_NOT_AVAILABLE, MODEL_DAMAGED."""
        with self._store.read() as txn:
            record = lookup.version(txn, lookup.dataset(txn, dataset_id), wanted)
            if not record.available:
                raise precondition(
                    "VERSION_NOT_AVAILABLE",
                    f"the file of version {record.number} was dropped: only pinned versions and the newest are kept",
                    name=version_name(dataset_id, record.number),
                )
            return record, artefacts.read(txn, record.sha256)

    def _described(self, dataset_id: str, record: VersionRecord) -> VersionInfo:
        """The answer of a change, also when it is the stored answer of an earlier attempt."""
        with self._store.read() as txn:
            owner = datasets.get(txn, dataset_id)
            if owner is None:
                return VersionInfo(record, (), VersionLabelsRecord())
            return VersionInfo(record, _tags_of(txn, owner, record), versions.labels(txn, owner.uid, record.number))


def drop_file(txn: Txn, dataset_uid: int, record: VersionRecord) -> None:
    """Gives up a version's file, its golden answers and its keywords; the caller stores the record."""
    if record.available:
        artefacts.dereference(txn, record.sha256)
        versions.delete_golden(txn, dataset_uid, record.number)
        versions.delete_keywords(txn, dataset_uid, record.number)
        record.available = False


def _check_unused(txn: Txn, owner: DatasetRecord, number: int) -> None:
    """Raises AppError VERSION_IN_USE."""
    pointing, predicting = tags.of_version(txn, owner.uid, number), streams.of_version(txn, owner.uid, number)
    if pointing or predicting:
        holders = [*(f"tag {tag!r}" for tag in pointing), *(f"stream {stream!r}" for stream in predicting)]
        raise precondition(
            "VERSION_IN_USE",
            f"version {number} is used by {', '.join(holders)}: move that first",
            name=version_name(owner.id, number),
            tags=",".join(pointing),
            streams=",".join(predicting),
        )
    tried = shadows.of_version(txn, owner.uid, number)
    if tried:
        raise precondition(
            "VERSION_IN_USE",
            f"version {number} is the shadow of {', '.join(f'tag {tag!r}' for tag in tried)}: clear that first",
            name=version_name(owner.id, number),
            tags=",".join(tried),
        )


def _tags_of(txn: Txn, owner: DatasetRecord, record: VersionRecord) -> tuple[str, ...]:
    return tuple(tags.of_version(txn, owner.uid, record.number))


def _tags_by_version(txn: Txn, owner: DatasetRecord) -> dict[int, list[str]]:
    pointing: dict[int, list[str]] = {}
    for _, record in tags.by_name(txn, owner.uid):
        pointing.setdefault(record.version, []).append(record.tag)
    return pointing


def _only_pinned(entries: Iterator[tuple[bytes, VersionRecord]]) -> Iterator[tuple[bytes, VersionRecord]]:
    return (entry for entry in entries if entry[1].pinned)
