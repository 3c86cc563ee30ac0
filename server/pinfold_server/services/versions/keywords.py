"""What speaks for the labels of a version, and against them: read, as the training left it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.predictions.keywords import KEPT, SHOWN_DEFAULT
from pinfold_server.errors import invalid, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.pages import PageRequest, take
from pinfold_server.services.predictions.asking import unknown_label
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import LabelKeywordsRecord, VersionRecord
from pinfold_server.store.tables import versions

LABELS_MAX = 200


@dataclass(frozen=True, slots=True)
class ListedKeywords:
    """Some labels of a version, each with as many keywords as were asked for; `next_token` as in `Page`."""

    version: int
    labels: list[LabelKeywordsRecord]
    next_token: str = ""


class KeywordService:
    """Raises AppError NOT_FOUND for a dataset, version or tag that is not there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_keywords(
        self, dataset_id: str, wanted: VersionRef, labels: Sequence[str], max_keywords: int, page: PageRequest
    ) -> ListedKeywords:
        """Of the `labels`, or of a page of all of them. Raises AppError KEYWORDS_NOT_KEPT, UNKNOWN_LABEL."""
        shown = _shown(max_keywords)
        if len(labels) > LABELS_MAX:
            raise invalid("labels", f"must name at most {LABELS_MAX:,} labels, got {len(labels):,}")
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.version(txn, owner, wanted)
            if versions.keywords_of(txn, owner.uid, record.number, 0) is None:
                raise _not_kept(dataset_id, record)
            if labels:
                return ListedKeywords(record.number, _named(txn, owner.uid, record.number, labels, shown))
            scope = keys.keywords(owner.uid, record.number)
            every = versions.keywords(txn, owner.uid, record.number, page.position(scope))
            cut = ((key, _cut(each, shown)) for key, each in every)
            found = take(cut, page.limit(most=LABELS_MAX), scope, LabelKeywordsRecord.ByteSize)
            return ListedKeywords(record.number, found.records, found.next_token)


def _named(txn: Txn, dataset_uid: int, number: int, labels: Sequence[str], shown: int) -> list[LabelKeywordsRecord]:
    """In the order of `labels`, each once."""
    described = versions.labels(txn, dataset_uid, number).labels
    place_of = {label.name: place for place, label in enumerate(described)}
    for index, label in enumerate(labels):
        if label not in place_of:
            raise unknown_label(f"labels[{index}]", label)
    found = (versions.keywords_of(txn, dataset_uid, number, place_of[label]) for label in dict.fromkeys(labels))
    return [_cut(record, shown) for record in found if record is not None]


def _shown(max_keywords: int) -> int:
    if not 0 <= max_keywords <= KEPT:
        raise invalid("max_keywords", f"must be from 1 to {KEPT}, or 0 for the default, got {max_keywords:,}")
    return max_keywords or SHOWN_DEFAULT


def _cut(record: LabelKeywordsRecord, shown: int) -> LabelKeywordsRecord:
    del record.towards[shown:]
    del record.against[shown:]
    return record


def _not_kept(dataset_id: str, record: VersionRecord) -> Exception:
    why = "an earlier Pinfold trained it" if record.available else "its file was dropped"
    return precondition(
        "KEYWORDS_NOT_KEPT",
        f"version {record.number} has no keywords, because {why}: train again",
        name=version_name(dataset_id, record.number),
    )
