"""Versions and runs as a trainer would leave them, written straight into a store."""

from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import (
    DatasetRecord,
    RunRecord,
    TagEventRecord,
    TagRecord,
    VersionLabelRecord,
    VersionLabelsRecord,
    VersionRecord,
)
from pinfold_server.store.tables import artefacts, datasets, runs, tags, versions


def add_version(store: Store, dataset_id: str, blob: bytes, *, pinned: bool = False) -> int:
    """A version with its run, published; returns its number. The one before keeps its file only when it is pinned."""
    sha256 = artefacts.stage(store, blob, now_us=1)
    with store.write() as txn:
        owner = _dataset(txn, dataset_id)
        latest = versions.get(txn, owner.uid, owner.latest_version)
        if latest is not None and not latest.pinned:
            artefacts.dereference(txn, latest.sha256)
            latest.available = False
            versions.put(txn, owner.uid, latest)
        owner.last_run += 1
        owner.last_version += 1
        owner.latest_version = owner.last_version
        owner.pinned_count += pinned
        datasets.put(txn, owner)
        run = RunRecord(number=owner.last_run, state="succeeded", version=owner.last_version, created_us=1, ended_us=2)
        runs.put(txn, owner.uid, run)
        record = VersionRecord(
            number=owner.last_version,
            run=run.number,
            pinned=pinned,
            available=True,
            revision=owner.revision,
            sha256=sha256,
            size=len(blob),
            label_count=1,
        )
        artefacts.reference(txn, sha256)
        versions.put(txn, owner.uid, record)
        described = VersionLabelsRecord(labels=[VersionLabelRecord(name="A")])
        versions.put_labels(txn, owner.uid, record.number, described)
    return record.number


def add_tag(store: Store, dataset_id: str, tag: str, version: int) -> None:
    with store.write() as txn:
        owner = _dataset(txn, dataset_id)
        generation = tags.add_event(txn, owner.uid, TagEventRecord(tag=tag, kind="set", to_version=version, time_us=1))
        tags.put(txn, owner.uid, TagRecord(tag=tag, version=version, updated_us=1, generation=generation))


def add_queued_run(store: Store, dataset_id: str) -> int:
    with store.write() as txn:
        owner = _dataset(txn, dataset_id)
        owner.last_run += 1
        datasets.put(txn, owner)
        runs.put(txn, owner.uid, RunRecord(number=owner.last_run, state="queued", created_us=1))
        runs.enqueue(txn, owner.uid, owner.last_run)
        return owner.last_run


def _dataset(txn: Txn, dataset_id: str) -> DatasetRecord:
    record = datasets.get(txn, dataset_id)
    assert record is not None
    return record
