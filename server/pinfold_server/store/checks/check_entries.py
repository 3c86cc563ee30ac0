"""Entries one by one: keys have the shape of their kind, values can be read, and everything belongs to something."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from google.protobuf.message import DecodeError, Message

from pinfold_server.domain.documents import postings
from pinfold_server.domain.runs.splits import Split
from pinfold_server.store import garbage, keys
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import MAX_KEY_BYTES, Txn
from pinfold_server.store.storage_pb2 import (
    AnnotationEventRecord,
    AnnotationRecord,
    ArtefactRecord,
    ClusteringRecord,
    DatasetRecord,
    DocumentRecord,
    ExperimentRecord,
    GarbageRecord,
    GateRecord,
    HeldOutRecord,
    ImportRecord,
    LabelEventRecord,
    LabelKeywordsRecord,
    LabelRecord,
    MonitoringRecord,
    RequestRecord,
    RunConfigurationRecord,
    RunRecord,
    ScoreChunkRecord,
    ScoringRecord,
    ShadowRecord,
    SliceRecord,
    SourceRecord,
    SplitRecord,
    TagEventRecord,
    TagRecord,
    VersionGoldenRecord,
    VersionLabelsRecord,
    VersionRecord,
)
from pinfold_server.store.streams_pb2 import ArrivalRecord, StreamExceptionRecord, StreamRecord
from pinfold_server.store.table import scan
from pinfold_server.store.tables import datasets, imports, sources


@dataclass(frozen=True, slots=True)
class _Shape:
    """Bytes of a key, kind included, before its text, if it has one, and after that; `read` raises for a bad value."""

    fixed: int
    has_text: bool
    read: Callable[[bytes], object]
    tail: int = 0


def _record(fixed: int, record_type: type[Message], *, has_text: bool = False, tail: int = 0) -> _Shape:
    return _Shape(fixed, has_text, record_type.FromString, tail)


def _read_nothing(value: bytes) -> None:
    if value:
        raise ValueError("must be empty")


def _read_split(value: bytes) -> None:
    if Split(SplitRecord.FromString(value).split) is Split.DEFAULT:
        raise ValueError("must name a part")


_SHAPES = {
    keys.META: _Shape(1, True, keys.decode_number),
    keys.COUNTER: _Shape(1, True, keys.decode_number),
    keys.SOURCE: _record(1, SourceRecord, has_text=True),
    keys.DOCUMENT: _record(5, DocumentRecord, has_text=True),
    keys.DOCUMENT_NUMBER: _Shape(9, False, bytes.decode),
    keys.WORD: _Shape(5, True, lambda value: postings.decode(0, value), tail=5),
    keys.DOCUMENT_TIME: _Shape(13, True, _read_nothing),
    keys.TEXT_DIGEST: _Shape(17, False, _read_nothing),
    keys.DATASET: _record(1, DatasetRecord, has_text=True),
    keys.LABEL: _record(9, LabelRecord),
    keys.LABEL_NAME: _Shape(5, True, keys.decode_number),
    keys.ANNOTATION: _record(9, AnnotationRecord, has_text=True),
    keys.ANNOTATION_LABEL: _Shape(13, True, _read_nothing),
    keys.DISMISSED_LABEL: _Shape(13, True, _read_nothing),
    keys.FORMER_LABEL: _Shape(9, False, bytes.decode),
    keys.LABEL_EVENT: _record(13, LabelEventRecord),
    keys.ANNOTATION_EVENT: _record(9, AnnotationEventRecord, has_text=True, tail=9),
    keys.RUN: _record(13, RunRecord),
    keys.WAITING_RUN: _Shape(9, False, keys.decode_run_reference),
    keys.VERSION: _record(9, VersionRecord),
    keys.VERSION_LABELS: _record(9, VersionLabelsRecord),
    keys.VERSION_GOLDEN: _record(9, VersionGoldenRecord),
    keys.SCORING: _record(9, ScoringRecord),
    keys.SCORE_CHUNK: _record(13, ScoreChunkRecord),
    keys.CLUSTERING: _record(5, ClusteringRecord),
    keys.LABEL_KEYWORDS: _record(13, LabelKeywordsRecord),
    keys.HELD_OUT: _record(17, HeldOutRecord),
    keys.SPLIT: _Shape(9, True, _read_split),
    keys.SLICE: _record(5, SliceRecord, has_text=True),
    keys.EXPERIMENT: _record(5, ExperimentRecord, has_text=True),
    keys.RUN_CONFIGURATION: _record(1, RunConfigurationRecord, has_text=True),
    keys.TAG: _record(5, TagRecord, has_text=True),
    keys.TAG_EVENT: _record(13, TagEventRecord),
    keys.GATE: _record(5, GateRecord, has_text=True),
    keys.SHADOW: _record(5, ShadowRecord, has_text=True),
    keys.MONITORING: _record(17, MonitoringRecord),
    keys.ARTEFACT: _record(33, ArtefactRecord),
    keys.CHUNK: _Shape(37, False, bytes),
    keys.REQUEST: _record(33, RequestRecord),
    keys.REQUEST_AGE: _Shape(41, False, _read_nothing),
    keys.GARBAGE: _record(9, GarbageRecord),
    keys.IMPORT: _record(5, ImportRecord),
    keys.STREAM: _record(5, StreamRecord, has_text=True),
    keys.STREAM_EXCEPTION: _record(13, StreamExceptionRecord, has_text=True),
    keys.ARRIVAL: _record(13, ArrivalRecord),
}


def check_entries(txn: Txn) -> Iterator[Finding]:
    """Reads the whole store once."""
    for key, value in scan(txn, b""):
        yield from check_entry(key, value)


def check_belonging(txn: Txn) -> Iterator[Finding]:
    """Needs entries that can be read."""
    owned = _owned_prefixes(txn)
    for kind in (keys.WORD, *keys.OF_SOURCE, *keys.OF_DATASET):
        for prefix in _prefixes(txn, kind):
            if prefix not in owned:
                yield Finding(_shown(prefix), "begins entries that belong to nothing that exists")
    yield from _check_requests(txn)


def check_entry(key: bytes, value: bytes) -> Iterator[Finding]:
    """What is wrong with one entry, seen alone."""
    shape = _SHAPES.get(key[:1])
    if shape is None:
        yield Finding(_shown(key), "is of no kind that this Pinfold knows")
        return
    least = shape.fixed + shape.tail
    if len(key) > MAX_KEY_BYTES or (len(key) <= least if shape.has_text else len(key) != least):
        yield Finding(_shown(key), f"has a key of {len(key)} bytes")
    if shape.has_text:
        try:
            key[shape.fixed : len(key) - shape.tail].decode()
        except UnicodeDecodeError:
            yield Finding(_shown(key), "has a key that is not UTF-8")
    try:
        shape.read(value)
    except (DecodeError, ValueError, struct.error) as error:
        yield Finding(_shown(key), f"has a value that cannot be read: {error}")


def _owned_prefixes(txn: Txn) -> set[bytes]:
    """The first five bytes, kind and uid, of keys that belong to something or wait for the sweep."""
    owned: set[bytes] = set()
    for _, source in sources.by_id(txn):
        owned.update(keys.of_source(kind, source.uid) for kind in keys.OF_SOURCE)
        if source.words_uid:
            owned.add(keys.words(source.words_uid))
    for dataset in datasets.every(txn):
        owned.update(keys.of_dataset(kind, dataset.uid) for kind in keys.OF_DATASET)
    for record in imports.every(txn):
        owned.update(keys.of_dataset(kind, record.dataset_uid) for kind in keys.OF_DATASET)
        owned.update(keys.of_source(kind, uid) for uid in record.source_uids for kind in keys.OF_SOURCE)
    owned.update(prefix[:5] for prefix in garbage.prefixes(txn))
    return owned


def _prefixes(txn: Txn, kind: bytes) -> Iterator[bytes]:
    """Kind and uid that keys of a kind begin with, each once."""
    entry = next(scan(txn, kind), None)
    while entry is not None:
        prefix = entry[0][:5]
        yield prefix
        entry = next(scan(txn, kind, keys.past(prefix)), None)


def _check_requests(txn: Txn) -> Iterator[Finding]:
    """Every answered request has its age, and every age its request."""
    aged = {keys.aged_request(age_key)[1] for age_key, _ in scan(txn, keys.REQUEST_AGE)}
    answered = {key for key, _ in scan(txn, keys.REQUEST)}
    for key in sorted(answered - aged):
        yield Finding(_shown(key), "is an answered request that will never be forgotten")
    for key in sorted(aged - answered):
        yield Finding(_shown(key), "is the age of a request that is not there")


def _shown(key: bytes) -> str:
    return f"key {key[:1].hex()} {key[1:].hex()}"
