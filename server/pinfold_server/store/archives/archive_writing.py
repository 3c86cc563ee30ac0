"""Entries of an archive into the store, below the uids of an import. What they say together is checked before they get
a name; here, that each of them is what its kind wants.
"""

import hashlib
from collections.abc import Iterator
from typing import TypeVar

from google.protobuf.message import DecodeError, Message

from pinfold_server.domain.documents.documents import Document, check_document
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.errors import AppError, invalid
from pinfold_server.store import keys
from pinfold_server.store.archive_pb2 import ArchiveBlock
from pinfold_server.store.archives.archive_kinds import TREATMENTS, Treatment
from pinfold_server.store.checks.check_entries import check_entry
from pinfold_server.store.env import Store, Txn, next_number
from pinfold_server.store.storage_pb2 import (
    AnnotationRecord,
    DocumentRecord,
    ImportRecord,
    MetadataRecord,
    RunRecord,
    SourceRecord,
    TagRecord,
    VersionRecord,
)
from pinfold_server.store.tables import annotations, artefacts, documents, sources

M = TypeVar("M", bound=Message)

#: Bytes of the largest model file that is taken: it is put together in memory.
FILE_BYTES_MAX = 1 << 30


def contradiction(what: str) -> AppError:
    """The archive is whole and still cannot be."""
    return invalid("data", f"is an archive that contradicts itself: {what}", "ARCHIVE_INVALID")


