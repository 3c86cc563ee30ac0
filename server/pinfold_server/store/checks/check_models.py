"""Runs and their queue, versions, tags: legal states, numbers that were given out, references that hold."""

from collections import Counter
from collections.abc import Iterator

from pinfold_server.domain.names import dataset_name, run_name, tag_name, version_name
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.store import keys
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn, last_number
from pinfold_server.store.storage_pb2 import DatasetRecord, RunRecord, VersionRecord
from pinfold_server.store.tables import artefacts, datasets, runs, tags, versions


def check_models(txn: Txn) -> Iterator[Finding]:
    for dataset in datasets.every(txn):
        yield from model_findings(txn, dataset)
    yield from _check_queue(txn)


def model_findings(txn: Txn, dataset: DatasetRecord) -> Iterator[Finding]:
    """Of one dataset, which need not be stored itself."""
    known: dict[int, VersionRecord] = {}
    for key, record in versions.newest_first(txn, dataset.uid):
        known[record.number] = record
        if key != keys.version(dataset.uid, record.number):
            yield Finding(version_name(dataset.id, record.number), "has another number in its key")
    yield from _check_versions(txn, dataset, known)
    yield from _check_runs(txn, dataset, known)
    yield from _check_tags(txn, dataset, known)


def _check_versions(txn: Txn, dataset: DatasetRecord, known: dict[int, VersionRecord]) -> Iterator[Finding]:
    place = dataset_name(dataset.id)
    for number, record in known.items():
        for problem in _version_problems(txn, dataset, record):
            yield Finding(version_name(dataset.id, number), problem)
    pinned = sum(record.pinned for record in known.values())
    if pinned != dataset.pinned_count:
        yield Finding(place, f"counts {dataset.pinned_count} pinned versions and has {pinned}")
    latest = known.get(dataset.latest_version)
    if dataset.latest_version and (latest is None or not latest.available):
        yield Finding(place, f"names version {dataset.latest_version} as its newest, which is not there or has no file")
    if dataset.latest_version != max(known, default=0):
        yield Finding(place, f"names version {dataset.latest_version} as its newest and has {max(known, default=0)}")


def _version_problems(txn: Txn, dataset: DatasetRecord, record: VersionRecord) -> Iterator[str]:
    if not 0 < record.number <= dataset.last_version:
        yield "has a number that was not given out"
    if record.pinned and not record.available:
        yield "is pinned and has no file"
    if record.available:
        artefact = artefacts.get(txn, record.sha256)
        if artefact is None or not artefact.complete or artefact.size != record.size:
            yield f"has a file {record.sha256.hex()[:12]} that is not there, or not whole"
    golden = len(versions.golden(txn, dataset.uid, record.number).texts)
    if golden != (record.golden_count if record.available else 0):
        yield f"has {golden} golden answers and should have {record.golden_count if record.available else 0}"
    described = [label.name for label in versions.labels(txn, dataset.uid, record.number).labels]
    if len(described) != record.label_count:
        yield f"has {record.label_count} labels and describes {len(described)}"
    keywords = [keyword.label for _, keyword in versions.keywords(txn, dataset.uid, record.number)]
    if keywords and keywords != (described if record.available else []):
        yield f"has keywords of {len(keywords)} labels, which are not those of its file"


def _check_runs(txn: Txn, dataset: DatasetRecord, known: dict[int, VersionRecord]) -> Iterator[Finding]:
    for key, record in runs.newest_first(txn, dataset.uid):
        if key != keys.run(dataset.uid, record.number):
            yield Finding(run_name(dataset.id, record.number), "has another number in its key")
        for problem in _run_problems(dataset, record, known):
            yield Finding(run_name(dataset.id, record.number), problem)


def _run_problems(dataset: DatasetRecord, record: RunRecord, known: dict[int, VersionRecord]) -> Iterator[str]:
    if not 0 < record.number <= dataset.last_run:
        yield "has a number that was not given out"
    try:
        state = RunState(record.state)
    except ValueError:
        yield f"is in the state {record.state!r}"
        return
    if (state is RunState.SUCCEEDED) != (record.version > 0):
        yield f"is {state} with version {record.version}"
    if record.version and (record.version not in known or known[record.version].run != record.number):
        yield f"made version {record.version}, which does not exist or is another run's"
    if (state is RunState.RUNNING) != bool(record.claimed_by):
        yield f"is {state} and claimed by {record.claimed_by!r}"
    if state.ended != (record.ended_us > 0):
        yield f"is {state} and has {'an' if record.ended_us else 'no'} end"


def _check_tags(txn: Txn, dataset: DatasetRecord, known: dict[int, VersionRecord]) -> Iterator[Finding]:
    for key, record in tags.by_name(txn, dataset.uid):
        place = tag_name(dataset.id, record.tag)
        if key != keys.tag(dataset.uid, record.tag):
            yield Finding(place, "has another name in its key")
        version = known.get(record.version)
        if version is None or not version.pinned:
            yield Finding(place, f"points to version {record.version}, which is not pinned or does not exist")
        if not 0 < record.generation <= last_number(txn, "tag event"):
            yield Finding(place, f"has generation {record.generation}, which was not given out")


def _check_queue(txn: Txn) -> Iterator[Finding]:
    """Every queued run waits exactly once, and nothing else does.

    What waits of a deleted dataset is no fault: the trainer that comes to it drops it.
    """
    waiting = Counter((dataset_uid, number) for _, dataset_uid, number in runs.waiting(txn))
    owners = {record.uid: record.id for record in datasets.every(txn)}
    for dataset_uid, record in runs.every(txn):
        expected = int(record.state == RunState.QUEUED)
        found = waiting.pop((dataset_uid, record.number), 0)
        if dataset_uid in owners and found != expected:
            place = run_name(owners[dataset_uid], record.number)
            yield Finding(place, f"is {record.state} and waits {found} times")
    for dataset_uid, number in sorted(waiting):
        if dataset_uid in owners:
            yield Finding(run_name(owners[dataset_uid], number), "waits and does not exist")
    for key, _, _ in runs.waiting(txn):
        if key > keys.waiting_run(last_number(txn, "ticket")):
            yield Finding(f"key {key.hex()}", "is a place in the queue that was not given out")
