"""Gates, and how versions stood before them, as the store keeps them."""

from pinfold_server.domain.releases.gates import Check, Condition, Gate
from pinfold_server.store.storage_pb2 import GateCheckRecord, GateRecord, GateReportRecord


def gate_to_record(tag: str, gate: Gate) -> GateRecord:
    return GateRecord(
        tag=tag,
        f1_drop_max=gate.f1_drop_max,
        examples_min=gate.examples_min,
        only_significant=gate.only_significant,
        mean_average_precision_drop_max=gate.mean_average_precision_drop_max,
        mean_average_precision_min=gate.mean_average_precision_min,
        rating_min=gate.rating_min,
        same_split=gate.same_split,
    )


def gate_from_record(record: GateRecord) -> Gate:
    return Gate(
        f1_drop_max=record.f1_drop_max if record.HasField("f1_drop_max") else None,
        examples_min=record.examples_min,
        only_significant=record.only_significant,
        mean_average_precision_drop_max=(
            record.mean_average_precision_drop_max if record.HasField("mean_average_precision_drop_max") else None
        ),
        mean_average_precision_min=(
            record.mean_average_precision_min if record.HasField("mean_average_precision_min") else None
        ),
        rating_min=record.rating_min if record.HasField("rating_min") else None,
        same_split=record.same_split,
    )


def report_to_record(base: int, candidate: int, checks: tuple[Check, ...]) -> GateReportRecord:
    return GateReportRecord(
        base=base,
        candidate=candidate,
        checks=[
            GateCheckRecord(
                condition=each.condition.value,
                passed=each.passed,
                measured=each.measured,
                bound=each.bound,
                label=each.label,
                description=each.description,
            )
            for each in checks
        ],
    )


def checks_from_record(record: GateReportRecord) -> tuple[Check, ...]:
    return tuple(
        Check(
            condition=Condition(each.condition),
            passed=each.passed,
            bound=each.bound,
            measured=each.measured if each.HasField("measured") else None,
            description=each.description,
            label=each.label,
        )
        for each in record.checks
    )
