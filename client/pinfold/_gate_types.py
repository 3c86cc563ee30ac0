"""Conditions of tags, and how versions stood before them (pure)."""

from dataclasses import dataclass
from enum import StrEnum

from pinfold._enums import Wire
from pinfold.v1 import gate_pb2 as pb


class GateCondition(StrEnum):
    """What a condition is about."""

    SAME_SPLIT = "same_split"
    F1_DROP = "f1_drop"
    MEAN_AVERAGE_PRECISION_DROP = "mean_average_precision_drop"
    MEAN_AVERAGE_PRECISION = "mean_average_precision"
    RATING = "rating"


GATE_CONDITIONS = Wire(GateCondition, pb.GateCondition, "GATE_CONDITION")


@dataclass(frozen=True, slots=True)
class Gate:
    """Conditions for the version that a tag is to point to; None for those that are not made.

    `max_f1_drop`, 0 to 1: the most F1 that a label may lose against the version that the tag points to, on the
    documents that both held out; of labels with at least `min_examples` of these, and with `only_significant` only
    where the loss is more than chance. `max_mean_average_precision_drop` and `min_mean_average_precision` 0 to 1, each
    version by its own validation. `min_rating` 0 to 100. `same_split`: both versions were tested by the same rules.
    """

    max_f1_drop: float | None = None
    min_examples: int = 5
    only_significant: bool = False
    max_mean_average_precision_drop: float | None = None
    min_mean_average_precision: float | None = None
    min_rating: float | None = None
    same_split: bool = False


@dataclass(frozen=True, slots=True)
class GateCheck:
    """One condition, and how it was met; `measured` None: it is not known, which does not meet it."""

    condition: GateCondition | None
    passed: bool
    measured: float | None
    bound: float
    label: str | None
    description: str


@dataclass(frozen=True, slots=True)
class GateReport:
    """How a version stands before the gate of a tag; `base_version` None: the tag points to nothing."""

    base_version: int | None
    candidate_version: int
    passed: bool
    checks: tuple[GateCheck, ...]


def gate_to_pb(gate: Gate) -> pb.Gate:
    """Raises TypeError for what is no number."""
    return pb.Gate(
        max_f1_drop=gate.max_f1_drop,
        min_examples=gate.min_examples,
        only_significant=gate.only_significant,
        max_mean_average_precision_drop=gate.max_mean_average_precision_drop,
        min_mean_average_precision=gate.min_mean_average_precision,
        min_rating=gate.min_rating,
        same_split=gate.same_split,
    )


def gate_from_pb(message: pb.Gate) -> Gate:
    return Gate(
        max_f1_drop=message.max_f1_drop if message.HasField("max_f1_drop") else None,
        min_examples=message.min_examples,
        only_significant=message.only_significant,
        max_mean_average_precision_drop=(
            message.max_mean_average_precision_drop if message.HasField("max_mean_average_precision_drop") else None
        ),
        min_mean_average_precision=(
            message.min_mean_average_precision if message.HasField("min_mean_average_precision") else None
        ),
        min_rating=message.min_rating if message.HasField("min_rating") else None,
        same_split=message.same_split,
    )


def report_from_pb(message: pb.GateReport) -> GateReport:
    checks = (
        GateCheck(
            condition=GATE_CONDITIONS.decode(each.condition),
            passed=each.passed,
            measured=each.measured if each.HasField("measured") else None,
            bound=each.bound,
            label=each.label or None,
            description=each.description,
        )
        for each in message.checks
    )
    return GateReport(message.base_version or None, message.candidate_version, message.passed, tuple(checks))
