"""The labels of one dataset into another, on demand with what people said of documents that both read."""

from collections.abc import Iterator

from pinfold_server.domain.labels.annotations import MarksChange, RetrievalMode
from pinfold_server.domain.labels.labels import tree_order
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.domain.names import ACTOR_CHARS_MAX, check_text_field, dataset_name
from pinfold_server.errors import invalid, precondition
from pinfold_server.services.annotations.annotation_book import AnnotationBook, Origin, Place
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.labels.label_moves import ANNOTATIONS_MAX
from pinfold_server.services.labels.taxonomy import Taxonomy
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord, CopyTaxonomyAnswer, DatasetRecord
from pinfold_server.store.tables import annotations, labels


class TaxonomyCopyService:
    """Copies in one transaction."""

    def __init__(self, changes: Changes, limits: DatasetLimits) -> None:
        self._changes = changes
        self._limits = limits

    async def copy(
        self,
        dataset_id: str,
        from_id: str,
        *,
        with_annotations: bool = False,
        actor: str = "",
        once: RequestKey | None = None,
    ) -> CopyTaxonomyAnswer:
        """Raises AppError DATASET_NOT_FOUND, TOO_MANY_LABELS, TOO_MANY_ANNOTATIONS, INVALID for one dataset twice."""
        check_text_field(actor, "actor", ACTOR_CHARS_MAX)
        if dataset_id == from_id:
            raise invalid("from_dataset", "must be another dataset")

        def work(txn: Txn, now_us: int) -> CopyTaxonomyAnswer:
            owner, other = lookup.dataset(txn, dataset_id), lookup.dataset(txn, from_id)
            book = AnnotationBook(txn, owner, self._limits.labels_max, now_us, actor)
            answer = CopyTaxonomyAnswer()
            numbers = _copy_labels(txn, other, book.taxonomy)
            answer.created_count = book.taxonomy.created
            if with_annotations:
                _check_bound(other)
                _check_sentiment(owner, other)
                for place, record in _shared(txn, owner, other):
                    if annotations.get(txn, owner.uid, place.source_uid, place.document_id) is not None:
                        answer.kept_count += 1
                        continue
                    origin = Origin(record.annotator, RetrievalMode(record.retrieval_mode))
                    answer.annotation_count += book.apply(place, _change(record, numbers), origin)
            answer.revision = book.close()
            return answer

        return await self._changes.run(CopyTaxonomyAnswer, work, once)


def _copy_labels(txn: Txn, other: DatasetRecord, taxonomy: Taxonomy) -> dict[int, int]:
    """Numbers here by those of the other dataset."""
    records = sorted(labels.by_number(txn, other.uid), key=lambda record: tree_order(record.name))
    taxonomy.create(record.name for record in records)
    numbers: dict[int, int] = {}
    for record in records:
        number = taxonomy.number(record.name)
        assert number is not None, "it was made a moment ago"
        mine = taxonomy.record(number)
        taxonomy.describe(
            number, "" if mine.description else record.description, "" if mine.external_id else record.external_id
        )
        numbers[record.number] = number
    return numbers


def _shared(txn: Txn, owner: DatasetRecord, other: DatasetRecord) -> Iterator[tuple[Place, AnnotationRecord]]:
    """Annotations of the other dataset whose documents both datasets read."""
    both = [source_id for source_id in other.source_ids if source_id in owner.source_ids]
    uids = {lookup.source(txn, source_id).uid for source_id in both}
    for key, record in annotations.by_document(txn, other.uid):
        source_uid, document_id = keys.annotated_document(key)
        if source_uid in uids:
            yield Place(source_uid, document_id), record


def _change(record: AnnotationRecord, numbers: dict[int, int]) -> MarksChange:
    return MarksChange(
        frozenset(numbers[number] for number in record.assigned),
        frozenset(numbers[number] for number in record.dismissed),
        record.reviewed,
        frozenset(numbers[number] for number in record.negative),
    )


def _check_sentiment(owner: DatasetRecord, other: DatasetRecord) -> None:
    if owner.label_sentiment != other.label_sentiment:
        has, lacks = (owner, other) if owner.label_sentiment else (other, owner)
        raise precondition(
            "LABEL_SENTIMENT_DIFFERS",
            f"labels of {dataset_name(has.id)} have a sentiment, those of {dataset_name(lacks.id)} have none:"
            " copy the labels without annotations",
            name=dataset_name(owner.id),
        )


def _check_bound(other: DatasetRecord) -> None:
    if other.annotated_count > ANNOTATIONS_MAX:
        raise precondition(
            "TOO_MANY_ANNOTATIONS",
            f"{dataset_name(other.id)} has {other.annotated_count:,} annotations; one copy takes at most"
            f" {ANNOTATIONS_MAX:,}: export them and upload them",
            name=dataset_name(other.id),
        )
