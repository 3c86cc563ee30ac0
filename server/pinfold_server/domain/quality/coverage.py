"""Informative labels, and how many documents get one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.labels import SEPARATOR, leaf_columns
from pinfold_server.domain.quality.held_out import HeldOut
from pinfold_server.domain.quality.metrics import Bools

ALONE_LEAST = 0.1
"""Share of its documents in which a label must say something alone to be informative."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Documents, those with an informative label at the thresholds, labels in all, and the sum over documents of the
    highest probability of an informative label.
    """

    documents: int = 0
    covered: int = 0
    labels: int = 0
    certainty: float = 0.0

    def __add__(self, other: "Coverage") -> "Coverage":
        return Coverage(
            self.documents + other.documents,
            self.covered + other.covered,
            self.labels + other.labels,
            self.certainty + other.certainty,
        )


def informative(held_out: HeldOut) -> Bools:
    """Labels that say something by themselves, bool [labels].

    A label does so in a document where it is the lowest of its branch and no label of another branch stands beside it;
    in a tenth of its documents at least, to be informative. A parent that is never alone is not, nor is a label such as
    "Urgent" that only ever accompanies others. Where every label always has company (documents are labelled by topic
    and by tone, say), those without a label below them are.
    """
    truth = held_out.truth & held_out.known
    names = held_out.label_names
    lowest = truth & ~_has_lower(truth, names)
    alone = lowest & (lowest.sum(axis=1, keepdims=True) == 1)
    found: Bools = alone.sum(axis=0) >= np.maximum(ALONE_LEAST * truth.sum(axis=0), 1)
    if not found.any():
        found[list(leaf_columns(names))] = True
    return found


def cover(probabilities: NDArray[np.float32], thresholds: NDArray[np.float32], informative: Bools) -> Coverage:
    """Of documents with probabilities float32 [n, labels]."""
    predicted = probabilities >= thresholds
    told = probabilities[:, informative]
    return Coverage(
        documents=len(probabilities),
        covered=int(predicted[:, informative].any(axis=1).sum()),
        labels=int(predicted.sum()),
        certainty=float(told.max(axis=1).sum(dtype=np.float64)) if told.size else 0.0,
    )


def _has_lower(truth: Bools, names: Sequence[str]) -> Bools:
    """Pairs of document and label where the document has a label below that one."""
    lower = np.zeros_like(truth)
    place_of = {name: place for place, name in enumerate(names)}
    for place, name in enumerate(names):
        parent = place_of.get(name.rpartition(SEPARATOR)[0])
        if parent is not None:  # truth is closed over ancestors, so the next level is enough
            lower[:, parent] |= truth[:, place]
    return lower
