"""Datasets: made, found, listed, changed, deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.names import (
    DESCRIPTION_CHARS_MAX,
    TITLE_CHARS_MAX,
    check_id,
    check_text_field,
    dataset_name,
    source_name,
)
from pinfold_server.domain.runs.auto_training import AutoTraining
from pinfold_server.domain.runs.configs import LabelMode
from pinfold_server.errors import exists, invalid, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.etags import check_etag
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.datasets.auto_training import to_record
from pinfold_server.services.labels import label_modes
from pinfold_server.store import garbage, keys
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord
from pinfold_server.store.tables import annotations, datasets, runs, sources, streams, tags

SOURCES_MAX = 64


@dataclass(frozen=True, slots=True)
class DatasetFields:
    """What people choose of a dataset; None leaves it as it is, or to its default. Raises AppError INVALID."""

    title: str | None = None
    description: str | None = None
    source_ids: tuple[str, ...] | None = None
    auto_training: AutoTraining | None = None
    label_mode: LabelMode | None = None
    label_sentiment: bool = False  # of a new dataset

    def __post_init__(self) -> None:
        check_text_field(self.title or "", "dataset.title", TITLE_CHARS_MAX)
        check_text_field(self.description or "", "dataset.description", DESCRIPTION_CHARS_MAX)
        if self.source_ids is not None:
            _check_source_ids(self.source_ids)


class DatasetService:
    """Every method raises AppError NOT_FOUND for a dataset or source that is not there."""

    def __init__(self, store: Store, changes: Changes) -> None:
        self._store = store
        self._changes = changes

    async def create(self, dataset_id: str, wanted: DatasetFields, once: RequestKey | None = None) -> DatasetRecord:
        """Makes a source of the same id as well unless sources are named.

        Raises AppError DATASET_EXISTS, SOURCE_EXISTS.
        """
        check_id(dataset_id, "dataset_id")

        def work(txn: Txn, now_us: int) -> DatasetRecord:
            if datasets.get(txn, dataset_id) is not None:
                raise exists("dataset", dataset_name(dataset_id))
            record = DatasetRecord(
                uid=next_number(txn, "dataset"),
                id=dataset_id,
                title=wanted.title or "",
                description=wanted.description or "",
                source_ids=_sources_of_new(txn, dataset_id, wanted, now_us),
                created_us=now_us,
                has_label_index=True,
                has_history=True,
                label_sentiment=wanted.label_sentiment,
            )
            if wanted.auto_training is not None:
                _set_auto_training(txn, record, wanted.auto_training)
            if wanted.label_mode is not None:
                _set_label_mode(record, wanted.label_mode)
            return _store_changed(txn, record, now_us)

        return await self._changes.run(DatasetRecord, work, once)

    def get(self, dataset_id: str) -> DatasetRecord:
        with self._store.read() as txn:
            return lookup.dataset(txn, dataset_id)

    def list_datasets(self, page: PageRequest) -> Page[DatasetRecord]:
        """Datasets by id."""
        with self._store.read() as txn:
            start = page.position(datasets.SCOPE)
            entries = datasets.by_id(txn, keys.after(start))
            return take(entries, page.limit(), datasets.SCOPE, DatasetRecord.ByteSize)

    async def update(
        self, dataset_id: str, wanted: DatasetFields, etag: str = "", once: RequestKey | None = None
    ) -> DatasetRecord:
        """Raises AppError SOURCE_HAS_ANNOTATIONS when a source is taken out that has some, NOT_SINGLE_LABEL when that
        is asked for and a document has two leaf labels, ETAG_MISMATCH.
        """
        if wanted.label_mode is LabelMode.SINGLE_LABEL:
            # Every annotation is read: too long for the one write transaction. A training looks again.
            await asyncio.to_thread(label_modes.check_single, self._store, dataset_id)

        def work(txn: Txn, now_us: int) -> DatasetRecord:
            record = lookup.dataset(txn, dataset_id)
            check_etag(etag, record, dataset_name(dataset_id))
            before = record.SerializeToString(deterministic=True)
            if wanted.title is not None:
                record.title = wanted.title
            if wanted.description is not None:
                record.description = wanted.description
            if wanted.source_ids is not None:
                _change_sources(txn, record, wanted.source_ids)
            if wanted.auto_training is not None:
                _set_auto_training(txn, record, wanted.auto_training)
            if wanted.label_mode is not None:
                _set_label_mode(record, wanted.label_mode)
            unchanged = record.SerializeToString(deterministic=True) == before
            return record if unchanged else _store_changed(txn, record, now_us)

        return await self._changes.run(DatasetRecord, work, once)

    async def delete(
        self, dataset_id: str, etag: str = "", *, force: bool = False, once: RequestKey | None = None
    ) -> CountAnswer:
        """Deletes the dataset and all that belongs to it; its sources stay. Answers how many annotations it had.

        Raises AppError DATASET_HAS_TAGS and DATASET_HAS_STREAMS unless forced, ETAG_MISMATCH.
        """

        def work(txn: Txn, _now_us: int) -> CountAnswer:
            record = lookup.dataset(txn, dataset_id)
            check_etag(etag, record, dataset_name(dataset_id))
            if not force:
                _check_no_tags(txn, record)
                _check_no_streams(txn, record)
            for queue_key, dataset_uid, _ in list(runs.waiting(txn)):
                if dataset_uid == record.uid:
                    runs.dequeue(txn, queue_key)
            datasets.delete(txn, dataset_id)
            garbage.discard_dataset(txn, record)
            return CountAnswer(count=record.annotated_count)

        return await self._changes.run(CountAnswer, work, once)


def _check_source_ids(source_ids: Sequence[str]) -> None:
    if not 1 <= len(source_ids) <= SOURCES_MAX:
        raise invalid("dataset.sources", f"must name 1 to {SOURCES_MAX} sources, got {len(source_ids)}")
    for index, source_id in enumerate(source_ids):
        if source_id in source_ids[:index]:
            raise invalid(f"dataset.sources[{index}]", f"names {source_name(source_id)} a second time")


def _check_sources_exist(txn: Txn, source_ids: Sequence[str]) -> None:
    for index, source_id in enumerate(source_ids):
        lookup.source(txn, source_id, f"dataset.sources[{index}]")


def _sources_of_new(txn: Txn, dataset_id: str, wanted: DatasetFields, now_us: int) -> Sequence[str]:
    if wanted.source_ids is not None:
        _check_sources_exist(txn, wanted.source_ids)
        return wanted.source_ids
    if sources.get(txn, dataset_id) is not None:
        raise exists("source", source_name(dataset_id))
    return [sources.create(txn, dataset_id, wanted.title or "", now_us).id]


def _change_sources(txn: Txn, record: DatasetRecord, source_ids: Sequence[str]) -> None:
    _check_sources_exist(txn, source_ids)
    for source_id in set(record.source_ids) - set(source_ids):
        if annotations.any_in_source(txn, record.uid, lookup.source(txn, source_id).uid):
            raise precondition(
                "SOURCE_HAS_ANNOTATIONS",
                f"{dataset_name(record.id)} has annotated documents of {source_name(source_id)}:"
                " clear their annotations before the source is taken out",
                name=source_name(source_id),
            )
    record.source_ids[:] = source_ids


def _set_label_mode(record: DatasetRecord, mode: LabelMode) -> None:
    if record.label_sentiment and mode is LabelMode.SINGLE_LABEL:
        description = "must not be SINGLE_LABEL: labels with a sentiment do not exclude each other"
        raise invalid("dataset.label_mode", description)
    record.label_mode = label_modes.to_record(mode)


def _set_auto_training(txn: Txn, record: DatasetRecord, wanted: AutoTraining) -> None:
    if wanted.configuration_id:
        lookup.run_configuration(txn, wanted.configuration_id)
    record.auto_training.CopyFrom(to_record(wanted))


def _store_changed(txn: Txn, record: DatasetRecord, now_us: int) -> DatasetRecord:
    record.updated_us = now_us
    record.generation = next_number(txn, "generation")
    datasets.put(txn, record)
    return record


def _check_no_tags(txn: Txn, record: DatasetRecord) -> None:
    held = [tag.tag for _, tag in tags.by_name(txn, record.uid)]
    if held:
        name = dataset_name(record.id)
        raise precondition(
            "DATASET_HAS_TAGS",
            f"{name} serves callers through {len(held)} tags, such as {held[0]!r}: clear them or force",
            name=name,
            tags=",".join(held[:100]),
        )


def _check_no_streams(txn: Txn, record: DatasetRecord) -> None:
    held = [stream.id for _, stream in streams.by_id(txn, record.uid)]
    if held:
        name = dataset_name(record.id)
        raise precondition(
            "DATASET_HAS_STREAMS",
            f"{name} serves consumers through {len(held)} streams, such as {held[0]!r}: delete them or force",
            name=name,
            streams=",".join(held),
        )
