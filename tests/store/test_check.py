"""Every invariant that `check` walks is broken once, to see that it is found."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from google.protobuf.message import Message

from pinfold_server.services.common.changes import RequestKey
from pinfold_server.services.documents.word_index import index_some
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import (
    AnnotationEventRecord,
    AnnotationRecord,
    ArtefactRecord,
    DatasetRecord,
    LabelRecord,
    RunRecord,
    SourceRecord,
    TagRecord,
    VersionRecord,
)
from pinfold_server.store.table import scan
from tests.store.models import add_queued_run, add_tag, add_version
from tests.stores import Bench, item, open_bench

Damage = Callable[[Txn], None]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path / "store") as opened:
        yield opened


async def fill(bench: Bench) -> None:
    await bench.dataset()
    await bench.upload(item("d1", labels=("A > B",)), item("d2", labels=("C",)), item("d3"))
    while index_some(bench.store):
        pass
    add_version(bench.store, "support", b"model 1", pinned=True)
    add_version(bench.store, "support", b"model 2")
    add_tag(bench.store, "support", "live", 1)
    add_queued_run(bench.store, "support")
    once = RequestKey("UpsertLabels", "request-1", bytes(32))
    await bench.use.labels.upsert("support", [LabelUpdate("D")], once)


def change(kind: bytes, record_type: type[Message], **fields: object) -> Damage:
    """Sets fields of the first record of a kind."""

    def damage(txn: Txn) -> None:
        key, value = next(scan(txn, kind))
        record = record_type.FromString(value)
        for name, new in fields.items():
            if isinstance(new, list):
                getattr(record, name)[:] = new
            else:
                setattr(record, name, new)
        txn.put(key, record.SerializeToString(deterministic=True))

    return damage


def drop(kind: bytes) -> Damage:
    def damage(txn: Txn) -> None:
        txn.delete(next(scan(txn, kind))[0])

    return damage


def overwrite(kind: bytes, value: bytes) -> Damage:
    def damage(txn: Txn) -> None:
        txn.put(next(scan(txn, kind))[0], value)

    return damage


def put(key: bytes, value: bytes = b"") -> Damage:
    def damage(txn: Txn) -> None:
        txn.put(key, value)

    return damage


def move(kind: bytes, key: bytes) -> Damage:
    """Gives the first record of a kind another key."""

    def damage(txn: Txn) -> None:
        old, value = next(scan(txn, kind))
        txn.delete(old)
        txn.put(key, value)

    return damage


LOGGED = AnnotationEventRecord(after=AnnotationRecord(reviewed=True, revision=1)).SerializeToString()

DAMAGES = {
    "unknown kind": (put(b"\x7fx"), "no kind"),
    "key too short": (put(keys.RUN + b"\0\0\0\1"), "key of 5 bytes"),
    "empty id": (put(keys.SOURCE, SourceRecord(id="").SerializeToString()), "key of 1 bytes"),
    "key not UTF-8": (put(keys.document(1, "") + b"\xff"), "not UTF-8"),
    "value unreadable": (put(keys.dataset("broken"), b"\xff\xff"), "cannot be read"),
    "number unreadable": (put(keys.counter("source"), b"\1"), "cannot be read"),
    "document of nobody": (put(keys.document(9, "d")), "belong to nothing"),
    "label of nobody": (put(keys.label(9, 1)), "belong to nothing"),
    "request without age": (drop(keys.REQUEST_AGE), "never be forgotten"),
    "age without request": (drop(keys.REQUEST), "not there"),
    "source under another id": (move(keys.SOURCE, keys.source("other")), "another id in its key"),
    "source uid not given out": (change(keys.SOURCE, SourceRecord, uid=77), "not given out"),
    "document count": (change(keys.SOURCE, SourceRecord, document_count=2), "counts 2 documents and has 3"),
    "document lost": (drop(keys.DOCUMENT), "counts 3 documents and has 2"),
    "number of nobody": (put(keys.document_number(9, 1), b"d"), "belong to nothing"),
    "words of nobody": (put(keys.word_postings(keys.word(9, "w"), 1)), "belong to nothing"),
    "postings unreadable": (overwrite(keys.WORD, b"\3x"), "cannot be read"),
    "postings lost": (drop(keys.WORD), "postings of the"),
    "postings made up": (put(keys.word_postings(keys.word(1, "w"), 1)), "postings of the"),
    "postings fall": (put(keys.word_postings(keys.word(1, "text"), 2)), "do not rise"),
    "index ahead": (change(keys.SOURCE, SourceRecord, indexed_number=9), "has an index up to 9"),
    "number lost": (drop(keys.DOCUMENT_NUMBER), "finds 2 of 3 documents by their numbers"),
    "number of another": (overwrite(keys.DOCUMENT_NUMBER, b"d3"), "which is not its own"),
    "time lost": (drop(keys.DOCUMENT_TIME), "finds 2 of 3 documents by their times"),
    "time made up": (put(keys.document_time(1, 7, "d1")), "by a time that is not its own"),
    "label of a document lost": (drop(keys.ANNOTATION_LABEL), "labels of annotations"),
    "label of a document made up": (
        put(keys.labelled(keys.ANNOTATION_LABEL, 1, 1) + keys.place(1, "d2")),
        "of which its annotation says nothing",
    ),
    "dataset under another id": (move(keys.DATASET, keys.dataset("other")), "another id in its key"),
    "dataset generation": (change(keys.DATASET, DatasetRecord, generation=77), "not given out"),
    "source of a dataset": (change(keys.DATASET, DatasetRecord, source_ids=["gone"]), "does not exist"),
    "no source": (change(keys.DATASET, DatasetRecord, source_ids=[]), "reads no source"),
    "label count": (change(keys.DATASET, DatasetRecord, label_count=7), "counts 7 labels and has 4"),
    "label number": (change(keys.DATASET, DatasetRecord, last_label=2), "was not given out"),
    "label name": (change(keys.LABEL, LabelRecord, name="bad>name"), "must not hold"),
    "label not NFC": (change(keys.LABEL, LabelRecord, name="e\u0301"), "NFC"),
    "parent": (change(keys.LABEL, LabelRecord, name="Z"), "no parent 'A'"),
    "label twice": (change(keys.LABEL, LabelRecord, name="C"), "there twice"),
    "label without its name": (drop(keys.LABEL_NAME), "by its name number None"),
    "name of no label": (put(keys.label_name(1, "Q"), keys.encode_number(9)), "by its name number 9"),
    "assigned count": (change(keys.LABEL, LabelRecord, assigned_count=4), "counts 4 assigned"),
    "dismissed count": (change(keys.LABEL, LabelRecord, dismissed_count=4), "and 4 dismissed"),
    "annotated count": (change(keys.DATASET, DatasetRecord, annotated_count=4), "counts 4 annotations"),
    "reviewed count": (change(keys.DATASET, DatasetRecord, reviewed_count=1), "1 of them reviewed"),
    "annotation of no document": (move(keys.ANNOTATION, keys.annotation(1, 1, "zz")), "document that does not exist"),
    "annotation of a strange source": (move(keys.ANNOTATION, keys.annotation(1, 9, "d1")), "does not read"),
    "annotation of no label": (change(keys.ANNOTATION, AnnotationRecord, assigned=[99]), "names label 99"),
    "annotation of the future": (change(keys.ANNOTATION, AnnotationRecord, revision=99), "revision 99"),
    "contradiction": (change(keys.ANNOTATION, AnnotationRecord, dismissed=[1]), "both assigns and dismisses"),
    "label and parent": (change(keys.ANNOTATION, AnnotationRecord, assigned=[1, 2]), "one above it"),
    "annotation says nothing": (
        change(keys.ANNOTATION, AnnotationRecord, assigned=[], reviewed=False), "says nothing"
    ),
    "annotation without history": (drop(keys.ANNOTATION_EVENT), "has no history"),
    "annotation lost": (drop(keys.ANNOTATION), "is not what its last recorded change (revision 1) says"),
    "annotation changed behind its history": (
        change(keys.ANNOTATION, AnnotationRecord, annotator="eve"), "is not what its last recorded change"
    ),
    "change of nothing": (put(keys.annotation_event(1, 1, "d9", 1), LOGGED), "annotation of 'd9': is not what"),
    "change without its end": (put(keys.annotation_events(1, 1, "d9"), b""), "has a key of"),
    "version number": (change(keys.DATASET, DatasetRecord, last_version=1), "not given out"),
    "version under another number": (move(keys.VERSION, keys.version(1, 9)), "another number in its key"),
    "pin without file": (change(keys.VERSION, VersionRecord, available=False), "pinned and has no file"),
    "pinned count": (change(keys.DATASET, DatasetRecord, pinned_count=3), "counts 3 pinned"),
    "newest version": (change(keys.DATASET, DatasetRecord, latest_version=1), "newest and has 2"),
    "version of no file": (change(keys.VERSION, VersionRecord, sha256=bytes(32)), "not there"),
    "size of a file": (change(keys.VERSION, VersionRecord, size=1), "not whole"),
    "labels of a version": (drop(keys.VERSION_LABELS), "describes 0"),
    "tag on an unpinned version": (change(keys.TAG, TagRecord, version=2), "not pinned"),
    "tag on no version": (change(keys.TAG, TagRecord, version=9), "does not exist"),
    "tag under another name": (move(keys.TAG, keys.tag(1, "zz")), "another name"),
    "tag generation": (change(keys.TAG, TagRecord, generation=99), "generation 99"),
    "run number": (change(keys.DATASET, DatasetRecord, last_run=1), "not given out"),
    "run under another number": (move(keys.RUN, keys.run(1, 9)), "another number in its key"),
    "run state": (change(keys.RUN, RunRecord, state="odd"), "in the state 'odd'"),
    "run that made nothing": (change(keys.RUN, RunRecord, version=0), "succeeded with version 0"),
    "run that made another's version": (change(keys.RUN, RunRecord, version=2), "another run's"),
    "run claimed by nobody": (change(keys.RUN, RunRecord, state="running", version=0), "claimed by ''"),
    "run without end": (change(keys.RUN, RunRecord, ended_us=0), "has no end"),
    "queued run forgotten": (drop(keys.WAITING_RUN), "waits 0 times"),
    "queued run twice": (put(keys.waiting_run(1 << 40), keys.encode_run_reference(1, 3)), "waits 2 times"),
    "place in the queue": (put(keys.waiting_run(1 << 40), keys.encode_run_reference(1, 3)), "not given out"),
    "waiting run of no record": (put(keys.waiting_run(1), keys.encode_run_reference(1, 9)), "waits and does not exist"),
    "reference count": (change(keys.ARTEFACT, ArtefactRecord, reference_count=3), "counts 3 versions"),
    "file lost": (drop(keys.ARTEFACT), "is not there"),
    "chunk lost": (drop(keys.CHUNK), "bytes instead of"),
    "chunk damaged": (overwrite(keys.CHUNK, b"model X"), "digest"),
    "chunk of no file": (put(keys.chunk(bytes(32), 0), b"x"), "has a chunk"),
    "file half staged": (change(keys.ARTEFACT, ArtefactRecord, complete=False), "not whole"),
}  # fmt: skip


async def test_a_sound_store_gives_no_finding(bench: Bench) -> None:
    await fill(bench)
    assert bench.findings() == []


@pytest.mark.parametrize("name", DAMAGES)
async def test_damage_is_found(bench: Bench, name: str) -> None:
    await fill(bench)
    damage, expected = DAMAGES[name]
    with bench.store.write() as txn:
        damage(txn)
    told = [f"{finding.place}: {finding.problem}" for finding in bench.findings()]
    assert any(expected in line for line in told), told


async def test_a_new_store_is_sound(bench: Bench) -> None:
    assert bench.findings() == []
