"""Where earlier fits ended: the duals of each label by document, from which the next fit starts.

They save time and change no bit (`newton.py`). Folds of one training and trainings of one dataset share them: a
document is within the margin of a label in most of them or in none.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Document = tuple[str, str]  # ids of source and document


class Starts:
    """Duals of the labels of one training set; few documents have any, so a label takes some kilobytes."""

    def __init__(self, documents: Sequence[Document], labels: Sequence[str]) -> None:
        self._documents = tuple(documents)
        self._labels = tuple(labels)
        self._columns = [(np.zeros(0, np.int64), np.zeros(0)) for _ in labels]

    def at(self, column: int, rows: Ints) -> Floats:
        """Duals of a label at these rows of the training set, 0 where none is known; float64 [rows]."""
        everywhere = np.zeros(len(self._documents))
        places, duals = self._columns[column]
        everywhere[places] = duals
        return everywhere[rows]

    def keep(self, column: int, rows: Ints, duals: Floats) -> None:
        """Takes over what a fit of these rows ended with; other rows keep what they had."""
        everywhere = self.at(column, np.arange(len(self._documents)))
        everywhere[rows] = duals
        places = np.flatnonzero(everywhere)
        self._columns[column] = (places, everywhere[places])

    def carried(self, documents: Sequence[Document], labels: Sequence[str]) -> Self:
        """The same duals for another training set, of the documents and labels that both have."""
        other = type(self)(documents, labels)
        row_of = {document: row for row, document in enumerate(documents)}
        moved = np.array([row_of.get(document, -1) for document in self._documents], np.int64)
        column_of = {label: column for column, label in enumerate(self._labels)}
        for column, label in enumerate(labels):
            if label in column_of:
                places, duals = self._columns[column_of[label]]
                kept = moved[places] >= 0
                other.keep(column, moved[places][kept], duals[kept])
        return other
