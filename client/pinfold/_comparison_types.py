"""What callers hold of two versions compared: frozen values, no protobuf."""

from dataclasses import dataclass
from enum import StrEnum

from pinfold._enums import ValidationMode


class Verdict(StrEnum):
    """Whether a version is better than another, by the F1 of all pairs of document and label."""

    BETTER = "better"
    WORSE = "worse"
    NO_SIGNIFICANT_DIFFERENCE = "no_significant_difference"


class Flip(StrEnum):
    """What became of the answer to a document: right now and wrong before, or the reverse."""

    FIXED = "fixed"
    BROKEN = "broken"


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
