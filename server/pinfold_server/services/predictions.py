"""Predictions: one snapshot of the store says which version answers, then the model scores without touching the
store.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.names import VersionRef, version_name
from pinfold_server.domain.predictions import Pick, Selection, everything, select
from pinfold_server.domain.thresholds import RequestedThresholds
from pinfold_server.errors import AppError, Code, invalid, precondition
from pinfold_server.services import lookup
from pinfold_server.services.served import Key, ServedVersion, ServedVersions
from pinfold_server.store.env import Store
from pinfold_server.store.storage_pb2 import VersionRecord

#: Requests of at most so many texts are scored on the event loop: handing them to a thread costs more than they do.
INLINE_TEXTS_MAX = 64
INLINE_CHARS_MAX = 16_384


@dataclass(frozen=True, slots=True)
class PredictLimits:
    texts_max: int = 4_096
    text_bytes_max: int = 1 << 20
    queue_texts_max: int = 16_384


@dataclass(frozen=True, slots=True)
class Query:
    """What a caller asks. Labels are named by path; `labels` empty means all."""

    dataset_id: str
    wanted: VersionRef
    texts: Sequence[str]
    thresholds: RequestedThresholds
    labels: Sequence[str] = ()
    top_k: int = 0
    all_scores: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry a text, in order. `failures` maps the place of a text to why it has no labels."""

    version: int
    labels: tuple[str, ...]
    picks: list[list[Pick]]
    truncated: NDArray[np.bool_]
    failures: Mapping[int, AppError]


class PredictionService:
    """Admits, resolves, scores and selects. Raises AppError as the protocol's Predict says."""

    def __init__(self, store: Store, served: ServedVersions, executor: Executor, limits: PredictLimits) -> None:
        self._store = store
        self._served = served
        self._executor = executor
        self._limits = limits
        self._admitted_texts = 0

    async def predict(self, query: Query) -> Answer:
        _check(query, self._limits)
        count = len(query.texts)
        if self._admitted_texts and self._admitted_texts + count > self._limits.queue_texts_max:
            raise AppError(
                Code.EXHAUSTED,
                "OVERLOADED",
                f"{self._admitted_texts} texts wait in this worker already: send this again a little later",
                retry_after=0.1,
            )
        self._admitted_texts += count
        try:
            key, record = self._resolve(query)
            served = self._served.loaded(key) or await self._served.load(key, record)
            return await self._answer(query, key[1], served)
        finally:
            self._admitted_texts -= count

    def _resolve(self, query: Query) -> tuple[Key, VersionRecord]:
        """Which version answers, decided in one snapshot."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, query.dataset_id)
            record = lookup.version(txn, owner, query.wanted)
        if not record.pinned and record.number != owner.latest_version:
            raise precondition(
                "VERSION_NOT_PINNED",
                f"version {record.number} is neither pinned nor the newest: it does not answer",
                name=version_name(owner.id, record.number),
            )
        return (owner.uid, record.number), record

    async def _answer(self, query: Query, version: int, served: ServedVersion) -> Answer:
        selection = _selection(query, served)
        failures = _failures(query.texts, self._limits.text_bytes_max)
        texts = [text for place, text in enumerate(query.texts) if place not in failures] if failures else query.texts
        if len(texts) <= INLINE_TEXTS_MAX and sum(map(len, texts)) <= INLINE_CHARS_MAX:
            picks, truncated = _score(served, texts, selection)
        else:
            loop = asyncio.get_running_loop()
            picks, truncated = await loop.run_in_executor(self._executor, _score, served, texts, selection)
        if failures:
            picks, truncated = _spread(picks, truncated, failures, len(query.texts))
        return Answer(version, served.model.labels, picks, truncated, failures)


def _score(
    served: ServedVersion, texts: Sequence[str], selection: Selection
) -> tuple[list[list[Pick]], NDArray[np.bool_]]:
    scores = served.model.score(texts)
    return select(scores.probabilities, selection), scores.truncated


def _check(query: Query, limits: PredictLimits) -> None:
    if not 1 <= len(query.texts) <= limits.texts_max:
        raise invalid("texts", f"must hold 1 to {limits.texts_max:,} texts, got {len(query.texts):,}", "TEXT_COUNT")
    for label, value in query.thresholds.per_label.items():
        _check_threshold(f"thresholds[{label!r}]", value)
    if query.thresholds.default is not None:
        _check_threshold("default_threshold", query.thresholds.default)
    if query.top_k < 0:
        raise invalid("top_k", f"must not be negative, got {query.top_k}")


def _check_threshold(field: str, value: float) -> None:
    if math.isnan(value) or not 0 <= value <= 1:
        raise invalid(field, f"must lie from 0 to 1, got {value}", "INVALID_THRESHOLD")


def _selection(query: Query, served: ServedVersion) -> Selection:
    known = served.column_of
    for label in query.thresholds.per_label:
        if label not in known:
            raise _unknown_label(f"thresholds[{label!r}]", label)
    for place, label in enumerate(query.labels):
        if label not in known:
            raise _unknown_label(f"labels[{place}]", label)
    columns = tuple(known[label] for label in query.labels) if query.labels else None
    thresholds = everything(len(known)) if query.all_scores else served.thresholds(query.thresholds)
    return Selection(thresholds, columns, query.top_k)


def _unknown_label(field: str, label: str) -> AppError:
    return invalid(field, f"the version that answers does not know the label {label[:80]!r}", "UNKNOWN_LABEL")


def _failures(texts: Sequence[str], bytes_max: int) -> dict[int, AppError]:
    failures: dict[int, AppError] = {}
    for place, text in enumerate(texts):
        if not text or text.isspace():
            failures[place] = invalid(f"texts[{place}]", "is empty", "EMPTY_TEXT")
        elif len(text) * 4 > bytes_max and len(text.encode()) > bytes_max:
            failures[place] = invalid(f"texts[{place}]", f"has more than {bytes_max:,} bytes of UTF-8", "TEXT_TOO_LONG")
    return failures


def _spread(
    picks: list[list[Pick]], truncated: NDArray[np.bool_], failures: Mapping[int, AppError], count: int
) -> tuple[list[list[Pick]], NDArray[np.bool_]]:
    """Puts the answers of the good texts back in their places."""
    answered = iter(zip(picks, truncated.tolist(), strict=True))
    rows = [([], False) if place in failures else next(answered) for place in range(count)]
    return [row[0] for row in rows], np.array([row[1] for row in rows], np.bool_)
