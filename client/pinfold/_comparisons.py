"""Two versions compared: the calls, and their answers from the wire (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from pinfold import _methods, _names
from pinfold._arguments import Numbered, version_or_tag
from pinfold._calls import Call, Listing, call, listing
from pinfold._comparison_types import (
    FigureDelta,
    Flip,
    FlippedDocument,
    LabelComparison,
    OperatingPoint,
    ThresholdCarryOver,
    Verdict,
    VersionComparison,
)
from pinfold._enums import THRESHOLD_POLICIES, VALIDATION_MODES, ThresholdPolicy, Wire
from pinfold.v1 import comparison_pb2 as pb

VERDICTS = Wire(Verdict, pb.Verdict, "VERDICT")
FLIPS = Wire(Flip, pb.Flip, "FLIP")


class ComparisonOptions(TypedDict, total=False):
    """Options of compare() and flipped_documents(): which thresholds the versions predict with, and which labels count.

    `policy` names a family of recommended thresholds, each version its own; `default_threshold` (0 to 1) is that of
    labels that have none by it, or of all when no policy is named. `labels` are named as the candidate does.
    """

    policy: ThresholdPolicy | str | None
    default_threshold: float | None
    labels: Iterable[str] | None


@dataclass(frozen=True, slots=True)
class ComparedVersions:
    """Which versions of a dataset are compared: numbers, tags, or versions that are held."""

    dataset: str
    base: int | str | Numbered
    candidate: int | str | Numbered


@dataclass(frozen=True, slots=True)
class Trials:
    """Of the bootstrap; None takes the server's default."""

    count: int | None
    seed: int
    confidence: float | None


def compare_versions(versions: ComparedVersions, options: ComparisonOptions, trials: Trials) -> Call[VersionComparison]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.CompareVersionsRequest(confidence=trials.confidence, threshold_policy=_policy(options))
    _ask(request, versions, options)
    request.trials = 0 if trials.count is None else _names.number_argument(trials.count, "trials")
    request.seed = _names.number_argument(trials.seed, "seed") if trials.seed else 0
    return call(_methods.COMPARE_VERSIONS, request, _comparison)


def list_flipped_documents(
    versions: ComparedVersions, flip: Flip | str | None, options: ComparisonOptions
) -> Listing[FlippedDocument]:
    """Raises TypeError or ValueError naming the argument that cannot be sent."""
    request = pb.ListFlippedDocumentsRequest(threshold_policy=_policy(options))
    _ask(request, versions, options)
    if flip is not None:
        request.MergeFrom(pb.ListFlippedDocumentsRequest(flip=FLIPS.encode(flip, "flip")))
    return listing(_methods.LIST_FLIPPED_DOCUMENTS, request, lambda page: page.documents, _flipped)


def _ask(
    request: pb.CompareVersionsRequest | pb.ListFlippedDocumentsRequest,
    versions: ComparedVersions,
    options: ComparisonOptions,
) -> None:
    for name in options:
        if name not in ComparisonOptions.__annotations__:
            raise TypeError(f"there is no option {name!r}")
    request.base = _names.version(versions.dataset, version_or_tag(versions.base))
    request.candidate = _names.version(versions.dataset, version_or_tag(versions.candidate))
    default = options.get("default_threshold")
    if default is not None:
        request.default_threshold = default
    labels = options.get("labels")
    if labels is not None:
        request.labels.extend(_names.text_list(labels, "labels"))


def _policy(options: ComparisonOptions) -> str | None:
    """The wire name."""
    policy = options.get("policy")
    return None if policy is None else THRESHOLD_POLICIES.encode(policy, "policy")


def _comparison(message: pb.VersionComparison) -> VersionComparison:
    return VersionComparison(
        base=message.base,
        candidate=message.candidate,
        verdict=VERDICTS.decode(message.verdict),
        summary=message.summary,
        comparable=message.comparable,
        caution=message.caution,
        base_mode=VALIDATION_MODES.decode(message.base_mode),
        candidate_mode=VALIDATION_MODES.decode(message.candidate_mode),
        documents=message.document_count,
        base_only=message.base_only_count,
        candidate_only=message.candidate_only_count,
        changed_truth=message.changed_truth_count,
        trials=message.trials,
        confidence=message.confidence,
        precision=_delta(message.precision),
        recall=_delta(message.recall),
        micro_f1=_delta(message.micro_f1),
        macro_f1=_delta(message.macro_f1),
        mean_average_precision=_optional_delta(message, "mean_average_precision"),
        exact_match=_delta(message.exact_match),
        fixed=message.fixed_count,
        broken=message.broken_count,
        p_value=message.p_value,
        labels=tuple(_label(label) for label in message.labels),
        added_labels=tuple(message.added_labels),
        removed_labels=tuple(message.removed_labels),
    )


def _label(message: pb.LabelComparison) -> LabelComparison:
    return LabelComparison(
        label=message.label,
        base_label=message.base_label or message.label,
        positives=message.positive_count,
        base_threshold=message.base_threshold,
        candidate_threshold=message.candidate_threshold,
        precision=_delta(message.precision),
        recall=_delta(message.recall),
        f1=_delta(message.f1),
        average_precision=_optional_delta(message, "average_precision"),
        fixed=message.fixed_count,
        broken=message.broken_count,
        p_value=message.p_value,
        significant=message.significant,
        carry_over=_carry_over(message.carry_over),
    )


def _carry_over(message: pb.ThresholdCarryOver) -> ThresholdCarryOver:
    return ThresholdCarryOver(
        now=_point(message.now),
        same_threshold=_point(message.same_threshold),
        same_recall=_point(message.same_recall) if message.HasField("same_recall") else None,
        same_precision=_point(message.same_precision) if message.HasField("same_precision") else None,
    )


def _point(message: pb.OperatingPoint) -> OperatingPoint:
    return OperatingPoint(message.threshold, message.precision, message.recall)


def _optional_delta(message: pb.VersionComparison | pb.LabelComparison, field: str) -> FigureDelta | None:
    return _delta(getattr(message, field)) if message.HasField(field) else None


def _delta(message: pb.FigureDelta) -> FigureDelta:
    return FigureDelta(
        base=message.base,
        candidate=message.candidate,
        difference=message.difference,
        low=message.low if message.HasField("low") else None,
        high=message.high if message.HasField("high") else None,
        significant=message.significant,
    )


def _flipped(message: pb.FlippedDocument) -> FlippedDocument:
    source, document = _names.document_parts(message.document)
    return FlippedDocument(
        document_id=document,
        source=source,
        flip=FLIPS.decode(message.flip),
        text=message.text,
        true_labels=tuple(message.true_labels),
        base_labels=tuple(message.base_labels),
        candidate_labels=tuple(message.candidate_labels),
    )
