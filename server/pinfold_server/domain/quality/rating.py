"""The model rating: one number, 0 to 100, with what it is made of and what would raise it.

The formula is ours; docs/quality.md has it for users, with these weights.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pinfold_server.domain.quality.balance import Provenance
from pinfold_server.domain.quality.coverage import Coverage
from pinfold_server.domain.quality.reliability import RELIABLE_FROM

WORST_SHARE = 10
"""The worst tenth of the labels, rounded up, are the underperforming ones."""
SHUFFLE_WANTED = 0.2
LABELLED_LEAST = 0.2

_POOR, _AVERAGE = 0.5, 0.7


class Grade(enum.IntEnum):
    """Bands of a score; the numbers of the protocol."""

    NONE = 1
    POOR = 2
    AVERAGE = 3
    GOOD = 4
    EXCELLENT = 5


BANDS = {Grade.AVERAGE: 50.0, Grade.GOOD: 70.0, Grade.EXCELLENT: 90.0}
"""The least score of each grade above POOR."""


class FactorKind(enum.IntEnum):
    """What a rating is made of; the numbers of the protocol."""

    ALL_LABELS = 1
    UNDERPERFORMING_LABELS = 2
    COVERAGE = 3
    BALANCE = 4


WEIGHTS = {
    FactorKind.ALL_LABELS: 0.4,
    FactorKind.UNDERPERFORMING_LABELS: 0.2,
    FactorKind.COVERAGE: 0.2,
    FactorKind.BALANCE: 0.2,
}


@dataclass(frozen=True, slots=True)
class LabelFacts:
    """What is known of a label: `examples` were fitted on, `tests` held out; the errors are at its own threshold.

    `confused`: the label that is most often told instead, and how often; "" and 0 for none.
    """

    name: str
    average_precision: float | None
    examples: int
    tests: int
    false_positives: int
    false_negatives: int
    confused: str
    confused_count: int

    @property
    def health(self) -> float:
        """Average precision, held down in proportion where fewer than 20 examples were fitted on; 0 to 1."""
        return (self.average_precision or 0.0) * min(self.examples / RELIABLE_FROM, 1.0)


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """Coverage of the unreviewed documents, or else (`estimated`) of held-out ones. `labelled`: share of the reviewed
    documents that have a label at all.
    """

    coverage: Coverage
    labelled: float
    estimated: bool


@dataclass(frozen=True, slots=True)
class BalanceFacts:
    """`similarity` None where it is not known; `everything`: there is no unreviewed document."""

    similarity: float | None
    provenance: Provenance
    everything: bool


@dataclass(frozen=True, slots=True)
class Factor:
    """A part of the rating; `score` None where there is too little to tell; `contributors` by name."""

    kind: FactorKind
    score: float | None
    contributors: dict[str, float]
    estimated: bool = False

    @property
    def grade(self) -> Grade:
        return grade_of(self.score)


@dataclass(frozen=True, slots=True)
class Rating:
    """`score` None where nothing was tested."""

    score: float | None
    factors: tuple[Factor, ...]

    @property
    def grade(self) -> Grade:
        return grade_of(self.score)

    @property
    def needs_refinement(self) -> bool:
        """Whether a part that is known is less than good."""
        return any(factor.grade in (Grade.POOR, Grade.AVERAGE) for factor in self.factors)


def grade_of(score: float | None) -> Grade:
    if score is None:
        return Grade.NONE
    return next((grade for grade, least in reversed(BANDS.items()) if score >= least), Grade.POOR)


def rate(labels: Sequence[LabelFacts], coverage: CoverageFacts, balance: BalanceFacts) -> Rating:
    """The weighted mean of the factors that are known; none without a label that was tested."""
    factors = (
        _all_labels(labels),
        _underperforming(labels),
        _coverage(coverage),
        _balance(balance),
    )
    if factors[0].score is None:
        return Rating(None, factors)
    known = [(WEIGHTS[factor.kind], factor.score) for factor in factors if factor.score is not None]
    return Rating(sum(weight * score for weight, score in known) / sum(weight for weight, _ in known), factors)


def worst(labels: Sequence[LabelFacts]) -> list[LabelFacts]:
    """The tenth of the labels, rounded up, with the poorest health; the worst first."""
    return sorted(labels, key=lambda label: label.health)[: -(-len(labels) // WORST_SHARE)]


def _all_labels(labels: Sequence[LabelFacts]) -> Factor:
    tested = [label for label in labels if label.average_precision is not None]
    if not tested:
        return Factor(FactorKind.ALL_LABELS, None, {})
    mean = _mean(label.health for label in labels)
    size = max(sum(label.examples for label in labels), 1)
    weighted = sum(label.health * label.examples for label in labels) / size
    return Factor(
        FactorKind.ALL_LABELS,
        100 * (mean + weighted) / 2,
        {
            "mean_average_precision": _mean(label.average_precision or 0.0 for label in tested),
            "mean_health": mean,
            "size_weighted_health": weighted,
            "poor_labels": float(sum(label.health < _POOR for label in labels)),
            "average_labels": float(sum(_POOR <= label.health < _AVERAGE for label in labels)),
        },
    )


def _underperforming(labels: Sequence[LabelFacts]) -> Factor:
    lowest = worst(labels)
    if all(label.average_precision is None for label in labels):
        return Factor(FactorKind.UNDERPERFORMING_LABELS, None, {})
    health = _mean(label.health for label in lowest)
    return Factor(
        FactorKind.UNDERPERFORMING_LABELS,
        100 * health,
        {
            "labels": float(len(lowest)),
            "mean_health": health,
            "poor_ratio": _mean(float(label.health < _POOR) for label in lowest),
            "average_ratio": _mean(float(_POOR <= label.health < _AVERAGE) for label in lowest),
        },
    )


def _coverage(facts: CoverageFacts) -> Factor:
    found = facts.coverage
    if not found.documents:
        return Factor(FactorKind.COVERAGE, None, {}, facts.estimated)
    covered = found.covered / found.documents
    expected = max(facts.labelled, LABELLED_LEAST)
    contributors = {
        "coverage": covered,
        "labelled_ratio": facts.labelled,
        "mean_top_probability": found.certainty / found.documents,
        "labels_per_document": found.labels / found.documents,
        "documents": float(found.documents),
    }
    return Factor(FactorKind.COVERAGE, 100 * min(covered / expected, 1.0), contributors, facts.estimated)


def _balance(facts: BalanceFacts) -> Factor:
    found = facts.provenance
    similarity = 1.0 if facts.everything else facts.similarity
    if similarity is None:
        return Factor(FactorKind.BALANCE, None, {})
    shuffled = min(found.shuffle / SHUFFLE_WANTED, 1.0) if found.told else 1.0
    contributors = {
        "similarity": similarity,
        "shuffle_ratio": found.shuffle,
        "rebalance_ratio": found.rebalance,
        "search_ratio": found.search,
        "told": float(found.told),
    }
    if facts.everything:
        return Factor(FactorKind.BALANCE, 100.0, contributors)
    score = 100 * (0.65 * similarity + 0.2 * shuffled + 0.15 * (1 - found.search))
    return Factor(FactorKind.BALANCE, score, contributors)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / max(len(found), 1)