class ArchiveWriter:
    """Writes the blocks of one archive in their order. Every method raises AppError ARCHIVE_INVALID."""

    def __init__(self, target: ImportRecord, text_bytes_max: int) -> None:
        self._target = target
        self._text_bytes_max = text_bytes_max
        self._file = bytearray()
        self._tag_events: dict[int, int] = {}  # numbers here by those of the archive
        self._sources = {uid: SourceRecord(uid=uid, has_indexes=True) for uid in target.source_uids}

    def complete(self, source: SourceRecord) -> None:
        """Tells a source that gets its name now how its documents are indexed."""
        for field in sources.INDEX_FIELDS:
            setattr(source, field, getattr(self._sources[source.uid], field))

    def stage(self, store: Store, block: ArchiveBlock, now_us: int) -> bool:
        """Takes chunks of files, and stores a file when its version comes; in short transactions of its own.

        True when the block has more to be written with `write`.
        """
        if block.kind == keys.CHUNK[0]:
            for value in block.values:
                self._file += value
            if len(self._file) > FILE_BYTES_MAX:
                raise contradiction(f"a model file has more than {FILE_BYTES_MAX:,} bytes")
            return False
        if block.kind == keys.VERSION[0] and self._file:
            self._stage_file(store, block, now_us)
        return True

    def write(self, txn: Txn, block: ArchiveBlock, now_us: int) -> None:
        if len(block.keys) != len(block.values):
            raise contradiction("a block has keys without values")
        if block.kind == keys.DOCUMENT[0]:
            self._write_documents(txn, self._sources[self._source_uid(block)], block, now_us)
            return
        kind = bytes([block.kind]) if block.kind < 256 else b""
        treatment = TREATMENTS.get(kind)
        if treatment is None:
            raise contradiction(f"entries of the kind {block.kind} do not belong to a dataset")
        entries = self._entries(txn, block, kind, treatment)
        with txn.cursor() as cursor:
            cursor.putmulti(list(entries))
        if kind == keys.ANNOTATION:
            self._index_labels(txn, block)

    def _write_documents(self, txn: Txn, source: SourceRecord, block: ArchiveBlock, now_us: int) -> None:
        incoming = list(self._documents(block))
        stored = documents.get_many(txn, source.uid, [document_id for document_id, _ in incoming])
        documents.put_many(
            txn,
            source,
            (documents.Change(name, old, new) for (name, new), old in zip(incoming, stored, strict=True)),
            now_us,
        )

    def _index_labels(self, txn: Txn, block: ArchiveBlock) -> None:
        found_by: list[tuple[bytes, bytes]] = []
        for suffix, value in zip(block.keys, block.values, strict=True):
            place = keys.place(self._source_uid(block), suffix.decode())
            heads = annotations.label_heads(self._target.dataset_uid, _parsed(AnnotationRecord, value))
            found_by.extend((head + place, b"") for head in heads)
        annotations.put_many(txn, found_by)

    def _stage_file(self, store: Store, block: ArchiveBlock, now_us: int) -> None:
        blob, self._file = bytes(self._file), bytearray()
        digest = hashlib.sha256(blob).digest()
        if digest not in {_parsed(VersionRecord, value).sha256 for value in block.values}:
            raise contradiction(f"no version has the model file {digest.hex()[:12]}")
        artefacts.stage(store, blob, now_us)

    def _entries(
        self, txn: Txn, block: ArchiveBlock, kind: bytes, treatment: Treatment
    ) -> Iterator[tuple[bytes, bytes]]:
        prefix = keys.of_dataset(kind, self._target.dataset_uid)
        if treatment is Treatment.BY_SOURCE:
            prefix = keys.of_dataset_and_source(kind, self._target.dataset_uid, self._source_uid(block))
        for suffix, value in zip(block.keys, block.values, strict=True):
            for finding in check_entry(prefix + suffix, value):
                raise contradiction(f"{finding.place} {finding.problem}")
            match treatment:
                case Treatment.VERSIONS:
                    if txn.get(prefix + suffix) is not None:
                        raise contradiction("a version comes twice")
                    _reference(txn, _parsed(VersionRecord, value))
                case Treatment.ENDED_RUNS:
                    _check_has_ended(_parsed(RunRecord, value))
                case Treatment.TAG_EVENTS:
                    number = self._tag_events[keys.decode_number(suffix)] = next_number(txn, "tag event")
                    suffix = keys.encode_number(number)
                case Treatment.TAGS:
                    value = self._renumbered(_parsed(TagRecord, value))
            yield prefix + suffix, value

    def _documents(self, block: ArchiveBlock) -> Iterator[tuple[str, DocumentRecord]]:
        for key, value in zip(block.keys, block.values, strict=True):
            record = _parsed(DocumentRecord, value)
            try:
                document_id = key.decode()
            except UnicodeDecodeError:
                raise contradiction("the id of a document is not UTF-8") from None
            metadata = {name: _value(kind) for name, kind in record.metadata.items()}
            document = Document(document_id, record.text, record.timestamp_us, metadata)
            check_document(document, f"data.documents[{document_id!r}]", self._text_bytes_max)
            yield document_id, record

    def _source_uid(self, block: ArchiveBlock) -> int:
        if not 1 <= block.source <= len(self._target.source_uids):
            raise contradiction(f"it has no source {block.source}")
        return self._target.source_uids[block.source - 1]

    def _renumbered(self, record: TagRecord) -> bytes:
        if record.generation not in self._tag_events:
            raise contradiction(f"tag {record.tag!r} has no event {record.generation}")
        record.generation = self._tag_events[record.generation]
        return record.SerializeToString(deterministic=True)


def _reference(txn: Txn, version: VersionRecord) -> None:
    if not version.available:
        return
    try:
        artefacts.reference(txn, version.sha256)
    except AppError as error:
        raise contradiction(f"version {version.number} comes without its model file") from error


def _check_has_ended(run: RunRecord) -> None:
    if run.state not in list(RunState) or not RunState(run.state).ended:
        raise contradiction(f"run {run.number} is {run.state!r}")


def _value(record: MetadataRecord) -> str | float | None:
    kind = record.WhichOneof("kind")
    return None if kind is None else getattr(record, kind)


def _parsed(record_type: type[M], value: bytes) -> M:
    try:
        return record_type.FromString(value)
    except DecodeError:
        raise contradiction(f"a {record_type.DESCRIPTOR.name} cannot be read") from None
