"""Predictions for documents that are stored: named one by one, or all that a dataset reads."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from pinfold_server.domain.documents.filter_syntax import parse
from pinfold_server.domain.names import VersionRef, dataset_name, document_name, parse_document, source_name
from pinfold_server.domain.predictions.predictions import Picks
from pinfold_server.errors import AppError, invalid, not_found, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.pages import Page, PageRequest
from pinfold_server.services.documents import document_scope
from pinfold_server.services.documents.finding import Finder, Found, page_of, token_scope
from pinfold_server.services.predictions.predictions import Answer, PredictionService, Query
from pinfold_server.services.predictions.resolution import Resolver
from pinfold_server.services.sampling.score_tables import TableScores
from pinfold_server.services.sampling.stored_scores import StoredScores
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.tables import documents

BATCH_MAX = 4_096

#: Documents that are read and scored together; fewer when their texts have more bytes than this.
STEP_DOCUMENTS = 128
STEP_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ScoredDocuments:
    """Answers to some documents, by name, where the documents after them are found (empty: there are none), and what
    a filter on predictions read.
    """

    names: list[str]
    answer: Answer
    next_token: str
    scores: TableScores | None


@dataclass(frozen=True, slots=True)
class Which:
    """The documents that are meant: of these sources (none: all that the dataset reads), those that match a filter."""

    source_ids: tuple[str, ...] = ()
    filter_text: str = ""


@dataclass(frozen=True, slots=True)
class _Named:
    """The next few named documents: texts of those that are there, and by place in the request why others are not."""

    count: int
    texts: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    failures: dict[int, AppError] = field(default_factory=dict)


class DocumentPredictionService:
    """Reads texts a few at a time, so that long documents never lie in memory together."""

    def __init__(self, store: Store, predictions: PredictionService, scores: StoredScores) -> None:
        self._store = store
        self._scores = scores
        self._resolver = Resolver(store)
        self._predictions = predictions

    async def predict(self, query: Query, names: Sequence[str]) -> Answer:
        """One entry a name, in order; `query` comes without texts. Raises AppError as PredictionService.predict."""
        if not 1 <= len(names) <= BATCH_MAX:
            raise invalid("documents", f"must name 1 to {BATCH_MAX:,} documents, got {len(names):,}", "DOCUMENT_COUNT")
        query = self._resolved(query)
        parts: list[tuple[_Named, Answer | None]] = []
        start = 0
        while start < len(names):
            found = await asyncio.to_thread(self._find, query.dataset_id, names, start)
            scored = await self._predictions.predict(replace(query, texts=found.texts)) if found.texts else None
            parts.append((found, scored))
            start += found.count
        return _whole(query.wanted.number or 0, len(names), parts)

    async def predict_all(self, query: Query, which: Which, token: str) -> AsyncIterator[ScoredDocuments]:
        """Every document that is meant, a few at a time.

        Waits where `predict` would refuse. Raises AppError INVALID_PAGE_TOKEN, SOURCE_NOT_IN_DATASET, INVALID_FILTER
        and those of Predict.
        """
        query = self._resolved(query)
        await self._scores.ready(query.dataset_id, which.filter_text)
        while True:
            page, scores = await asyncio.to_thread(self._page, query.dataset_id, which, token)
            token = page.next_token
            if page.records:
                texts = [found.record.text for found in page.records]
                answer = await self._predictions.predict_patiently(replace(query, texts=texts))
                names = [document_name(found.source_id, found.document_id) for found in page.records]
                yield ScoredDocuments(names, answer, token, scores)
            if not token:
                return

    def _resolved(self, query: Query) -> Query:
        """The query with the number of its version, which answers all of it whatever happens to the tag."""
        query.asked.check()
        number = self._resolver.resolve(query.dataset_id, query.wanted).key[1]
        return replace(query, wanted=VersionRef(number, None), stored=True)

    def _find(self, dataset_id: str, names: Sequence[str], start: int) -> _Named:
        texts: list[str] = []
        places: list[int] = []
        failures: dict[int, AppError] = {}
        room, place = STEP_BYTES, start
        with self._store.read() as txn:
            reader = _Reader(txn, dataset_id)
            while place < min(start + STEP_DOCUMENTS, len(names)) and room > 0:
                try:
                    text = reader.text(names[place], f"documents[{place}]")
                except AppError as error:
                    failures[place] = error
                else:
                    texts.append(text)
                    places.append(place)
                    room -= len(text)
                place += 1
        return _Named(place - start, texts, places, failures)

    def _page(self, dataset_id: str, which: Which, token: str) -> tuple[Page[Found], TableScores | None]:
        """The next few documents."""
        wanted = parse(which.filter_text)
        with self._store.read() as txn:
            scope = document_scope.resolve(txn, dataset_id, None)
            if which.source_ids:
                for place, source_id in enumerate(which.source_ids):
                    if source_id not in {source.id for source in scope.sources}:
                        raise _not_read(dataset_id, source_id, f"sources[{place}]")
                kept = tuple(source for source in scope.sources if source.id in which.source_ids)
                scope = replace(scope, sources=kept)
            scores = self._scores.of(txn, scope, wanted)
            finder = Finder(txn, scope, wanted, scores)
            page = PageRequest(STEP_DOCUMENTS, token)
            return page_of(finder, token_scope(scope, which.filter_text), page, bytes_max=STEP_BYTES), scores


class _Reader:
    """Texts of named documents of one dataset, in one transaction."""

    def __init__(self, txn: Txn, dataset_id: str) -> None:
        self._txn = txn
        self._owner = lookup.dataset(txn, dataset_id)
        self._uids: dict[str, int] = {}

    def text(self, name: str, place: str) -> str:
        """Raises AppError for a name that is wrong, or names nothing that the dataset reads."""
        source_id, document_id = parse_document(name, place)
        if source_id not in self._uids:
            if source_id not in self._owner.source_ids:
                raise _not_read(self._owner.id, source_id, place)
            self._uids[source_id] = lookup.source(self._txn, source_id, place).uid
        record = documents.get(self._txn, self._uids[source_id], document_id)
        if record is None:
            raise not_found("document", name, place)
        return record.text


def _not_read(dataset_id: str, source_id: str, place: str) -> AppError:
    return precondition(
        "SOURCE_NOT_IN_DATASET",
        f"{place}: {dataset_name(dataset_id)} does not read {source_name(source_id)}",
        name=source_name(source_id),
    )


def _whole(version: int, count: int, parts: Sequence[tuple[_Named, Answer | None]]) -> Answer:
    """One answer to all documents, those that failed in their places."""
    failures: dict[int, AppError] = {}
    absent = np.ones(count, np.bool_)
    truncated = np.zeros(count, np.bool_)
    picked: list[Picks] = []
    labels: tuple[str, ...] = ()
    for found, scored in parts:
        failures |= found.failures
        if scored is not None:
            labels = scored.labels
            absent[found.places] = False
            truncated[found.places] = scored.truncated
            failures |= {
                found.places[place]: _renamed(error, found.places[place]) for place, error in scored.failures.items()
            }
            picked.append(scored.picks)
    counts, columns, scores = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
    told = [each.sentiments for each in picked if each.sentiments is not None]
    picks = Picks(
        np.concatenate([counts, *(each.counts for each in picked)]),
        np.concatenate([columns, *(each.columns for each in picked)]),
        np.concatenate([scores, *(each.probabilities for each in picked)]),
        np.concatenate(told) if told else None,
    )
    return Answer(version, labels, picks.spread(absent), truncated, failures)


def _renamed(error: AppError, place: int) -> AppError:
    """A failure of a text, told of the document that it is the text of."""
    return invalid(f"documents[{place}]", error.violations[0].description, error.reason)
