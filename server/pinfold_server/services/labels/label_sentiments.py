"""Sentiments of assigned labels, as a request has them: one for each label where the dataset asks for them."""

from collections.abc import Sequence

from pinfold_server.domain.labels.labels import check_path
from pinfold_server.domain.labels.sentiments import Sentiment
from pinfold_server.domain.names import dataset_name
from pinfold_server.errors import invalid
from pinfold_server.services.labels.taxonomy import Taxonomy
from pinfold_server.store.storage_pb2 import AnnotationRecord, DatasetRecord


def check_sentiments(owner: DatasetRecord, labels: Sequence[str], sentiments: Sequence[int], field: str) -> None:
    """`field` is that of the set of labels. Raises AppError SENTIMENT_NOT_TAKEN, SENTIMENT_REQUIRED."""
    place = f"{field}.sentiments"
    if not owner.label_sentiment:
        if sentiments:
            description = f"must be empty: {dataset_name(owner.id)} was created without label_sentiment"
            raise invalid(place, description, "SENTIMENT_NOT_TAKEN")
        return
    if len(sentiments) != len(labels):
        description = (
            f"must have POSITIVE or NEGATIVE for each of the {len(labels)} labels, got {len(sentiments)}:"
            f" {dataset_name(owner.id)} was created with label_sentiment"
        )
        raise invalid(place, description, "SENTIMENT_REQUIRED")
    for index, sentiment in enumerate(sentiments):
        if sentiment not in (Sentiment.POSITIVE, Sentiment.NEGATIVE):
            raise invalid(f"{place}[{index}]", "must be POSITIVE or NEGATIVE", "SENTIMENT_REQUIRED")


def negative_numbers(taxonomy: Taxonomy, labels: Sequence[str], sentiments: Sequence[int]) -> frozenset[int]:
    """Numbers of the labels, which were checked and exist, that are said in a bad sense; no sentiments: none are."""
    said = zip(labels, sentiments, strict=True) if sentiments else ()
    paths = (check_path(label, "labels") for label, sentiment in said if sentiment == Sentiment.NEGATIVE)
    return frozenset(number for path in paths if (number := taxonomy.number(path)) is not None)


def sentiments_of(owner: DatasetRecord, record: AnnotationRecord, numbers: Sequence[int]) -> tuple[Sentiment, ...]:
    """Of these assigned labels, in their order; none where the dataset has none."""
    if not owner.label_sentiment:
        return ()
    return tuple(Sentiment.NEGATIVE if number in record.negative else Sentiment.POSITIVE for number in numbers)
