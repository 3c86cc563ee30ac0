"""An archive file back into a dataset: stored under numbers that nobody sees, checked as a whole, then given its names
in one small transaction.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from google.protobuf.message import DecodeError

from pinfold_server.domain.container import Unpacker
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import check_id, dataset_name, source_name
from pinfold_server.errors import AppError, Code, exists, invalid
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.datasets import import_checks
from pinfold_server.store.archive_pb2 import ArchiveBlock, ArchiveHeader, ArchiveRecord
from pinfold_server.store.archives.archive_writing import ArchiveWriter, contradiction
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import CountAnswer, DatasetRecord, ImportAnswer, ImportRecord, SourceRecord
from pinfold_server.store.tables import datasets, imports, requests, run_configurations, sources

#: Blocks of one transaction: some milliseconds of the one writer.
BLOCKS_A_COMMIT = 4


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Names of what is made; empty for those of the archive. Raises AppError INVALID."""

    dataset_id: str = ""
    source_ids: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.dataset_id:
            check_id(self.dataset_id, "dataset_id")
        for old, new in self.source_ids.items():
            check_id(new, f"source_ids[{old!r}]")

    def dataset_of(self, header: ArchiveHeader) -> str:
        return self.dataset_id or header.dataset.id

    def sources_of(self, header: ArchiveHeader) -> dict[str, str]:
        """New ids by those of the archive, in its order. A source of the dataset's own name keeps to it."""
        renamed = {header.dataset.id: self.dataset_of(header), **self.source_ids}
        known = [source.id for source in header.sources]
        for old in self.source_ids:
            if old not in known:
                raise invalid(f"source_ids[{old!r}]", f"the archive has no such source; it has {', '.join(known)}")
        ids = {old: renamed.get(old, old) for old in known}
        for new, times in Counter(ids.values()).items():
            if times > 1:
                raise invalid("source_ids", f"gives two sources the id {new!r}")
        return ids


class ImportService:
    """Starts imports."""

    def __init__(self, store: Store, changes: Changes, limits: DatasetLimits, *, pins_max: int) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits
        self._pins_max = pins_max

    def begin(self, target: ImportTarget, once: RequestKey | None = None) -> "Import":
        """The digest of `once` is that of what is known now; that of the archive joins it at the end."""
        return Import(self._store, self._changes, import_checks.Limits(self._limits, self._pins_max), target, once)


