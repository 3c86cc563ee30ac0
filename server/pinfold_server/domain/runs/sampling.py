"""Which documents are worth annotating next: the ranking rules of the training modes.

Every rule gives each document a key: smaller keys come first, NaN keeps a document out. Documents with equal keys
are ordered by their tie, a hash of the name, so that an order depends on nothing but documents, scores and the seed.
`probabilities` are float32 [labels, n]. A mode that takes any label, given None, judges each document by the label that
brings it furthest forward; of equals by the last, which is the deepest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.quality.metrics import Bools

Floats = NDArray[np.float64]
Probabilities = NDArray[np.float32]
Ties = NDArray[np.uint64]

#: Documents times labels whose probabilities are kept; of a larger dataset, a random part is scored.
CELLS_MAX = 1 << 24

NO_LABEL = -1
_OUT = np.float32(np.inf)  # the key of a label that does not bring its document forward


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """`keys` float64 [n]. What callers are told is worked out for the few documents that they see: `scores` float64 [n]
    in modes without a label, else the probability of the label `column`, or of the label with the smallest of
    `label_keys`, float32 [labels, n].
    """

    keys: Floats
    scores: Floats | None = None
    probabilities: Probabilities | None = None
    column: int | None = None
    label_keys: Probabilities | None = None

    def told(self, place: int) -> tuple[float, int]:
        """Score and label of the document at `place`; NO_LABEL in modes without one."""
        column = self.column
        if self.label_keys is not None:
            own = self.label_keys[:, place]
            column = len(own) - 1 - int(np.argmin(own[::-1]))
        if column is None or self.probabilities is None:
            return (0.0 if self.scores is None else float(self.scores[place])), NO_LABEL
        return float(self.probabilities[column, place]), column


def recent(timestamps_us: NDArray[np.int64]) -> Ranking:
    """Newest first."""
    return Ranking(-timestamps_us.astype(np.float64))


def shuffle(ties: Ties, seed: int) -> Ranking:
    """A uniform random order, the same for the same seed whatever happens to the dataset."""
    return Ranking(uniform(ties, seed))


def label(probabilities: Probabilities, column: int) -> Ranking:
    """The most probable first."""
    return Ranking(-probabilities[column].astype(np.float64), probabilities=probabilities, column=column)


def teach(probabilities: Probabilities, column: int | None, centre: float = 0.5) -> Ranking:
    """Closest to `centre` first: where the model is the least certain."""
    return _furthest_forward(np.abs(probabilities - np.float32(centre)), probabilities, column)


def low_confidence(probabilities: Probabilities) -> Ranking:
    """Documents whose most probable label is least probable first: what no label covers."""
    keys = probabilities.max(axis=0).astype(np.float64)
    return Ranking(keys, probabilities=probabilities, label_keys=-probabilities)


def check(probabilities: Probabilities, assigned: Bools, thresholds: Probabilities, column: int | None) -> Ranking:
    """Assigned labels that the model would not predict, the least probable first.

    `assigned` bool [labels, n] with ancestors; `thresholds` float32 [labels].
    """
    doubted = assigned & (probabilities < thresholds[:, None])
    return _furthest_forward(np.where(doubted, probabilities, _OUT), probabilities, column)


def missed(probabilities: Probabilities, open_: Bools, thresholds: Probabilities, column: int | None) -> Ranking:
    """Labels that people neither assigned nor dismissed and the model would predict, the most probable first.

    `open_` bool [labels, n]: pairs of which nobody said yes or, in so many words, no.
    """
    expected = open_ & (probabilities >= thresholds[:, None])
    return _furthest_forward(np.where(expected, -probabilities, _OUT), probabilities, column)


def group_weights(sizes: NDArray[np.int64], reviewed: NDArray[np.int64]) -> Floats:
    """How many times as frequent each group is among all documents as among the reviewed ones; float64 [groups].

    (size + 1) / (N + K) over (reviewed + 1) / (R + K) with N documents, R reviewed ones and K groups: one document more
    in each group keeps a group without reviewed documents from an infinite weight (Laplace).
    """
    groups = len(sizes)
    share = (sizes + 1) / (sizes.sum() + groups)
    seen = (reviewed + 1) / (reviewed.sum() + groups)
    weights: Floats = share / seen
    return weights


def rebalance(ties: Ties, groups: NDArray[np.uint16], weights: Floats, seed: int) -> Ranking:
    """A random order in which a document comes first with a probability proportional to the weight of its group.

    Key -ln(u) / weight with u uniform: Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006.
    """
    own = weights[groups]
    keys = -np.log(np.maximum(uniform(ties, seed), 2.0**-64)) / own
    return Ranking(keys, own)


def clusters(affinities: Probabilities, groups: NDArray[np.uint16], ties: Ties, only: int | None) -> Ranking:
    """The most typical of each group, then the second of each, and so on; or those of one group alone."""
    scores = affinities.astype(np.float64)
    keys = np.zeros(len(scores))
    order = np.lexsort((ties, -scores, groups))
    sizes = np.bincount(groups) if len(groups) else np.zeros(0, np.int64)
    begins = np.cumsum(sizes) - sizes
    ranks = np.arange(len(order)) - begins[groups[order]] if len(order) else order
    keys[order] = ranks * float(len(sizes)) + groups[order]
    if only is not None:
        keys[groups != only] = np.nan
    return Ranking(keys, scores)


def uniform(ties: Ties, seed: int) -> Floats:
    """Numbers in [0, 1) that look random: the finaliser of splitmix64 over tie and seed; float64 [n]."""
    with np.errstate(over="ignore"):
        mixed = ties + np.uint64(seed & (2**64 - 1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def in_order(keys: Floats, ties: Ties, after: tuple[float, int] | None, count: int) -> NDArray[np.int64]:
    """Places of the first `count` documents by key and tie, of those behind `after`; int64."""
    places = np.flatnonzero(~np.isnan(keys))
    if after is not None:
        key, tie = after
        behind = (keys[places] > key) | ((keys[places] == key) & (ties[places] > np.uint64(tie)))
        places = places[behind]
    if len(places) > count:
        last = np.partition(keys[places], count - 1)[count - 1]
        places = places[keys[places] <= last]
    return places[np.lexsort((ties[places], keys[places]))[:count]]


def sample_shift(documents: int, labels: int) -> int:
    """Halvings that bring the documents down to what is kept: those whose tie is below 2**(64 - shift) are scored."""
    shift = 0
    while (documents >> shift) * max(labels, 1) > CELLS_MAX:
        shift += 1
    return shift


def _furthest_forward(keys: Probabilities, probabilities: Probabilities, column: int | None) -> Ranking:
    """The smallest key over the labels, or that of one; a document whose keys are all out is out."""
    smallest = (keys.min(axis=0, initial=_OUT) if column is None else keys[column]).astype(np.float64)
    smallest[np.isinf(smallest)] = np.nan
    if column is not None:
        return Ranking(smallest, probabilities=probabilities, column=column)
    return Ranking(smallest, probabilities=probabilities, label_keys=keys)
