"""Real stores in temporary folders, for tests."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pinfold_server.domain.documents.documents import Document
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.services.common.changes import Changes
from pinfold_server.services.datasets.catalogue import Catalogue
from pinfold_server.services.datasets.datasets import DatasetFields
from pinfold_server.services.documents.upload_batches import UploadItem, UploadTarget
from pinfold_server.store.checks.check import check
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import UploadAnswer
from pinfold_server.store.writer import GroupWriter

MAP_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class Bench:
    """A store with everything that the dataset service does over it; its clock counts microseconds from 1,000."""

    store: Store
    writer: GroupWriter
    changes: Changes
    use: Catalogue

    def findings(self) -> list[Finding]:
        return findings(self.store)

    async def dataset(self, dataset_id: str = "support") -> None:
        await self.use.datasets.create(dataset_id, DatasetFields())

    async def upload(
        self, *items: UploadItem, source: str = "support", dataset: str | None = "support", create: bool = True
    ) -> UploadAnswer:
        upload = self.use.uploads.begin(UploadTarget(source, dataset, create, "ann"))
        await upload.add(items)
        return upload.answer


def findings(store: Store) -> list[Finding]:
    with store.read() as txn:
        return list(check(txn))


def item(document_id: str, text: str = "some text", labels: tuple[str, ...] | None = None) -> UploadItem:
    return UploadItem(Document(document_id, text), labels)


@contextmanager
def open_bench(folder: Path, limits: DatasetLimits | None = None) -> Iterator[Bench]:
    store = Store.open(folder, map_bytes=MAP_BYTES)
    writer = GroupWriter(store)
    ticks = itertools.count(1_000)
    changes = Changes(writer, lambda: next(ticks))
    try:
        use = Catalogue.build(store, changes, limits or DatasetLimits(), pins_max=100, spool=folder)
        yield Bench(store, writer, changes, use)
    finally:
        writer.close()
        store.close()


@contextmanager
def open_store(folder: Path, map_bytes: int = MAP_BYTES) -> Iterator[Store]:
    store = Store.open(folder, map_bytes=map_bytes)
    try:
        yield store
    finally:
        store.close()
