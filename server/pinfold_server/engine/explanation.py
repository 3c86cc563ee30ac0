"""From the shares of a text's features to the explanation of each label, in log-odds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.predictions.explanations import (
    FEATURE_CHARACTERS_MAX,
    SPANS_MAX,
    Contribution,
    LabelExplanation,
)
from pinfold_server.engine import sigmoid
from pinfold_server.engine.alignment import Aligned, align
from pinfold_server.engine.evidence import Group, gather
from pinfold_server.engine.model import leaves_of
from pinfold_server.engine.tensors import StoredModel

_COLUMNS_AT_ONCE = 8
"""Labels whose shares are held at a time: a text of 65,536 characters has up to 260,000 n-grams."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`columns` of the labels to explain, with the `thresholds` of all labels; at most `limit` contributions of each;
    n-grams of known words `apart` or within the words.
    """

    columns: Sequence[int]
    thresholds: NDArray[np.float32]
    limit: int
    apart: bool


def explain(
    stored: StoredModel, text: str, probabilities: NDArray[np.float32], wanted: Wanted
) -> list[LabelExplanation]:
    """`probabilities` float32 [labels]: what the model answers to the text."""
    aligned = align(text, stored.description.foldings)
    explained: list[LabelExplanation] = []
    for begin in range(0, len(wanted.columns), _COLUMNS_AT_ONCE):
        columns = wanted.columns[begin : begin + _COLUMNS_AT_ONCE]
        explained += _explain_some(stored, aligned, probabilities, wanted, columns)
    return explained


def _explain_some(
    stored: StoredModel,
    aligned: Aligned,
    probabilities: NDArray[np.float32],
    wanted: Wanted,
    columns: Sequence[int],
) -> Iterator[LabelExplanation]:
    model = stored.model
    groups = gather(model, aligned.read, np.array([*columns, len(model.labels)], np.int64), apart=wanted.apart)
    norm = float(np.sqrt(max(sum(int(group.shares[:, -1].sum()) for group in groups), 1)))
    listing = _Listing(stored, aligned, groups, norm, probabilities, wanted)
    leaves = set(leaves_of(len(model.labels), model.closure)[0].tolist())
    for place, column in enumerate(columns):
        if model.single and column not in leaves:
            yield _sum(stored, column, probabilities, wanted)
        else:
            yield listing.label(place, column)


@dataclass(frozen=True, slots=True, eq=False)
class _Listing:
    """What all labels of a text share."""

    stored: StoredModel
    aligned: Aligned
    groups: list[Group]
    norm: float
    probabilities: NDArray[np.float32]
    wanted: Wanted

    def label(self, place: int, column: int) -> LabelExplanation:
        """The label in the given column of the model, and at the given place of the shares."""
        model = self.stored.model
        shares = [group.shares[:, place] for group in self.groups]
        total = sum(int(each.sum()) for each in shares)
        score = total / self.norm * model.steps[column] + model.offsets[column]
        unit = float(model.steps[column]) / sigmoid.STEPS / self.norm
        listed = _largest(shares, self.wanted.limit)
        left = total - sum(int(shares[group][feature]) for group, feature in listed)
        return LabelExplanation(
            name=model.labels[column],
            probability=float(self.probabilities[column]),
            threshold=float(self.wanted.thresholds[column]),
            score=float(score) / sigmoid.STEPS - sigmoid.LIMIT,
            bias=float(model.offsets[column]) / sigmoid.STEPS - sigmoid.LIMIT,
            contributions=tuple(self._contribution(group, feature, place, unit) for group, feature in listed),
            remaining=left * unit,
            remaining_count=sum(int(np.count_nonzero(each)) for each in shares) - len(listed),
            raised_by=_raised_by(self.stored, column, float(score), self.probabilities),
            sum_of=(),
        )

    def _contribution(self, group_number: int, feature: int, place: int, unit: float) -> Contribution:
        group = self.groups[group_number]
        occurrences = group.occurrences(feature)[:SPANS_MAX]
        starts = self.aligned.starts[group.begins[occurrences]].tolist()
        ends = self.aligned.ends[group.ends[occurrences] - 1].tolist()
        return Contribution(
            kind=group.kind,
            feature=group.spell(int(occurrences[0]))[:FEATURE_CHARACTERS_MAX],
            known=bool(group.known[feature]),
            weight=int(group.shares[feature, place]) * unit,
            spans=tuple(zip(starts, ends, strict=True)),
            occurrences=int(group.counts[feature]),
        )


def _largest(shares: list[Ints], limit: int) -> list[tuple[int, int]]:
    """Group and feature of the shares other than 0 by falling magnitude, `limit` at most."""
    together = np.concatenate(shares) if shares else np.zeros(0, np.int64)
    chosen = np.argsort(-np.abs(together), kind="stable")[:limit]
    bounds = np.cumsum([0, *(len(each) for each in shares)])
    groups = np.searchsorted(bounds, chosen, side="right") - 1
    return [
        (int(group), int(place - bounds[group])) for group, place in zip(groups, chosen, strict=True) if together[place]
    ]


def _raised_by(stored: StoredModel, column: int, place: float, probabilities: NDArray[np.float32]) -> str | None:
    """The lowest descendant that has the label's probability, where the label's own score gives less."""
    values, rises = stored.curve
    within = min(max(place, 0.0), sigmoid.LAST)
    below = int(np.floor(within))
    if stored.model.single or np.float32(values[below] + rises[below] * (within - below)) >= probabilities[column]:
        return None
    pairs = stored.model.closure
    under = pairs[pairs[:, 0] == column, 1]
    reaching = under[probabilities[under] == probabilities[column]]
    return stored.model.labels[max(reaching.tolist())] if len(reaching) else None


def _sum(stored: StoredModel, column: int, probabilities: NDArray[np.float32], wanted: Wanted) -> LabelExplanation:
    """A label above the leaves of a single-label model."""
    pairs = stored.model.closure
    under = pairs[pairs[:, 0] == column, 1]
    leaves = under[np.argsort(-probabilities[under], kind="stable")]
    return LabelExplanation(
        name=stored.model.labels[column],
        probability=float(probabilities[column]),
        threshold=float(wanted.thresholds[column]),
        score=None,
        bias=None,
        contributions=(),
        remaining=0.0,
        remaining_count=0,
        raised_by=None,
        sum_of=tuple(stored.model.labels[leaf] for leaf in leaves.tolist()),
    )
