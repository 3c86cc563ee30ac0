"""Gates: messages to conditions and back, and how a version stood before them to messages."""

import math
from collections.abc import Iterable

from pinfold.v1 import gate_pb2 as pb
from pinfold_server.domain.releases.gates import EXAMPLES_DEFAULT, Check, Condition, Gate
from pinfold_server.errors import invalid
from pinfold_server.services.releases.gate_records import checks_from_record
from pinfold_server.services.releases.gates import Standing
from pinfold_server.store.storage_pb2 import GateReportRecord

EXAMPLES_MAX = 1_000_000
_CONDITIONS = {
    Condition.SAME_SPLIT: pb.GATE_CONDITION_SAME_SPLIT,
    Condition.F1_DROP: pb.GATE_CONDITION_F1_DROP,
    Condition.MEAN_AVERAGE_PRECISION_DROP: pb.GATE_CONDITION_MEAN_AVERAGE_PRECISION_DROP,
    Condition.MEAN_AVERAGE_PRECISION: pb.GATE_CONDITION_MEAN_AVERAGE_PRECISION,
    Condition.RATING: pb.GATE_CONDITION_RATING,
}


def gate_from_pb(message: pb.Gate, field: str = "gate") -> Gate:
    """Raises AppError INVALID for conditions out of range, and where there are none."""
    if not 0 <= message.min_examples <= EXAMPLES_MAX:
        raise invalid(f"{field}.min_examples", f"must be 1 to {EXAMPLES_MAX:,}, or 0 for {EXAMPLES_DEFAULT}")
    gate = Gate(
        f1_drop_max=_bound(message, field, "max_f1_drop", 1),
        examples_min=message.min_examples or EXAMPLES_DEFAULT,
        only_significant=message.only_significant,
        mean_average_precision_drop_max=_bound(message, field, "max_mean_average_precision_drop", 1),
        mean_average_precision_min=_bound(message, field, "min_mean_average_precision", 1),
        rating_min=_bound(message, field, "min_rating", 100),
        same_split=message.same_split,
    )
    bounds = (gate.f1_drop_max, gate.mean_average_precision_drop_max, gate.mean_average_precision_min, gate.rating_min)
    if not gate.same_split and all(bound is None for bound in bounds):
        raise invalid(field, "must hold at least one condition")
    return gate


def gate_to_pb(gate: Gate) -> pb.Gate:
    return pb.Gate(
        max_f1_drop=gate.f1_drop_max,
        min_examples=gate.examples_min,
        only_significant=gate.only_significant,
        max_mean_average_precision_drop=gate.mean_average_precision_drop_max,
        min_mean_average_precision=gate.mean_average_precision_min,
        min_rating=gate.rating_min,
        same_split=gate.same_split,
    )


def standing_to_pb(standing: Standing) -> pb.GateReport:
    return _report(standing.base, standing.candidate, standing.checks)


def report_to_pb(record: GateReportRecord) -> pb.GateReport:
    return _report(record.base, record.candidate, checks_from_record(record))


def _report(base: int, candidate: int, checks: Iterable[Check]) -> pb.GateReport:
    sent = [
        pb.GateCheck(
            condition=_CONDITIONS[each.condition],
            passed=each.passed,
            measured=each.measured,
            bound=each.bound,
            label=each.label,
            description=each.description,
        )
        for each in checks
    ]
    passed = all(each.passed for each in sent)
    return pb.GateReport(base_version=base, candidate_version=candidate, passed=passed, checks=sent)


def _bound(message: pb.Gate, field: str, name: str, most: float) -> float | None:
    if not message.HasField(name):
        return None
    value = float(getattr(message, name))
    if math.isnan(value) or not 0 <= value <= most:
        raise invalid(f"{field}.{name}", f"must lie from 0 to {most}, got {value}")
    return value