class Import:
    """One archive on its way in: `feed` its bytes, then `finish`; `abandon` whatever happens in between.

    `feed` and `finish` raise AppError INVALID for what is wrong with the archive, DATASET_EXISTS, SOURCE_EXISTS.
    """

    def __init__(
        self,
        store: Store,
        changes: Changes,
        limits: import_checks.Limits,
        target: ImportTarget,
        once: RequestKey | None,
    ) -> None:
        self._store = store
        self._changes = changes
        self._limits = limits
        self._target = target
        self._once = once
        self._unpacker = Unpacker()
        self._counts: Counter[int] = Counter()
        self._promised: Mapping[int, int] | None = None
        self._staged: _Staged | None = None

    async def feed(self, data: bytes) -> None:
        """The next bytes; on return everything complete in them is stored."""
        payloads = self._unpacker.feed(data)
        while records := await asyncio.to_thread(_some, payloads):
            if records[0].HasField("header") and self._staged is None:
                self._staged = await self._begin(records.pop(0).header)
            blocks = [record.block for record in records if self._goes_on(record)]
            if blocks and self._staged is not None:
                await self._commit(self._staged, blocks)

    async def finish(self) -> ImportAnswer:
        """Checks the whole and makes it visible."""
        digest = self._unpacker.finish()
        staged = self._staged
        if staged is None or self._promised is None:
            raise contradiction("it has no beginning or no end")
        if self._promised != dict(self._counts):
            raise contradiction(f"it has entries {dict(self._counts)} and should have {dict(self._promised)}")
        await asyncio.to_thread(import_checks.check, self._store, staged.owner, staged.sources, self._limits)
        once = self._once and replace(self._once, payload_sha256=_joined(self._once.payload_sha256, digest))
        return await self._changes.run(ImportAnswer, lambda txn, _now_us: self._publish(txn, staged), once)

    async def abandon(self) -> None:
        """Leaves what was stored to the sweep; does nothing after `finish`."""
        if self._staged is not None:
            uid = self._staged.owner.uid

            def work(txn: Txn, _now_us: int) -> CountAnswer:
                imports.abandon(txn, uid)
                return CountAnswer()

            await self._changes.run(CountAnswer, work)

    async def _begin(self, header: ArchiveHeader) -> "_Staged":
        import_checks.check_header(header, self._limits)
        dataset_id, source_ids = self._target.dataset_of(header), self._target.sources_of(header)

        def work(txn: Txn, now_us: int) -> ImportRecord:
            if self._once is None or requests.get(txn, self._once.method, self._once.request_id) is None:
                _check_free(txn, dataset_id, source_ids.values())
            return imports.begin(txn, len(header.sources), now_us)

        record = await self._changes.run(ImportRecord, work)
        owner = DatasetRecord()
        owner.CopyFrom(header.dataset)
        owner.uid, owner.id = record.dataset_uid, dataset_id
        owner.source_ids[:] = [source_ids[old] for old in header.dataset.source_ids]
        named = [_source(each, uid, source_ids) for each, uid in zip(header.sources, record.source_uids, strict=True)]
        writer = ArchiveWriter(record, self._limits.dataset.text_bytes_max)
        return _Staged(owner, named, header, writer)

    def _goes_on(self, record: ArchiveRecord) -> bool:
        """True for a block, in its place; takes note of the end."""
        if self._staged is None or self._promised is not None or record.WhichOneof("part") not in ("block", "end"):
            raise contradiction("its records are not a header, blocks and an end, in this order")
        if record.HasField("end"):
            self._promised = dict(record.end.counts)
            return False
        self._counts[record.block.kind] += len(record.block.keys)
        return True

    async def _commit(self, staged: "_Staged", blocks: list[ArchiveBlock]) -> None:
        waiting: list[ArchiveBlock] = []
        for block in blocks:
            if await asyncio.to_thread(staged.writer.stage, self._store, block, self._changes.now_us()):
                waiting.append(block)

        def work(txn: Txn, now_us: int) -> CountAnswer:
            if not imports.touch(txn, staged.owner.uid, now_us):
                raise _given_up()
            for block in waiting:
                staged.writer.write(txn, block, now_us)
            return CountAnswer()

        await self._changes.run(CountAnswer, work)

    def _publish(self, txn: Txn, staged: "_Staged") -> ImportAnswer:
        if not imports.end(txn, staged.owner.uid):
            raise _given_up()
        _check_free(txn, staged.owner.id, staged.owner.source_ids)
        for source in staged.sources:
            source.generation = next_number(txn, "generation")
            staged.writer.complete(source)
            sources.put(txn, source)
        staged.owner.has_label_index = True
        staged.owner.generation = next_number(txn, "generation")
        datasets.put(txn, staged.owner)
        answer = ImportAnswer(dataset=staged.owner, counts=self._counts)
        for wanted in staged.header.run_configurations:
            known = run_configurations.get(txn, wanted.id)
            if known is None:
                run_configurations.put(txn, wanted)
                answer.run_configurations_created.append(wanted.id)
            elif known.config != wanted.config:
                answer.run_configurations_kept.append(wanted.id)
        return answer


@dataclass(frozen=True, slots=True)
class _Staged:
    """The dataset and the sources as they will be called, their contents being stored already."""

    owner: DatasetRecord
    sources: list[SourceRecord]
    header: ArchiveHeader
    writer: ArchiveWriter


def _some(payloads: Iterator[bytes]) -> list[ArchiveRecord]:
    """A few records, so that memory stays bounded however well an archive is packed."""
    try:
        return [ArchiveRecord.FromString(payload) for payload in islice(payloads, BLOCKS_A_COMMIT)]
    except DecodeError:
        raise contradiction("a record of it cannot be read") from None


def _source(archived: SourceRecord, uid: int, ids: Mapping[str, str]) -> SourceRecord:
    record = SourceRecord()
    record.CopyFrom(archived)
    record.uid, record.id = uid, ids[archived.id]
    return record


def _check_free(txn: Txn, dataset_id: str, source_ids: Iterable[str]) -> None:
    if datasets.get(txn, dataset_id) is not None:
        raise exists("dataset", dataset_name(dataset_id))
    for source_id in source_ids:
        if sources.get(txn, source_id) is not None:
            raise exists("source", source_name(source_id))


def _joined(first: bytes, second: bytes) -> bytes:
    return hashlib.sha256(first + second).digest()


def _given_up() -> AppError:
    message = "nothing of the archive came for so long that the import was given up: start it again"
    return AppError(Code.CONFLICT, "IMPORT_EXPIRED", message)
