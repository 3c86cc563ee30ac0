"""Finding the documents of a scope that match a filter, in the order of sources and ids, a bounded piece at a time."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from pinfold_server.domain.documents import filters
from pinfold_server.domain.documents.filter_matching import predicate
from pinfold_server.domain.documents.filters import Filter, OneOf, WordField
from pinfold_server.domain.names import dataset_name
from pinfold_server.errors import invalid, precondition
from pinfold_server.services.common.pages import BYTES_MAX, Page, PageRequest, token_after
from pinfold_server.services.documents.candidates import Candidates, Moment
from pinfold_server.services.documents.document_scope import DocumentScope, check_named
from pinfold_server.services.documents.document_views import Scores, View, ViewContext
from pinfold_server.services.sampling.score_tables import TableScores
from pinfold_server.store import keys
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import AnnotationRecord, DocumentRecord
from pinfold_server.store.tables import labels

_LOOKS_A_CLOCK = 256


@dataclass(frozen=True, slots=True)
class Effort:
    """How long one call goes on looking for matches: never at more than `most` documents, and no longer than `seconds`
    once it has looked at `least`, so that a list gets on however slow the machine is.
    """

    least: int = 1_024
    most: int = 16_384
    seconds: float = 0.008

    def meter(self) -> Callable[[], bool]:
        """To be called for each document before it is looked at: whether that is enough."""
        ends = time.perf_counter() + self.seconds
        looked = 0

        def spent() -> bool:
            nonlocal looked
            looked += 1
            if looked > self.most:
                return True
            return looked > self.least and looked % _LOOKS_A_CLOCK == 0 and time.perf_counter() > ends

        return spent


EFFORT = Effort()


@dataclass(frozen=True, slots=True)
class Found:
    """A document that matches. `annotation` is that of the scope's dataset."""

    source_id: str
    source_uid: int
    document_id: str
    record: DocumentRecord
    annotation: AnnotationRecord | None


class Matcher:
    """A filter on documents of a scope that come one by one, in one transaction. Raises what Finder raises."""

    def __init__(self, txn: Txn, scope: DocumentScope, wanted: Filter, scores: Scores | None = None) -> None:
        _check(txn, scope, wanted, scores)
        self._matches = predicate(wanted)
        names = {} if scope.owner is None else labels.names(txn, scope.owner.uid)
        self._context = ViewContext(txn, scope.owner, names, scores)

    def matches(self, source_id: str, source_uid: int, document_id: str, record: DocumentRecord) -> bool:
        """Whether the filter lets the document through."""
        return self._matches(View(self._context, source_id, keys.document(source_uid, document_id), record))


class Finder:
    """A filter over a scope, in one transaction.

    Raises AppError INVALID_FILTER for a source that is not of the scope, DATASET_REQUIRED for a filter on annotations
    or predictions without a dataset, UNKNOWN_LABEL, PREDICTIONS_REQUIRED for a filter on predictions without `scores`
    (`StoredScores.of` has them).
    """

    def __init__(self, txn: Txn, scope: DocumentScope, wanted: Filter, scores: TableScores | None = None) -> None:
        _check(txn, scope, wanted, scores)
        self._matches = predicate(wanted)
        self._sources = {source.uid: source.id for source in scope.sources}
        names = {} if scope.owner is None else labels.names(txn, scope.owner.uid)
        self._context = ViewContext(txn, scope.owner, names, scores)
        numbers = {name: number for number, name in names.items()}
        self._candidates = partial(Candidates, txn, scope, wanted, numbers, scores)

    def examine(self, start: bytes = b"") -> Iterator[tuple[bytes, Found | None]]:
        """Key of each document that is looked at from `start` on, by source (in the order of their making) and id,
        and the document where it matches. Stop whenever it is enough, and go on at `keys.after` the last key.
        """
        for key, record in self._candidates().after(start):
            yield key, None if record is None else self.look(key, record)

    def newest(self, before: Moment | None) -> Iterator[tuple[Moment, Found | None]]:
        """The same, the newest documents first, from below `before` on."""
        for moment, record in self._candidates().newest(before):
            key = keys.document(moment.source_uid, moment.document_id)
            yield moment, None if record is None else self.look(key, record)

    def look(self, key: bytes, record: DocumentRecord) -> Found | None:
        """The document under a key, where it matches."""
        view = View(self._context, self._sources[keys.source_uid_of(key)], key, record)
        if not self._matches(view):
            return None
        source_uid, document_id = keys.stored_document(key)
        return Found(view.source, source_uid, document_id, record, view.annotation_record)


def page_of(
    finder: Finder,
    scope: bytes,
    page: PageRequest,
    *,
    effort: Effort = EFFORT,
    bytes_max: int = BYTES_MAX,
) -> Page[Found]:
    """The next matches. A page can be short, or empty, and still have a token: then more must be looked at."""
    limit = page.limit()
    start = page.position(scope)
    records: list[Found] = []
    last, room = b"", bytes_max
    spent = effort.meter()
    for key, found in finder.examine(keys.after(start) if start else b""):
        if spent():
            return Page(records, token_after(scope, last))
        if found is not None:
            room -= found.record.ByteSize()
            if records and (len(records) == limit or room < 0):
                return Page(records, token_after(scope, last))
            records.append(found)
        last = key
    return Page(records, "")


def token_scope(scope: DocumentScope, filter_text: str) -> bytes:
    """What the tokens of a filtered list are good for."""
    return b"found" + hashlib.sha256(scope.key + filter_text.encode()).digest()


def _check(txn: Txn, scope: DocumentScope, wanted: Filter, scores: Scores | None) -> None:
    named = (
        leaf.values for leaf in filters.leaves(wanted) if isinstance(leaf, OneOf) and leaf.field is WordField.SOURCE
    )
    check_named(scope, frozenset().union(*named))
    owner = scope.owner
    if owner is None:
        if filters.needs_dataset(wanted):
            description = "must be named: the filter speaks of annotations or predictions, which belong to a dataset"
            raise invalid("dataset", description, "DATASET_REQUIRED")
        return
    predicted = filters.predicted_labels(wanted)
    if predicted and scores is None:
        raise precondition(
            "PREDICTIONS_REQUIRED",
            "filter: predicted: needs the predictions of a version, which this call does not have",
        )
    for label in sorted(filters.labels_of(wanted) | predicted):
        known = scores is not None and label in predicted and scores.knows(label)
        if not known and labels.number_of(txn, owner.uid, label) is None:
            description = f"{dataset_name(owner.id)} has no label {label!r}"
            raise invalid("filter", description, "UNKNOWN_LABEL")
