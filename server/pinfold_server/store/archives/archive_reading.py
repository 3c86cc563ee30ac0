"""A dataset as the records of an archive, read in one transaction. The same dataset gives the same records."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from pinfold_server.domain.runs.runs import RunState
from pinfold_server.store import keys
from pinfold_server.store.archive_pb2 import ArchiveBlock, ArchiveEnd, ArchiveHeader, ArchiveRecord
from pinfold_server.store.archives.archive_kinds import TREATMENTS, Treatment
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import (
    DatasetRecord,
    DocumentRecord,
    RunRecord,
    SourceRecord,
    TagRecord,
    VersionRecord,
)
from pinfold_server.store.table import scan
from pinfold_server.store.tables import artefacts, run_configurations, sources

BLOCK_BYTES = 1 << 18
BLOCK_ENTRIES = 2_000

Numbered = TypeVar("Numbered", DatasetRecord, SourceRecord)
Entry = tuple[bytes, bytes]  # what follows kind, dataset and source in the key; the value


def records(txn: Txn, owner: DatasetRecord) -> Iterator[ArchiveRecord]:
    """Raises AppError MODEL_DAMAGED when a file of it is not what was stored."""
    reader = _Reader(txn, owner)
    yield ArchiveRecord(header=reader.header())
    counts: Counter[int] = Counter()
    for block in reader.blocks():
        counts[block.kind] += len(block.keys)
        yield ArchiveRecord(block=block)
    yield ArchiveRecord(end=ArchiveEnd(counts=counts))


class _Reader:
    def __init__(self, txn: Txn, owner: DatasetRecord) -> None:
        self._txn = txn
        self._owner = owner
        found = (sources.get(txn, source_id) for source_id in owner.source_ids)
        # In the order of their making, in which lists go through them: so it stays the same.
        self._sources = sorted((record for record in found if record is not None), key=lambda record: record.uid)
        events = scan(txn, keys.of_dataset(keys.TAG_EVENT, owner.uid))
        self._tag_events = [keys.number_of_tag_event(key) for key, _ in events]

    def header(self) -> ArchiveHeader:
        named = {
            RunRecord.FromString(value).configuration_id
            for _, value in scan(self._txn, keys.of_dataset(keys.RUN, self._owner.uid))
        }
        kept = (run_configurations.get(self._txn, name) for name in sorted(named - {""}))
        return ArchiveHeader(
            dataset=_without_numbers(self._owner),
            sources=[_without_numbers(source) for source in self._sources],
            run_configurations=[record for record in kept if record is not None],
        )

    def blocks(self) -> Iterator[ArchiveBlock]:
        for place, source in enumerate(self._sources, 1):
            entries = map(_unnumbered, self._below(keys.documents(source.uid)))
            yield from _in_blocks(keys.DOCUMENT, entries, place)
        for kind, treatment in TREATMENTS.items():
            yield from self._blocks_of(kind, treatment)

    def _blocks_of(self, kind: bytes, treatment: Treatment) -> Iterator[ArchiveBlock]:
        prefix = keys.of_dataset(kind, self._owner.uid)
        match treatment:
            case Treatment.VERBATIM:
                yield from _in_blocks(kind, self._below(prefix))
            case Treatment.BY_SOURCE:
                for place, source in enumerate(self._sources, 1):
                    entries = self._below(keys.of_dataset_and_source(kind, self._owner.uid, source.uid))
                    yield from _in_blocks(kind, entries, place)
            case Treatment.ENDED_RUNS:
                yield from _in_blocks(kind, filter(_has_ended, self._below(prefix)))
            case Treatment.VERSIONS:
                yield from self._versions(prefix)
            case Treatment.TAG_EVENTS:
                numbered = (
                    (keys.encode_number(place), value) for place, (_, value) in enumerate(self._below(prefix), 1)
                )
                yield from _in_blocks(kind, numbered)
            case Treatment.TAGS:
                yield from _in_blocks(kind, map(self._renumbered, self._below(prefix)))

    def _below(self, prefix: bytes) -> Iterator[Entry]:
        return ((key[len(prefix) :], value) for key, value in scan(self._txn, prefix))

    def _versions(self, prefix: bytes) -> Iterator[ArchiveBlock]:
        sent: set[bytes] = set()
        for suffix, value in self._below(prefix):
            version = VersionRecord.FromString(value)
            if version.available and version.sha256 not in sent:
                sent.add(version.sha256)
                yield from _in_blocks(keys.CHUNK, _chunks(self._txn, version.sha256))
            yield from _in_blocks(keys.VERSION, [(suffix, value)])

    def _renumbered(self, entry: Entry) -> Entry:
        record = TagRecord.FromString(entry[1])
        record.generation = bisect_left(self._tag_events, record.generation) + 1
        return entry[0], record.SerializeToString(deterministic=True)


def _without_numbers(record: Numbered) -> Numbered:
    copy = type(record)()
    copy.MergeFrom(record)
    for field in ("uid", "generation", *sources.INDEX_FIELDS, "has_label_index"):
        if field in copy.DESCRIPTOR.fields_by_name:
            copy.ClearField(field)
    return copy


def _unnumbered(entry: Entry) -> Entry:
    """A document without its number, which stands for the order in which one server stored its documents."""
    record = DocumentRecord.FromString(entry[1])
    record.ClearField("number")
    return entry[0], record.SerializeToString(deterministic=True)


def _has_ended(entry: Entry) -> bool:
    return RunState(RunRecord.FromString(entry[1]).state).ended


def _chunks(txn: Txn, sha256: bytes) -> Iterator[Entry]:
    blob = artefacts.read(txn, sha256)
    for start in range(0, len(blob), artefacts.CHUNK_BYTES):
        yield sha256, blob[start : start + artefacts.CHUNK_BYTES]


def _in_blocks(kind: bytes, entries: Iterable[Entry], source: int = 0) -> Iterator[ArchiveBlock]:
    block = ArchiveBlock(kind=kind[0], source=source)
    size = 0
    for key, value in entries:
        if block.keys and (size + len(value) > BLOCK_BYTES or len(block.keys) == BLOCK_ENTRIES):
            yield block
            block, size = ArchiveBlock(kind=kind[0], source=source), 0
        block.keys.append(key)
        block.values.append(value)
        size += len(key) + len(value)
    if block.keys:
        yield block
