"""The order of uploads and the streams over it: arrivals rise, streams hold what they were given."""

from collections.abc import Iterator
from itertools import pairwise

from pinfold_server.domain.names import dataset_name, source_name, stream_name
from pinfold_server.store import garbage, keys
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn, last_number
from pinfold_server.store.storage_pb2 import DatasetRecord, SourceRecord
from pinfold_server.store.streams_pb2 import StreamRecord
from pinfold_server.store.table import scan
from pinfold_server.store.tables import arrivals, datasets, sources, streams, versions


def check_streams(txn: Txn) -> Iterator[Finding]:
    for _, source in sources.by_id(txn):
        for problem in _arrival_problems(txn, source):
            yield Finding(source_name(source.id), problem)
    for dataset in datasets.every(txn):
        for key, record in streams.by_id(txn, dataset.uid):
            for problem in _stream_problems(txn, dataset, key, record):
                yield Finding(stream_name(dataset.id, record.id), problem)
        yield from _exception_findings(txn, dataset)


def _arrival_problems(txn: Txn, source: SourceRecord) -> Iterator[str]:
    found = list(arrivals.of_source(txn, source))
    for arrival in found:
        if not 0 < arrival.number <= arrivals.latest(txn):
            yield f"has arrival {arrival.number}, which was not given out"
        if not 0 < arrival.first <= arrival.last:
            yield f"has arrival {arrival.number} of the documents {arrival.first} to {arrival.last}"
    for earlier, later in pairwise(found):
        if later.time_us < earlier.time_us:
            yield f"has arrival {later.number}, which is older than the one before it"


def _stream_problems(txn: Txn, dataset: DatasetRecord, key: bytes, record: StreamRecord) -> Iterator[str]:
    if key != keys.stream(dataset.uid, record.id):
        yield "has another id in its key"
    if not (0 < record.uid <= last_number(txn, "stream") and 0 < record.generation <= last_number(txn, "generation")):
        yield f"has a number that was not given out: uid {record.uid}, generation {record.generation}"
    version = versions.get(txn, dataset.uid, record.version)
    if version is None or not version.pinned:
        yield f"uses version {record.version}, which is not pinned or does not exist"
    if record.cursor_arrival > arrivals.latest(txn):
        yield f"is at arrival {record.cursor_arrival}, which was not given out"


def _exception_findings(txn: Txn, dataset: DatasetRecord) -> Iterator[Finding]:
    known = {record.uid for _, record in streams.by_id(txn, dataset.uid)}
    waiting = set(garbage.prefixes(txn))
    for key, _ in scan(txn, keys.of_dataset(keys.STREAM_EXCEPTION, dataset.uid)):
        uid, _, document_id = keys.excepted_document(key)
        if uid not in known and streams.exceptions_scope(dataset.uid, uid) not in waiting:
            yield Finding(dataset_name(dataset.id), f"has an exception of document {document_id!r} and no stream {uid}")
