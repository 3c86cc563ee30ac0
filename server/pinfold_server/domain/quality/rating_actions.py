"""What would raise a rating: which training mode to use next, for which label."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinfold_server.domain.labels.annotations import RetrievalMode
from pinfold_server.domain.quality.rating import SHUFFLE_WANTED, FactorKind, Grade, LabelFacts, Rating, worst
from pinfold_server.domain.quality.reliability import RELIABLE_FROM

ACTIONS_MAX = 10
_HEALTHY = 0.7
_CONFUSED_SHARE = 0.2
_ALIKE = 0.9
_WANTING = (Grade.POOR, Grade.AVERAGE)


@dataclass(frozen=True, slots=True)
class Action:
    """Annotate documents that a training mode offers; `label` empty in the modes without one; `why` for people."""

    factor: FactorKind
    mode: RetrievalMode
    label: str
    why: str


def recommend_actions(rating: Rating, labels: Sequence[LabelFacts], *, balance_told: int) -> list[Action]:
    """The most useful first: those for the whole dataset whose factor is less than good, then the weakest labels.

    `balance_told`: reviewed documents of which it is told how they were found.
    """
    actions = list(_of_dataset(rating, balance_told))
    weak = sorted((label for label in labels if label.health < _HEALTHY), key=lambda label: label.health)
    lowest = {label.name for label in worst(labels)}
    for label in weak:
        factor = FactorKind.UNDERPERFORMING_LABELS if label.name in lowest else FactorKind.ALL_LABELS
        actions.append(_of_label(label, factor))
    return actions[:ACTIONS_MAX]


def _of_dataset(rating: Rating, balance_told: int) -> Iterator[Action]:
    factors = {factor.kind: factor for factor in rating.factors}
    coverage, balance = factors[FactorKind.COVERAGE], factors[FactorKind.BALANCE]
    if coverage.grade in _WANTING:
        why = "many documents get no informative label: annotate those that the model knows least of"
        yield Action(FactorKind.COVERAGE, RetrievalMode.LOW_CONFIDENCE, "", why)
    if balance.grade in _WANTING:
        if balance.contributors["similarity"] < _ALIKE:
            why = "the reviewed documents are unlike the others: annotate groups that are under-represented"
            yield Action(FactorKind.BALANCE, RetrievalMode.REBALANCE, "", why)
        if balance_told and balance.contributors["shuffle_ratio"] < SHUFFLE_WANTED:
            why = f"less than {SHUFFLE_WANTED:.0%} of the reviewed documents are a random sample: annotate one"
            yield Action(FactorKind.BALANCE, RetrievalMode.SHUFFLE, "", why)


def _of_label(label: LabelFacts, factor: FactorKind) -> Action:
    if label.examples < RELIABLE_FROM:
        why = f"{label.examples} of {RELIABLE_FROM} training documents: confirm those that most probably have it"
        return Action(factor, RetrievalMode.LABEL, label.name, why)
    if label.confused_count >= _CONFUSED_SHARE * max(label.tests, 1):
        why = f"{label.confused_count} of {label.tests} documents get {label.confused!r} instead: look where they meet"
        return Action(factor, RetrievalMode.TEACH, label.name, why)
    if label.false_negatives > label.false_positives:
        why = f"{label.false_negatives} documents have it and do not get it: check that they are annotated rightly"
        return Action(factor, RetrievalMode.CHECK, label.name, why)
    if label.false_positives:
        why = f"{label.false_positives} documents get it and do not have it: see whether it was missed"
        return Action(factor, RetrievalMode.MISSED, label.name, why)
    return Action(factor, RetrievalMode.TEACH, label.name, "annotate where the model is least certain of it")
