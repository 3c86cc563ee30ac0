"""Two versions compared: the calls, and what callers hold of the answers (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from pinfold import _methods, _names
from pinfold._arguments import Numbered, version_or_tag
from pinfold._calls import Call, Listing, call, listing
from pinfold._enums import THRESHOLD_POLICIES, VALIDATION_MODES, ThresholdPolicy, ValidationMode, Wire
from pinfold.v1 import comparison_pb2 as pb


class Verdict(StrEnum):
    """Whether a version is better than another, by the F1 of all pairs of document and label."""

    BETTER = "better"
    WORSE = "worse"
    NO_SIGNIFICANT_DIFFERENCE = "no_significant_difference"


class Flip(StrEnum):
    """What became of the answer to a document: right now and wrong before, or the reverse."""

    FIXED = "fixed"
    BROKEN = "broken"


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
class FigureDelta:
    """A figure of both versions, 0 to 1; `low` and `high` end the interval of `difference`, None where none is drawn.

    `significant`: the interval does not hold 0.
    """

    base: float
    candidate: float
    difference: float
    low: float | None
    high: float | None
    significant: bool


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What a threshold gives on the documents compared."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class ThresholdCarryOver:
    """What becomes of a label's threshold when the candidate takes over.

    `now` is the base at its threshold, the others the candidate: at the same threshold, at the highest with at least
    the recall of `now`, at the lowest with at least its precision; None where there is none.
    """

    now: OperatingPoint
    same_threshold: OperatingPoint
    same_recall: OperatingPoint | None
    same_precision: OperatingPoint | None


@dataclass(frozen=True, slots=True)
class LabelComparison:
    """One label of both versions; `base_label` is its name in the base.

    `fixed` and `broken` count documents whose answer to this label changed, `p_value` is McNemar's test of them.
    `significant`: the change of F1 is more than chance, although so many labels were asked.
    """

    label: str
    base_label: str
    positives: int
    base_threshold: float
    candidate_threshold: float
    precision: FigureDelta
    recall: FigureDelta
    f1: FigureDelta
    average_precision: FigureDelta | None
    fixed: int
    broken: int
    p_value: float
    significant: bool
    carry_over: ThresholdCarryOver


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """Two versions on the `documents` that both held out; the truth is what people had said for the candidate.

    `verdict` goes by `micro_f1`, None for one that this release of the client does not know. `comparable` is False
    when the figures must not be taken for those of the versions; `caution` says why, and what else to keep in mind.
    `base_only` and `candidate_only` count held-out documents of one of them, `changed_truth` documents of which people
    said something else before. `exact_match`: share of documents with exactly the true labels; `fixed`, `broken` and
    `p_value` are of those.
    """

    base: int
    candidate: int
    verdict: Verdict | None
    summary: str
    comparable: bool
    caution: str
    base_mode: ValidationMode | None
    candidate_mode: ValidationMode | None
    documents: int
    base_only: int
    candidate_only: int
    changed_truth: int
    trials: int
    confidence: float
    precision: FigureDelta
    recall: FigureDelta
    micro_f1: FigureDelta
    macro_f1: FigureDelta
    mean_average_precision: FigureDelta | None
    exact_match: FigureDelta
    fixed: int
    broken: int
    p_value: float
    labels: tuple[LabelComparison, ...]
    added_labels: tuple[str, ...]
    removed_labels: tuple[str, ...]

    def __getitem__(self, label: str) -> LabelComparison:
        """One label by the candidate's name. Raises KeyError for a label that was not compared."""
        for compared in self.labels:
            if compared.label == label:
                return compared
        raise KeyError(label)


@dataclass(frozen=True, slots=True)
class FlippedDocument:
    """A document that one version answers rightly and the other does not; `text`: how it begins now."""

    document_id: str
    source: str
    flip: Flip | None
    text: str
    true_labels: tuple[str, ...]
    base_labels: tuple[str, ...]
    candidate_labels: tuple[str, ...]


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
