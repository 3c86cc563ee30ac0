"""Indexes of documents: what each finds is there, and nothing that is there is missing in it."""

from collections.abc import Iterator

from pinfold_server.domain.documents import postings
from pinfold_server.domain.documents.same_texts import comparable, digest_of
from pinfold_server.domain.documents.words import words_of
from pinfold_server.domain.names import dataset_name, source_name
from pinfold_server.store import keys
from pinfold_server.store.checks.findings import Finding
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord, DatasetRecord, SourceRecord
from pinfold_server.store.table import scan
from pinfold_server.store.tables import annotations, datasets, documents, sources, text_digests


def check_search(txn: Txn) -> Iterator[Finding]:
    for _, source in sources.by_id(txn):
        place = source_name(source.id)
        if source.indexed_number > source.last_number:
            yield Finding(place, f"has an index up to {source.indexed_number}, and numbers up to {source.last_number}")
        for problem in (
            *_number_problems(txn, source),
            *_time_problems(txn, source),
            *_digest_problems(txn, source),
        ):
            yield Finding(place, problem)
        if source.has_indexes:
            yield from _word_findings(txn, source)
    for dataset in datasets.every(txn):
        for problem in _label_problems(txn, dataset):
            yield Finding(dataset_name(dataset.id), problem)


def _number_problems(txn: Txn, source: SourceRecord) -> Iterator[str]:
    count = 0
    for number, document_id in documents.by_number(txn, source.uid, 0):
        count += 1
        record = documents.get(txn, source.uid, document_id)
        if record is None or record.number != number or number > source.last_number:
            yield f"finds document {document_id!r} by number {number}, which is not its own"
    if source.has_indexes and count != source.document_count:
        yield f"finds {count} of {source.document_count} documents by their numbers"


def _time_problems(txn: Txn, source: SourceRecord) -> Iterator[str]:
    count = 0
    for key, _ in scan(txn, keys.of_source(keys.DOCUMENT_TIME, source.uid)):
        count += 1
        time_us, document_id = keys.timed_document(key)
        record = documents.get(txn, source.uid, document_id)
        if record is None or record.timestamp_us != time_us:
            yield f"finds document {document_id!r} by a time that is not its own"
    if source.has_indexes and count != source.document_count:
        yield f"finds {count} of {source.document_count} documents by their times"


def _digest_problems(txn: Txn, source: SourceRecord) -> Iterator[str]:
    found = 0
    for digest, number in text_digests.every(txn, source.uid):
        found += 1
        document_id = documents.id_of(txn, source.uid, number)
        record = None if document_id is None else documents.get(txn, source.uid, document_id)
        if record is None or number > source.compared_number or digest_of(comparable(record.text)) != digest:
            yield f"finds the text number {number} by a digest that is not its own"
    expected = sum(number <= source.compared_number for number, _ in documents.by_number(txn, source.uid, 0))
    if found != expected:
        yield f"finds {found} of {expected} texts by their digests"


def _word_findings(txn: Txn, source: SourceRecord) -> Iterator[Finding]:
    """Pairs of word and document are counted on both sides: one that is lost or made up shows."""
    place = source_name(source.id)
    indexed: list[int] = []
    expected = found = 0
    for number, document_id in documents.by_number(txn, source.uid, 0):
        record = documents.get(txn, source.uid, document_id)
        if number <= source.indexed_number and record is not None:
            indexed.append(number)
            expected += len(set(words_of(record.text)))
    alive = postings.numbers(indexed)
    word, last = b"", 0
    for key, value in scan(txn, keys.words(source.words_uid)) if source.words_uid else ():
        numbers = postings.decode(keys.first_posting(key), value)
        if key[:-4] == word and int(numbers[0]) <= last:
            yield Finding(place, f"has postings of the word {key[5:-5].decode()!r} that do not rise")
        word, last = key[:-4], int(numbers[-1])
        found += len(postings.common([numbers, alive]))
    if found != expected:
        yield Finding(place, f"has {found} postings of the {expected} words of its documents")


def _label_problems(txn: Txn, dataset: DatasetRecord) -> Iterator[str]:
    found = expected = 0
    for kind in (keys.ANNOTATION_LABEL, keys.DISMISSED_LABEL):
        for key, _ in scan(txn, keys.of_dataset(kind, dataset.uid)):
            found += 1
            number, source_uid, document_id = keys.labelled_document(key)
            record = annotations.get(txn, dataset.uid, source_uid, document_id) or AnnotationRecord()
            if number not in (record.assigned if kind == keys.ANNOTATION_LABEL else record.dismissed):
                yield f"finds document {document_id!r} by label {number}, of which its annotation says nothing"
    for _, record in annotations.by_document(txn, dataset.uid):
        expected += len(record.assigned) + len(record.dismissed)
    if dataset.has_label_index and found != expected:
        yield f"finds {found} of {expected} labels of annotations"
