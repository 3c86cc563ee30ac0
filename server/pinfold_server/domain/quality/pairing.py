"""Two versions on the same ground: the documents that both held out, and the labels that both know."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Bools

S = TypeVar("S", bound=np.generic)


@dataclass(frozen=True, slots=True)
class SharedLabel:
    """A label of both versions: its name in the candidate and in the base, its columns in their held-out arrays."""

    name: str
    base_name: str
    base_column: int
    candidate_column: int


@dataclass(frozen=True, slots=True)
class SharedLabels:
    """`added`: names of labels that only the candidate knows; `removed`: that only the base knows."""

    shared: tuple[SharedLabel, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Paired:
    """What two versions said of the n documents that both held out, over the labels that are compared.

    `documents`: source id and document id, in the order of the candidate. `truth` and `known` bool [n, labels]: what
    the candidate's snapshot says; `base`, `candidate` float32 [n, labels]: probabilities. `base_only`,
    `candidate_only`: held-out documents that only one of them has; `changed_truth`: documents of which the snapshot of
    the base said something else.
    """

    documents: tuple[tuple[str, str], ...]
    truth: Bools
    known: Bools
    base: NDArray[np.float32]
    candidate: NDArray[np.float32]
    base_only: int
    candidate_only: int
    changed_truth: int

    def __len__(self) -> int:
        return len(self.documents)


def share_labels(base: HeldOut, candidate: HeldOut) -> SharedLabels:
    """Labels are the same when their numbers are, whatever they are called; by name where a number is not known."""
    number_of = dict(zip(base.label_names, base.label_numbers, strict=True))
    by_number = {number: column for column, number in enumerate(base.label_numbers) if number}
    by_name = {name: column for column, name in enumerate(base.label_names)}
    shared, added = [], []
    for column, (name, number) in enumerate(zip(candidate.label_names, candidate.label_numbers, strict=True)):
        there = by_number.get(number) if number else None
        if there is None and not (number and number_of.get(name)):
            there = by_name.get(name)
        if there is None:
            added.append(name)
        else:
            shared.append(SharedLabel(name, base.label_names[there], there, column))
    found = {label.base_column for label in shared}
    removed = tuple(name for column, name in enumerate(base.label_names) if column not in found)
    return SharedLabels(tuple(shared), tuple(added), removed)


def pair(base: HeldOut, candidate: HeldOut, labels: tuple[SharedLabel, ...]) -> Paired:
    """The documents of both, over these labels; of none when they share none."""
    base_rows, candidate_rows = _common_rows(base, candidate)
    base_columns = np.array([label.base_column for label in labels], np.int64)
    columns = np.array([label.candidate_column for label in labels], np.int64)
    known, base_known = _part(candidate.known, candidate_rows, columns), _part(base.known, base_rows, base_columns)
    truth = _part(candidate.truth, candidate_rows, columns) & known
    changed = (truth != (_part(base.truth, base_rows, base_columns) & base_known)) | (known != base_known)
    return Paired(
        documents=tuple(candidate.documents[row] for row in candidate_rows),
        truth=truth,
        known=known,
        base=_part(base.probabilities, base_rows, base_columns),
        candidate=_part(candidate.probabilities, candidate_rows, columns),
        base_only=len(base) - len(base_rows),
        candidate_only=len(candidate) - len(candidate_rows),
        changed_truth=int(changed.any(axis=1).sum()),
    )


def _part(matrix: NDArray[S], rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[S]:
    """These rows and columns; the matrix itself where they are all of it, as in most comparisons."""
    height, width = matrix.shape
    if np.array_equal(rows, np.arange(height)) and np.array_equal(columns, np.arange(width)):
        return matrix
    return matrix[np.ix_(rows, columns)]


def _common_rows(base: HeldOut, candidate: HeldOut) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the same documents in both, in the order of the candidate."""
    if base.documents == candidate.documents:
        every = np.arange(len(candidate))
        return every, every
    row_of = {document: row for row, document in enumerate(base.documents)}
    pairs = np.array(list(_pairs(row_of, candidate)), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _pairs(row_of: dict[tuple[str, str], int], candidate: HeldOut) -> Iterator[tuple[int, int]]:
    for row, document in enumerate(candidate.documents):
        there = row_of.get(document)
        if there is not None:
            yield there, row
