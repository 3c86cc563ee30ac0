"""What callers hold of a version's validation: frozen values, no protobuf."""

from dataclasses import dataclass

from pinfold._model_types import LabelThresholds, Metrics
from pinfold._types import Document


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """Pairs of document and label by what is true and what is predicted; pairs that nobody decided are not counted."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and F1, each 0 to 1; 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class OverallQuality:
    """Several labels together: `micro` from the counts of all pairs, `macro` the mean of labels with an example."""

    label_count: int
    counts: OutcomeCounts
    micro: Quality
    macro: Quality


@dataclass(frozen=True, slots=True)
class PrecisionRecallCurve:
    """Precision and recall at each threshold: tuples of one length, thresholds descending, recalls not falling."""

    thresholds: tuple[float, ...]
    precisions: tuple[float, ...]
    recalls: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.thresholds)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reliability diagram over equal bins of 0 to 1: pairs, their mean probability and the share that is true.

    `expected_error` is the mean distance of the two, weighted by pairs, 0 (best) to 1.
    """

    expected_error: float
    counts: tuple[int, ...]
    mean_probabilities: tuple[float, ...]
    frequencies: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LabelValidation:
    """How good a version is at one label, at `threshold`.

    Figures of a label that is not `reliable` (fewer than 20 training documents; `missing_count` are to be annotated)
    are mostly chance. What the held-out documents cannot tell, and what is not kept of an old version, is None.
    """

    name: str
    train_count: int
    test_count: int
    reliable: bool
    missing_count: int
    threshold: float | None
    counts: OutcomeCounts | None
    quality: Quality | None
    average_precision: float | None
    curve: PrecisionRecallCurve | None
    calibration: Calibration | None
    thresholds: LabelThresholds


@dataclass(frozen=True, slots=True)
class LabelPair:
    """Two labels and a number of documents; in confusions `label` is true and `other` is predicted."""

    label: str
    other: str
    count: int


@dataclass(frozen=True, slots=True)
class Validation:
    """How good a version is on documents that it had not seen.

    `metrics` are those of the training; the rest is computed from the `document_count` held-out documents that are kept
    (`sampled`: not all that were tested). `detailed` is False for an old version of which only `metrics` and figures
    of the labels are left; then the rest is None or empty. `confusions`, most frequent first: in a single-label version
    what is taken for what, correct ones included; in a multi-label version what is predicted instead of what.
    """

    version: int
    metrics: Metrics
    detailed: bool
    document_count: int
    sampled: bool
    reliable_from: int
    unreliable_count: int
    all_labels: OverallQuality | None
    leaf_labels: OverallQuality | None
    mean_average_precision: float | None
    reliable_mean_average_precision: float | None
    curve: PrecisionRecallCurve | None
    calibration: Calibration | None
    labels: tuple[LabelValidation, ...]
    confusions: tuple[LabelPair, ...]
    cooccurrences: tuple[LabelPair, ...]
    split_digest: str | None

    def __getitem__(self, label: str) -> LabelValidation:
        """One label. Raises KeyError for one that was not answered."""
        for one in self.labels:
            if one.name == label:
                return one
        raise KeyError(label)


@dataclass(frozen=True, slots=True)
class FoundThreshold:
    """Where a label reaches a wanted precision or recall; `threshold` and `quality` are None where it never does."""

    name: str
    threshold: float | None
    quality: Quality | None
    predicted_count: int
    reliable: bool


@dataclass(frozen=True, slots=True)
class ValidationDocument:
    """A document that a version was tested on; `document` is None when it was deleted since.

    `probability` of the label that was asked about, by a model that had not seen the document; `true_labels` are those
    of the training, `predicted_labels` those at the balanced thresholds.
    """

    source: str
    document_id: str
    document: Document | None
    probability: float
    true_labels: tuple[str, ...]
    predicted_labels: tuple[str, ...]
