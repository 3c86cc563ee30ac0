"""What a version must show before a tag may point to it, and whether it does."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

EXAMPLES_DEFAULT = 5


class Condition(enum.StrEnum):
    """What was looked at."""

    SAME_SPLIT = "same_split"
    F1_DROP = "f1_drop"
    MEAN_AVERAGE_PRECISION_DROP = "mean_average_precision_drop"
    MEAN_AVERAGE_PRECISION = "mean_average_precision"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Gate:
    """Conditions for the version that a tag is to point to; None for those that are not made.

    `f1_drop_max`, 0 to 1: no label may lose more F1, each version at its own thresholds, on the documents that both
    held out; of labels with at least `examples_min` such documents, and with `only_significant` only where the loss is
    more than chance. `mean_average_precision_drop_max`, 0 to 1: each by its own validation. `rating_min` 0 to 100.
    """

    f1_drop_max: float | None = None
    examples_min: int = EXAMPLES_DEFAULT
    only_significant: bool = False
    mean_average_precision_drop_max: float | None = None
    mean_average_precision_min: float | None = None
    rating_min: float | None = None
    same_split: bool = False

    @property
    def compares(self) -> bool:
        """Whether documents that both versions held out are needed."""
        return self.f1_drop_max is not None


@dataclass(frozen=True, slots=True)
class LabelChange:
    """F1 of one label on `examples` documents that have it; `base` and `candidate` 0 to 1."""

    name: str
    examples: int
    base: float
    candidate: float
    is_significant: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of one version: the digest of the rules by which documents were held out, and a figure 0 to 1."""

    split_digest: str
    mean_average_precision: float | None


@dataclass(frozen=True, slots=True)
class Facts:
    """`base` is None where the tag points to nothing yet; `missing` tells why `labels` or `rating` are not known."""

    base: Measured | None
    candidate: Measured
    labels: Sequence[LabelChange] | None = None
    rating: float | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition. `measured` None: it is not known, which does not pass; `bound`: what it was held against."""

    condition: Condition
    passed: bool
    bound: float
    measured: float | None
    description: str
    label: str = ""


def check(gate: Gate, facts: Facts) -> tuple[Check, ...]:
    """The conditions of the gate, those about another version only where there is one."""
    return tuple(_checks(gate, facts))


def _checks(gate: Gate, facts: Facts) -> Iterator[Check]:
    if facts.base is not None:
        if gate.same_split:
            yield _same_split(facts.base, facts.candidate)
        if gate.f1_drop_max is not None:
            yield from _f1_drops(gate, gate.f1_drop_max, facts)
        if gate.mean_average_precision_drop_max is not None:
            yield _drop(facts.base, facts.candidate, gate.mean_average_precision_drop_max)
    if gate.mean_average_precision_min is not None:
        measured = facts.candidate.mean_average_precision
        text = "mean average precision of the version"
        yield _at_least(
            Condition.MEAN_AVERAGE_PRECISION, text, measured, gate.mean_average_precision_min, facts.missing
        )
    if gate.rating_min is not None:
        yield _at_least(Condition.RATING, "model rating of the version", facts.rating, gate.rating_min, facts.missing)


def _same_split(base: Measured, candidate: Measured) -> Check:
    same = base.split_digest == candidate.split_digest != ""
    text = "both versions were tested by the same rules" if same else "the versions were tested by different rules"
    return Check(Condition.SAME_SPLIT, same, 1.0, float(same), text)


def _f1_drops(gate: Gate, most: float, facts: Facts) -> Iterator[Check]:
    """One for each label that falls too far; one for the label that falls most when none does."""
    if facts.labels is None:
        yield Check(Condition.F1_DROP, False, most, None, f"F1 of the labels is not known: {facts.missing}")
        return
    looked_at = [label for label in facts.labels if label.examples >= gate.examples_min]
    looked_at.sort(key=lambda label: label.candidate - label.base)
    failed = [label for label in looked_at if _falls_too_far(label, most, gate.only_significant)]
    for label in failed or looked_at[:1]:
        text = (
            f"F1 of {label.name!r} goes from {label.base:.3f} to {label.candidate:.3f}, on {label.examples:,} documents"
        )
        yield Check(Condition.F1_DROP, not failed, most, label.base - label.candidate, text, label.name)
    if not looked_at:
        text = f"no label has {gate.examples_min:,} documents that both versions held out"
        yield Check(Condition.F1_DROP, True, most, None, text)


def _falls_too_far(label: LabelChange, most: float, only_significant: bool) -> bool:
    return label.base - label.candidate > most and (label.is_significant or not only_significant)


def _drop(base: Measured, candidate: Measured, most: float) -> Check:
    condition, old, new = (
        Condition.MEAN_AVERAGE_PRECISION_DROP,
        base.mean_average_precision,
        candidate.mean_average_precision,
    )
    if old is None or new is None:
        return Check(condition, old is None, most, None, "mean average precision is not known of both versions")
    text = f"mean average precision goes from {old:.4f} to {new:.4f}, each by its own validation"
    return Check(condition, old - new <= most, most, old - new, text)


def _at_least(condition: Condition, what: str, measured: float | None, least: float, missing: str = "") -> Check:
    if measured is None:
        return Check(condition, False, least, None, f"{what} is not known: {missing or 'too little was held out'}")
    return Check(
        condition, measured >= least, least, measured, f"{what} is {measured:.4g}, at least {least:.4g} wanted"
    )
