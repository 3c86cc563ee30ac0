"""Explanations: why a version gives a text its labels. For people who look at single texts: off the event loop, one
after the other, and never in the way of predictions.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.sentiments import label_count
from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.predictions.explanations import (
    CONTRIBUTIONS_DEFAULT,
    CONTRIBUTIONS_MAX,
    LABELS_MAX,
    LISTED_MAX,
    LabelExplanation,
)
from pinfold_server.domain.predictions.predictions import Selection, select
from pinfold_server.engine.explanation import Wanted, explain
from pinfold_server.engine.session import Model
from pinfold_server.engine.tensors import StoredModel
from pinfold_server.errors import AppError, Code, invalid, precondition
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.predictions.budget import TextBudget
from pinfold_server.services.predictions.resolution import Resolved, Resolver
from pinfold_server.services.predictions.served import ServedVersions
from pinfold_server.store.env import Store

WAITING_MAX = 32


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
            if served.model.stored is None:
                raise _not_explainable(query.dataset_id, found)
            thresholds = served.selections.of(Asked()).thresholds
            asked = _Asked(query, served.model.labels, served.selections.of(_asked(query)), thresholds)
            loop = asyncio.get_running_loop()
            labels, truncated = await loop.run_in_executor(
                self._executor, _explain, served.model, served.model.stored, asked
            )
            return Explained(labels, found.key[1], truncated)
        finally:
            self._waiting.give_back(1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query with what it means for one version: its columns, which of them, and the `thresholds` of all of them."""

    query: ExplainQuery
    labels: tuple[str, ...]
    selection: Selection
    thresholds: NDArray[np.float32]

    def columns(self, probabilities: NDArray[np.float32]) -> Sequence[int]:
        """The labels to explain, as columns of the model."""
        if self.query.labels:
            return list(dict.fromkeys(self.selection.columns or ()))
        likeliest = int(probabilities[: label_count(self.labels)].argmax())
        return select(probabilities[None], self.selection).columns.tolist() or [likeliest]


def _asked(query: ExplainQuery) -> Asked:
    if query.labels:
        return Asked(labels=query.labels)
    most = min(LABELS_MAX, LISTED_MAX // (query.max_contributions or CONTRIBUTIONS_DEFAULT))
    return Asked(top_k=query.top_k or most, all_scores=query.top_k > 0)


def _explain(model: Model, stored: StoredModel, asked: _Asked) -> tuple[list[LabelExplanation], bool]:
    """The explained labels, and whether the text was too long to be read whole."""
    query = asked.query
    scores = model.score([query.text])
    probabilities = scores.probabilities[0]
    limit = query.max_contributions or CONTRIBUTIONS_DEFAULT
    wanted = Wanted(asked.columns(probabilities), asked.thresholds, limit, query.expand_ngrams)
    return explain(stored, query.text, probabilities, wanted), bool(scores.truncated[0])


def _not_explainable(dataset_id: str, found: Resolved) -> AppError:
    return precondition(
        "NOT_EXPLAINABLE",
        f"version {found.key[1]} was made by an earlier Pinfold, whose files cannot be explained: train again",
        name=version_name(dataset_id, found.key[1]),
    )


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
    most = LISTED_MAX // max(len(query.labels), query.top_k, 1)
    if query.max_contributions > most:
        raise invalid("max_contributions", f"must be at most {most:,} with so many labels: {LISTED_MAX:,} in all")


def _check_range(field: str, value: int, largest: int) -> None:
    if not 0 <= value <= largest:
        raise invalid(field, f"must be from 1 to {largest:,}, or 0 for the default, got {value:,}")
