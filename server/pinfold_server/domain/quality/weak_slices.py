"""Where a version does worse than elsewhere: values and ranges of metadata, ranked by the loss of F1."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.quality.significance import adjusted
from pinfold_server.domain.quality.slices import Judged

MIN_DOCUMENTS_DEFAULT = 20
MIN_DOCUMENTS_RANGE = (5, 10_000)
MAX_SLICES_DEFAULT = 20
MAX_SLICES_RANGE = (1, 200)
SIGNIFICANT = 0.05

#: A property with more distinct numbers is looked at by quarters of its documents.
_NUMBERS_MAX = 12
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Metadata = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class WeakSlice:
    """`filter` chooses the documents; `p_value` is of the loss of F1, corrected for all that were examined."""

    filter: str
    name: str
    documents: int
    f1: float
    rest_f1: float
    right: float
    rest_right: float
    p_value: float

    @property
    def is_significant(self) -> bool:
        return self.p_value <= SIGNIFICANT


@dataclass(frozen=True, slots=True)
class WeakSlices:
    """The weak ones of all that were `examined`: significant ones first, then by the loss of F1."""

    slices: tuple[WeakSlice, ...]
    examined: int


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Of each document: labels rightly predicted, labels predicted and labels true together, whether all is right."""

    hits: NDArray[np.float64]
    answers: NDArray[np.float64]
    right: Bools

    @classmethod
    def of(cls, judged: Judged) -> "_Sums":
        hits = (judged.truth & judged.predicted).sum(axis=1)
        return cls(hits * 1.0, (judged.truth.sum(axis=1) + judged.predicted.sum(axis=1)) * 1.0, judged.right)

    def f1(self, rows: Bools) -> tuple[float, float]:
        """F1 of all pairs of these documents, and its variance.

        F1 = 2 hits / answers is a ratio of two sums over documents; Cochran, Sampling Techniques (1977), section 2.11.
        """
        hits, answers = self.hits[rows], self.answers[rows]
        total = float(answers.sum())
        if not total:
            return 0.0, 0.0
        f1 = 2 * float(hits.sum()) / total
        return f1, float(np.sum((2 * hits - f1 * answers) ** 2)) / total**2


def find_weak(judged: Judged, metadata: Sequence[Metadata], min_documents: int) -> WeakSlices:
    """`metadata` of each document. A part is examined when it, and what is left, has so many documents."""
    sums = _Sums.of(judged)
    examined = [
        _measured(sums, name, text, rows)
        for name, text, rows in _parts(metadata)
        if min_documents <= int(rows.sum()) <= len(metadata) - min_documents
    ]
    p_values = adjusted([each.p_value for each in examined])
    corrected = [replace(each, p_value=p_value) for each, p_value in zip(examined, p_values, strict=True)]
    weak = [each for each in corrected if each.f1 < each.rest_f1]
    return WeakSlices(tuple(sorted(weak, key=_worst_first)), len(examined))


def _worst_first(each: WeakSlice) -> tuple[bool, float, str]:
    return not each.is_significant, each.f1 - each.rest_f1, each.filter


def _measured(sums: _Sums, name: str, text: str, rows: Bools) -> WeakSlice:
    f1, variance = sums.f1(rows)
    rest, rest_variance = sums.f1(~rows)
    error = math.sqrt(variance + rest_variance)
    # One-sided: a slice is looked for where the figure is lower.
    p_value = 0.5 * math.erfc((rest - f1) / error / math.sqrt(2)) if error else 1.0
    here, there = float(sums.right[rows].mean()), float(sums.right[~rows].mean())
    return WeakSlice(text, name, int(rows.sum()), f1, rest, here, there, p_value)


def _parts(metadata: Sequence[Metadata]) -> Iterator[tuple[str, str, Bools]]:
    """Name of the property, filter and documents of every part."""
    for name in sorted({name for each in metadata for name in each}):
        values = [each.get(name) for each in metadata]
        texts = {value for value in values if isinstance(value, str)}
        for text in sorted(texts):
            yield name, f"{_field(name)} = {_quoted(text)}", _rows(values, text)
        yield from _number_parts(name, values)


def _number_parts(name: str, values: Sequence[str | float | None]) -> Iterator[tuple[str, str, Bools]]:
    numbers = np.array([math.nan if value is None or isinstance(value, str) else value for value in values])
    distinct = np.unique(numbers[~np.isnan(numbers)])
    if len(distinct) <= _NUMBERS_MAX:
        for number in distinct.tolist():
            yield name, f"{_field(name)} = {number!r}", numbers == number
        return
    ends = np.unique(np.quantile(distinct, (0, 0.25, 0.5, 0.75, 1), method="nearest"))
    for place, (low, high) in enumerate(pairwise(ends)):
        last = place == len(ends) - 2
        text = f"{_field(name)} >= {low.item()!r} AND {_field(name)} {'<=' if last else '<'} {high.item()!r}"
        yield name, text, (numbers >= low) & ((numbers <= high) if last else (numbers < high))


def _rows(values: Sequence[str | float | None], wanted: str) -> Bools:
    return np.array([isinstance(value, str) and value == wanted for value in values])


def _field(name: str) -> str:
    return f"metadata.{name}" if _PLAIN_NAME.fullmatch(name) else f"metadata.{_quoted(name)}"


def _quoted(text: str) -> str:
    """As the language of filters has it: only quotes and the escape itself are escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
