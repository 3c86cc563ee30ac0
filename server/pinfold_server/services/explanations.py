"""Explanations: why a version gives a text its labels. For people who look at single texts: off the event loop, one
after the other, and never in the way of predictions.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.explanations import CONTRIBUTIONS_DEFAULT, CONTRIBUTIONS_MAX, LABELS_MAX, LabelExplanation
from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.predictions import select
from pinfold_server.engine.explanation import Wanted, explain
from pinfold_server.engine.tensors import StoredModel, UnreadableError, read_tensors
from pinfold_server.errors import AppError, Code, invalid, precondition
from pinfold_server.services.asking import Asked
from pinfold_server.services.budget import TextBudget
from pinfold_server.services.resolution import Resolved, Resolver
from pinfold_server.services.served import Key, ServedVersion, ServedVersions
from pinfold_server.store import artefacts
from pinfold_server.store.env import Store

WAITING_MAX = 32
_TABLES_KEPT = 4
_TABLE_BYTES_MAX = 256 << 20


@dataclass(frozen=True, slots=True)
class ExplainQuery:
    """What a caller asks; zeros and no labels stand for the defaults of the protocol's Explain."""

    dataset_id: str
    wanted: VersionRef
    text: str
    labels: tuple[str, ...] = ()
    top_k: int = 0
    max_contributions: int = 0
    expand_ngrams: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """The explained labels, and the number of the version that answered."""

    labels: list[LabelExplanation]
    version: int
    truncated: bool


class ExplanationService:
    """Raises AppError as the protocol's Explain says. `executor` has one thread."""

    def __init__(self, store: Store, served: ServedVersions, executor: Executor, *, text_bytes_max: int) -> None:
        self._resolver = Resolver(store)
        self._served = served
        self._executor = executor
        self._text_bytes_max = text_bytes_max
        self._waiting = TextBudget(WAITING_MAX)
        self._tables = _Tables(store)

    async def explain(self, query: ExplainQuery) -> Explained:
        """Raises AppError OVERLOADED at once when too many wait already."""
        _check(query, self._text_bytes_max)
        if not self._waiting.try_take(1):
            raise AppError(
                Code.EXHAUSTED,
                "OVERLOADED",
                f"{self._waiting.taken} explanations wait in this worker already: send this again a little later",
                retry_after=0.5,
            )
        try:
            found = self._resolver.resolve(query.dataset_id, query.wanted)
            served = self._served.loaded(found.key) or await self._served.load(found.key, found.record)
            served.selections.of(Asked(labels=query.labels))
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, self._explain, found, served, query)
        finally:
            self._waiting.give_back(1)

    def _explain(self, found: Resolved, served: ServedVersion, query: ExplainQuery) -> Explained:
        stored = self._tables.of(found, query.dataset_id)
        scores = served.model.score([query.text])
        probabilities = scores.probabilities[0]
        wanted = Wanted(
            columns=_columns(served, probabilities, query),
            thresholds=served.selections.of(Asked()).thresholds,
            limit=query.max_contributions or CONTRIBUTIONS_DEFAULT,
            apart=query.expand_ngrams,
        )
        labels = explain(stored, query.text, probabilities, wanted)
        return Explained(labels, found.key[1], bool(scores.truncated[0]))


class _Tables:
    """What files hold, of the versions that were explained last. Belongs to one thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[Key, tuple[StoredModel, int]] = OrderedDict()

    def of(self, found: Resolved, dataset_id: str) -> StoredModel:
        """Raises AppError MODEL_DAMAGED, NOT_EXPLAINABLE."""
        if found.key not in self._kept:
            self._kept[found.key] = self._read(found, dataset_id), found.record.size
            while len(self._kept) > 1 and (len(self._kept) > _TABLES_KEPT or self._bytes() > _TABLE_BYTES_MAX):
                self._kept.popitem(last=False)
        self._kept.move_to_end(found.key)
        return self._kept[found.key][0]

    def _bytes(self) -> int:
        return sum(size for _, size in self._kept.values())

    def _read(self, found: Resolved, dataset_id: str) -> StoredModel:
        with self._store.read() as txn:
            blob = artefacts.read(txn, found.record.sha256)
        try:
            return read_tensors(blob)
        except UnreadableError as error:
            raise precondition(
                "NOT_EXPLAINABLE",
                f"version {found.key[1]} was made by an earlier Pinfold, whose files cannot be explained: train again",
                name=version_name(dataset_id, found.key[1]),
            ) from error


def _check(query: ExplainQuery, text_bytes_max: int) -> None:
    if not query.text or query.text.isspace():
        raise invalid("text", "is empty", "EMPTY_TEXT")
    if len(query.text.encode()) > text_bytes_max:
        raise invalid("text", f"has more than {text_bytes_max:,} bytes of UTF-8", "TEXT_TOO_LONG")
    if query.labels and query.top_k:
        raise invalid("top_k", "must not be set together with labels")
    if len(query.labels) > LABELS_MAX:
        raise invalid("labels", f"must name at most {LABELS_MAX} labels, got {len(query.labels)}")
    _check_range("top_k", query.top_k, LABELS_MAX)
    _check_range("max_contributions", query.max_contributions, CONTRIBUTIONS_MAX)


def _check_range(field: str, value: int, largest: int) -> None:
    if not 0 <= value <= largest:
        raise invalid(field, f"must be from 1 to {largest:,}, or 0 for the default, got {value:,}")


def _columns(served: ServedVersion, probabilities: NDArray[np.float32], query: ExplainQuery) -> Sequence[int]:
    """The labels to explain, as columns of the model."""
    if query.labels:
        known = {name: column for column, name in enumerate(served.model.labels)}
        return [known[label] for label in dict.fromkeys(query.labels)]
    asked = Asked(top_k=query.top_k, all_scores=True) if query.top_k else Asked(top_k=LABELS_MAX)
    picked = select(probabilities[None], served.selections.of(asked)).columns.tolist()
    return picked or [int(probabilities.argmax())]
