"""Comparisons: messages to queries, results to messages."""

from pinfold.v1 import comparison_pb2 as pb
from pinfold_server.domain import names
from pinfold_server.domain.quality.bootstrap import Trials
from pinfold_server.domain.quality.comparison import (
    CONFIDENCE_DEFAULT,
    TRIALS_DEFAULT,
    CarryOver,
    Delta,
    Flip,
    LabelComparison,
    Overall,
    Point,
    Verdict,
)
from pinfold_server.domain.quality.pairing import SharedLabel
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert.convert_predictions import policy_from_pb
from pinfold_server.rpc.convert.convert_versions import MODES
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.quality.comparisons import Compared, ComparisonQuery, FlippedDocument

VERDICTS = {
    Verdict.BETTER: pb.VERDICT_BETTER,
    Verdict.WORSE: pb.VERDICT_WORSE,
    Verdict.NO_SIGNIFICANT_DIFFERENCE: pb.VERDICT_NO_SIGNIFICANT_DIFFERENCE,
}
FLIPS = {Flip.FIXED: pb.FLIP_FIXED, Flip.BROKEN: pb.FLIP_BROKEN}
_FLIPS_FROM = {pb.FLIP_UNSPECIFIED: None, pb.FLIP_FIXED: Flip.FIXED, pb.FLIP_BROKEN: Flip.BROKEN}


def query_from_pb(request: pb.CompareVersionsRequest | pb.ListFlippedDocumentsRequest) -> ComparisonQuery:
    """Raises AppError INVALID, DIFFERENT_DATASETS."""
    dataset, base = names.parse_version(request.base, "base")
    other, candidate = names.parse_version(request.candidate, "candidate")
    if dataset != other:
        raise invalid(
            "candidate",
            f"must be a version of {names.dataset_name(dataset)} like `base`: versions of different datasets were"
            " tested on different documents",
            "DIFFERENT_DATASETS",
        )
    default = request.default_threshold if request.HasField("default_threshold") else None
    asked = Asked(policy=policy_from_pb(request.threshold_policy), default=default, labels=tuple(request.labels))
    return ComparisonQuery(dataset, base, candidate, asked)


def trials_from_pb(request: pb.CompareVersionsRequest) -> Trials:
    confidence = request.confidence if request.HasField("confidence") else CONFIDENCE_DEFAULT
    return Trials(request.trials or TRIALS_DEFAULT, request.seed, confidence)


def flip_from_pb(request: pb.ListFlippedDocumentsRequest) -> Flip | None:
    if request.flip not in _FLIPS_FROM:
        raise invalid("flip", f"is not known to this server: {request.flip}")
    return _FLIPS_FROM[request.flip]


def comparison_to_pb(dataset_id: str, compared: Compared) -> pb.VersionComparison:
    ground, result = compared.ground, compared.comparison
    base, candidate, paired = ground.base.record, ground.candidate.record, ground.paired
    message = pb.VersionComparison(
        dataset=names.dataset_name(dataset_id),
        base=base.number,
        candidate=candidate.number,
        verdict=VERDICTS[result.verdict],
        summary=compared.summary,
        comparable=compared.is_comparable,
        caution=compared.caution,
        base_mode=MODES[base.metrics.validation_mode],
        candidate_mode=MODES[candidate.metrics.validation_mode],
        document_count=len(paired),
        base_only_count=paired.base_only,
        candidate_only_count=paired.candidate_only,
        changed_truth_count=paired.changed_truth,
        trials=compared.trials.count,
        confidence=compared.trials.confidence,
        labels=[_label_to_pb(*each) for each in zip(ground.labels.shared, result.labels, strict=True)],
        added_labels=ground.labels.added,
        removed_labels=ground.labels.removed,
    )
    _fill_overall(message, result.overall)
    return message


def flipped_to_pb(document: FlippedDocument) -> pb.FlippedDocument:
    return pb.FlippedDocument(
        document=names.document_name(document.source_id, document.document_id),
        flip=FLIPS[document.flip],
        text=document.text,
        true_labels=document.true_labels,
        base_labels=document.base_labels,
        candidate_labels=document.candidate_labels,
    )


def _fill_overall(message: pb.VersionComparison, overall: Overall) -> None:
    message.precision.CopyFrom(_delta_to_pb(overall.precision))
    message.recall.CopyFrom(_delta_to_pb(overall.recall))
    message.micro_f1.CopyFrom(_delta_to_pb(overall.micro_f1))
    message.macro_f1.CopyFrom(_delta_to_pb(overall.macro_f1))
    message.exact_match.CopyFrom(_delta_to_pb(overall.right))
    if overall.mean_average_precision is not None:
        message.mean_average_precision.CopyFrom(_delta_to_pb(overall.mean_average_precision))
    message.fixed_count, message.broken_count, message.p_value = overall.fixed, overall.broken, overall.p_value


def _label_to_pb(shared: SharedLabel, label: LabelComparison) -> pb.LabelComparison:
    message = pb.LabelComparison(
        label=shared.name,
        base_label="" if shared.base_name == shared.name else shared.base_name,
        positive_count=label.positives,
        base_threshold=label.base_threshold,
        candidate_threshold=label.candidate_threshold,
        precision=_delta_to_pb(label.precision),
        recall=_delta_to_pb(label.recall),
        f1=_delta_to_pb(label.f1),
        fixed_count=label.fixed,
        broken_count=label.broken,
        p_value=label.p_value,
        significant=label.is_significant,
        carry_over=_carry_over_to_pb(label.carry_over),
    )
    if label.average_precision is not None:
        message.average_precision.CopyFrom(_delta_to_pb(label.average_precision))
    return message


def _carry_over_to_pb(carried: CarryOver) -> pb.ThresholdCarryOver:
    return pb.ThresholdCarryOver(
        now=_point_to_pb(carried.now),
        same_threshold=_point_to_pb(carried.same_threshold),
        same_recall=_point_to_pb(carried.same_recall),
        same_precision=_point_to_pb(carried.same_precision),
    )


def _point_to_pb(point: Point | None) -> pb.OperatingPoint | None:
    if point is None:
        return None
    return pb.OperatingPoint(threshold=point.threshold, precision=point.precision, recall=point.recall)


def _delta_to_pb(delta: Delta) -> pb.FigureDelta:
    return pb.FigureDelta(
        base=delta.base,
        candidate=delta.candidate,
        difference=delta.candidate - delta.base,
        low=delta.low,
        high=delta.high,
        significant=delta.is_significant,
    )
