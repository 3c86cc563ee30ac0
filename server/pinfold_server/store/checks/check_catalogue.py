"""Sources, datasets and labels: ids, numbers, references and the counts of documents."""

from collections.abc import Iterator

from pinfold_server.domain.labels.labels import check_path, levels
from pinfold_server.domain.names import dataset_name, source_name
from pinfold_server.errors import AppError
from pinfold_server.store import keys
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn, last_number
from pinfold_server.store.storage_pb2 import DatasetRecord, LabelRecord, SourceRecord
from pinfold_server.store.table import scan
from pinfold_server.store.tables import datasets, labels, sources


def check_catalogue(txn: Txn) -> Iterator[Finding]:
    source_ids: set[str] = set()
    uids: set[int] = set()
    for key, source in sources.by_id(txn):
        source_ids.add(source.id)
        if key != keys.source(source.id) or source.uid in uids:
            yield Finding(source_name(source.id), f"has another id in its key, or shares uid {source.uid}")
        uids.add(source.uid)
        yield from _check_source(txn, source)
    uids.clear()
    for key, dataset in datasets.by_id(txn):
        if key != keys.dataset(dataset.id) or dataset.uid in uids:
            yield Finding(dataset_name(dataset.id), f"has another id in its key, or shares uid {dataset.uid}")
        uids.add(dataset.uid)
        yield from _check_dataset(txn, dataset, source_ids)
        yield from label_findings(txn, dataset)


def _given_out(txn: Txn, counter: str, number: int) -> bool:
    return 0 < number <= last_number(txn, counter)


def _check_source(txn: Txn, source: SourceRecord) -> Iterator[Finding]:
    place = source_name(source.id)
    if not (_given_out(txn, "source", source.uid) and _given_out(txn, "generation", source.generation)):
        yield Finding(place, f"has a number that was not given out: uid {source.uid}, generation {source.generation}")
    yield from document_count_findings(txn, source)


def document_count_findings(txn: Txn, source: SourceRecord) -> Iterator[Finding]:
    """Of one source, which need not be stored itself."""
    place = source_name(source.id)
    found = sum(1 for _ in scan(txn, keys.documents(source.uid)))
    if found != source.document_count:
        yield Finding(place, f"counts {source.document_count} documents and has {found}")


def _check_dataset(txn: Txn, dataset: DatasetRecord, source_ids: set[str]) -> Iterator[Finding]:
    place = dataset_name(dataset.id)
    if not (_given_out(txn, "dataset", dataset.uid) and _given_out(txn, "generation", dataset.generation)):
        yield Finding(place, f"has a number that was not given out: uid {dataset.uid}, generation {dataset.generation}")
    if not dataset.source_ids or len(set(dataset.source_ids)) < len(dataset.source_ids):
        yield Finding(place, f"reads no source, or one twice: {', '.join(dataset.source_ids)}")
    for source_id in dataset.source_ids:
        if source_id not in source_ids:
            yield Finding(place, f"reads {source_name(source_id)}, which does not exist")


def label_findings(txn: Txn, dataset: DatasetRecord) -> Iterator[Finding]:
    """Of one dataset, which need not be stored itself."""
    place = dataset_name(dataset.id)
    records = list(labels.by_number(txn, dataset.uid))
    by_name = {record.name: record.number for record in records}
    if len(records) != dataset.label_count:
        yield Finding(place, f"counts {dataset.label_count} labels and has {len(records)}")
    for record in records:
        yield from _check_label(f"{place} label {record.name!r}", dataset, record, by_name)
    prefix = keys.of_dataset(keys.LABEL_NAME, dataset.uid)
    index = {key[len(prefix) :].decode(): keys.decode_number(value) for key, value in scan(txn, prefix)}
    for name in sorted(index.keys() | by_name.keys()):
        if index.get(name) != by_name.get(name):
            problem = f"is number {by_name.get(name)}, and by its name number {index.get(name)}"
            yield Finding(f"{place} label {name!r}", problem)


def _check_label(place: str, dataset: DatasetRecord, record: LabelRecord, by_name: dict[str, int]) -> Iterator[Finding]:
    if not 0 < record.number <= dataset.last_label:
        yield Finding(place, f"has number {record.number}, which was not given out")
    if by_name[record.name] != record.number:
        yield Finding(place, "is there twice")
    try:
        valid = check_path(record.name, "name") == record.name
    except AppError as error:
        yield Finding(place, error.message)
        return
    if not valid:
        yield Finding(place, "is not in NFC form")
    for level in levels(record.name):
        if level not in by_name:
            yield Finding(place, f"has no parent {level!r}")
