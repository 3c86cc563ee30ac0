"""Slices of a dataset: made, found, listed, changed, deleted. What they say of a version is `slice_evaluation`."""

from collections.abc import Iterator
from dataclasses import dataclass

from pinfold_server.domain.documents import filter_syntax
from pinfold_server.domain.names import DESCRIPTION_CHARS_MAX, check_text_field, dataset_name, slice_name
from pinfold_server.domain.quality.outcomes import Outcome
from pinfold_server.domain.quality.slices import BUILT_IN, SLICES_MAX, SliceCriteria, check_slice_id
from pinfold_server.errors import exists, not_found, precondition, stale_etag, too_many
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord, SliceRecord
from pinfold_server.store.tables import slices


@dataclass(frozen=True, slots=True)
class SliceInfo:
    """A slice, stored or built-in; times are 0 and the etag is empty for the latter."""

    id: str
    description: str
    criteria: SliceCriteria
    built_in: bool = False
    created_us: int = 0
    etag: str = ""


@dataclass(frozen=True, slots=True)
class SliceChange:
    """None leaves a field as it is; an `etag` refuses unless it is still that of the slice."""

    description: str | None = None
    criteria: SliceCriteria | None = None
    etag: str = ""

    def check(self) -> None:
        """Raises AppError INVALID, INVALID_FILTER."""
        check_text_field(self.description or "", "slice.description", DESCRIPTION_CHARS_MAX)
        if self.criteria is not None:
            self.criteria.check("slice.criteria")
            filter_syntax.parse(self.criteria.filter, "slice.criteria.filter")


class SliceService:
    """Every method raises AppError NOT_FOUND for a dataset or slice that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def create(
        self, dataset_id: str, slice_id: str, wanted: SliceChange, once: RequestKey | None = None
    ) -> SliceInfo:
        """Raises AppError SLICE_EXISTS, RESERVED_SLICE, TOO_MANY_SLICES, INVALID_FILTER."""
        check_slice_id(slice_id)
        wanted.check()

        def work(txn: Txn, now_us: int) -> SliceRecord:
            owner = lookup.dataset(txn, dataset_id)
            if slices.get(txn, owner.uid, slice_id) is not None:
                raise exists("slice", slice_name(dataset_id, slice_id))
            if sum(1 for _ in slices.by_id(txn, owner.uid)) >= SLICES_MAX:
                raise too_many("slices", f"{dataset_name(dataset_id)} has {SLICES_MAX} slices, the most allowed")
            record = SliceRecord(id=slice_id, created_us=now_us)
            return _store(txn, owner, record, wanted, now_us)

        return info_of(await self._changes.run(SliceRecord, work, once))

    def get(self, dataset_id: str, slice_id: str) -> SliceInfo:
        with self._store.read() as txn:
            return find(txn, lookup.dataset(txn, dataset_id), slice_id)

    def list_slices(self, dataset_id: str) -> list[SliceInfo]:
        """The built-in ones, then the others by id."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            return [*_built_in(), *(info_of(record) for record in slices.by_id(txn, owner.uid))]

    async def update(
        self, dataset_id: str, slice_id: str, wanted: SliceChange, once: RequestKey | None = None
    ) -> SliceInfo:
        """Raises AppError SLICE_BUILT_IN, ETAG_MISMATCH, INVALID_FILTER."""
        wanted.check()

        def work(txn: Txn, now_us: int) -> SliceRecord:
            owner = lookup.dataset(txn, dataset_id)
            record = _own(txn, owner, slice_id)
            if wanted.etag and wanted.etag != str(record.updated_us):
                raise stale_etag(slice_name(dataset_id, slice_id), str(record.updated_us))
            return _store(txn, owner, record, wanted, max(now_us, record.updated_us + 1))

        return info_of(await self._changes.run(SliceRecord, work, once))

    async def delete(self, dataset_id: str, slice_id: str, once: RequestKey | None = None) -> None:
        """Raises AppError SLICE_BUILT_IN."""

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            owner = lookup.dataset(txn, dataset_id)
            slices.delete(txn, owner.uid, _own(txn, owner, slice_id).id)
            return CountAnswer(count=1)

        await self._changes.run(CountAnswer, work, once)


def find(txn: Txn, owner: DatasetRecord, slice_id: str) -> SliceInfo:
    """Stored or built-in. Raises AppError SLICE_NOT_FOUND."""
    for built_in in _built_in():
        if built_in.id == slice_id:
            return built_in
    record = slices.get(txn, owner.uid, slice_id)
    if record is None:
        raise not_found("slice", slice_name(owner.id, slice_id))
    return info_of(record)


def info_of(record: SliceRecord) -> SliceInfo:
    criteria = SliceCriteria(
        record.filter,
        Outcome(record.outcome) if record.outcome else None,
        record.label,
        record.min_confidence if record.HasField("min_confidence") else None,
        record.max_confidence if record.HasField("max_confidence") else None,
    )
    return SliceInfo(record.id, record.description, criteria, created_us=record.created_us, etag=str(record.updated_us))


def _built_in() -> Iterator[SliceInfo]:
    return (SliceInfo(name, description, criteria, built_in=True) for name, (description, criteria) in BUILT_IN.items())


def _own(txn: Txn, owner: DatasetRecord, slice_id: str) -> SliceRecord:
    """One that can be changed."""
    name = slice_name(owner.id, slice_id)
    if slice_id in BUILT_IN:
        raise precondition("SLICE_BUILT_IN", f"{name} comes with the server: make one of your own", name=name)
    record = slices.get(txn, owner.uid, slice_id)
    if record is None:
        raise not_found("slice", name)
    return record


def _store(txn: Txn, owner: DatasetRecord, record: SliceRecord, wanted: SliceChange, now_us: int) -> SliceRecord:
    if wanted.description is not None:
        record.description = wanted.description
    if wanted.criteria is not None:
        told = wanted.criteria
        record.filter, record.label, record.outcome = told.filter, told.label, told.outcome or 0
        for name in ("min_confidence", "max_confidence"):
            record.ClearField(name)
            if getattr(told, name) is not None:
                setattr(record, name, getattr(told, name))
    record.updated_us = now_us
    slices.put(txn, owner.uid, record)
    return record
