"""Uploads: batch by batch, each committed on its own, items that fail told without harm to the others."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.documents.documents import check_document
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import source_name
from pinfold_server.errors import AppError, invalid, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes
from pinfold_server.services.common.failures import failure
from pinfold_server.services.documents.duplicates import COMPARED_STEP, DuplicateTexts, catch_up
from pinfold_server.services.documents.upload_batches import Checked, UploadBatch, UploadItem, UploadTarget
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import CountAnswer, ItemFailureRecord, UploadAnswer

BATCH_MAX = 10_000
#: Ids are kept in memory to find repeats, so an upload has an end.
UPLOAD_MAX = 1_000_000
FAILURES_MAX = 1_000


class UploadService:
    """Starts uploads."""

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits

    def begin(self, target: UploadTarget) -> "Upload":
        """Raises AppError NOT_FOUND for a source or dataset that is not there, SOURCE_NOT_IN_DATASET."""
        with self._store.read() as txn:
            source = lookup.source(txn, target.source_id)
            if target.duplicates is not DuplicateTexts.STORE and not source.has_indexes:
                raise _cannot_compare(target.source_id)
            revision = 0
            if target.dataset_id is not None:
                owner = lookup.dataset(txn, target.dataset_id)
                lookup.check_reads(owner, target.source_id)
                revision = owner.revision
        return Upload(target, self._changes, self._limits, revision)


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """Items of one message that have no fault of their own, and what is told of the others."""

    items: list[Checked]
    refused: list[ItemFailureRecord]


class Upload:
    """One upload to `target` under way. `answer` holds the totals of what is committed."""

    def __init__(self, target: UploadTarget, changes: Changes, limits: DatasetLimits, revision: int) -> None:
        self.answer = UploadAnswer(revision=revision)
        self.target = target
        self._changes = changes
        self._limits = limits
        self._ids: set[str] = set()
        self._sent = 0

    async def add(self, items: Sequence[UploadItem]) -> None:
        """Stores a batch; on return it is committed. Raises AppError TOO_MANY_DOCUMENTS."""
        # A large batch takes tens of milliseconds: not on the event loop.
        await self.store(await asyncio.to_thread(self.check, items))

    def check(self, items: Sequence[UploadItem]) -> CheckedBatch:
        """The next batch, to be stored after those before it. Raises AppError TOO_MANY_DOCUMENTS."""
        if len(items) > BATCH_MAX:
            raise _too_many(f"a message must have at most {BATCH_MAX:,}, got {len(items):,}")
        if self._sent + len(items) > UPLOAD_MAX:
            raise _too_many(f"an upload must have at most {UPLOAD_MAX:,}; send the rest in another")
        checked: list[Checked] = []
        refused: list[ItemFailureRecord] = []
        for number, item in enumerate(items, self._sent):
            try:
                self._check_item(number, item)
            except AppError as error:
                refused.append(failure(number, item.document.id, error))
            else:
                checked.append(Checked(number, item))
        self._sent += len(items)
        return CheckedBatch(checked, refused)

    async def store(self, checked: CheckedBatch) -> None:
        """On return the batch is committed."""
        batch = UploadAnswer(revision=self.answer.revision)
        if checked.items:
            await self._compare()
            batch = await self._changes.run(UploadAnswer, lambda txn, now_us: self._store(txn, now_us, checked.items))
        batch.failures.extend(checked.refused)
        batch.failures.sort(key=lambda found: found.index)
        self._add(batch)

    async def _compare(self) -> None:
        """Brings the index of texts up to date, in short transactions, where this upload needs it."""
        behind = self.target.duplicates is not DuplicateTexts.STORE
        while behind:
            answer = await self._changes.run(CountAnswer, lambda txn, _: self._compare_some(txn))
            behind = answer.count > 0

    def _compare_some(self, txn: Txn) -> CountAnswer:
        return CountAnswer(count=catch_up(txn, lookup.source(txn, self.target.source_id), COMPARED_STEP))

    def _check_item(self, number: int, item: UploadItem) -> None:
        path = f"documents[{number}]"
        check_document(item.document, f"{path}.document", self._limits.text_bytes_max)
        if self.target.dataset_id is None:
            _check_of_no_dataset(item, path)
        if item.document.id in self._ids:
            raise invalid(f"{path}.document.id", f"{item.document.id!r} came earlier in this upload", "DUPLICATE_ID")
        self._ids.add(item.document.id)

    def _store(self, txn: Txn, now_us: int, checked: Sequence[Checked]) -> UploadAnswer:
        return UploadBatch(txn, self.target, self._limits, now_us).store(checked)

    def _add(self, batch: UploadAnswer) -> None:
        total = self.answer
        total.new_count += batch.new_count
        total.text_changed_count += batch.text_changed_count
        total.metadata_changed_count += batch.metadata_changed_count
        total.unchanged_count += batch.unchanged_count
        total.annotated_count += batch.annotated_count
        total.labels_created_count += batch.labels_created_count
        total.duplicate_count += batch.duplicate_count
        total.split_changed_count += batch.split_changed_count
        total.failed_count += len(batch.failures)
        total.failures.extend(batch.failures[: FAILURES_MAX - len(total.failures)])
        total.revision = batch.revision


def _check_of_no_dataset(item: UploadItem, path: str) -> None:
    for name, said in (("labels", item.labels), ("split", item.split)):
        if said is not None:
            raise invalid(f"{path}.{name}", "needs a dataset: name it in the first message", "DATASET_REQUIRED")


def _too_many(description: str) -> AppError:
    return invalid("documents", description, "TOO_MANY_DOCUMENTS")


def _cannot_compare(source_id: str) -> AppError:
    text = (
        f"{source_name(source_id)} was made by an earlier server, and its texts cannot be compared: use another source"
    )
    return precondition("TEXTS_NOT_COMPARABLE", text, name=source_name(source_id))
