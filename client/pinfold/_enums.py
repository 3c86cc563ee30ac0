"""Choices and states as strings, and their values on the wire."""

from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from pinfold.v1 import (
    annotation_history_pb2,
    annotation_pb2,
    document_changes_pb2,
    explanation_pb2,
    monitoring_pb2,
    prediction_pb2,
    run_pb2,
    tag_pb2,
    taxonomy_pb2,
    version_pb2,
)


class RetrievalMode(StrEnum):
    """How an annotated document was found."""

    UPLOAD = "upload"
    RECENT = "recent"
    SHUFFLE = "shuffle"
    LABEL = "label"
    TEACH = "teach"
    LOW_CONFIDENCE = "low_confidence"
    CHECK = "check"
    MISSED = "missed"
    REBALANCE = "rebalance"
    SEARCH = "search"
    CLUSTERS = "clusters"


class AnnotationCause(StrEnum):
    """Why an annotation changed; `earlier` stands for what was there before changes were recorded."""

    ANNOTATED = "annotated"
    UPLOADED = "uploaded"
    DOCUMENT_DELETED = "document_deleted"
    LABELS_CHANGED = "labels_changed"
    RESTORED = "restored"
    EARLIER = "earlier"


class LabelEventKind(StrEnum):
    """What happened to a label."""

    CREATED = "created"
    RENAMED = "renamed"
    MERGED = "merged"
    DELETED = "deleted"


class Sentiment(StrEnum):
    """In which sense a label applies, in a dataset made with `label_sentiment=True`; `+` and `-` are read too."""

    POSITIVE = "positive"
    NEGATIVE = "negative"

    @classmethod
    def _missing_(cls, value: object) -> "Sentiment | None":
        return {"+": cls.POSITIVE, "-": cls.NEGATIVE}.get(str(value))


class UploadMode(StrEnum):
    """What an upload does with ids that are stored: replace, or never change (another document under the id fails)."""

    UPSERT = "upsert"
    ADD = "add"


class DuplicateTexts(StrEnum):
    """What an upload does with a text that its source has under another id.

    `store` it as a document of its own; else it is not stored, and `keep_first` leaves the first as it is, `keep_last`
    gives the first the timestamp, metadata and labels of the later one, `merge` adds the labels to those of the first.
    """

    STORE = "store"
    KEEP_FIRST = "keep_first"
    KEEP_LAST = "keep_last"
    MERGE = "merge"


class AnnotatedDocuments(StrEnum):
    """What a deletion does with annotated documents: fail without deleting, leave them, or delete them."""

    REFUSE = "refuse"
    KEEP = "keep"
    DELETE = "delete"


class ThresholdPolicy(StrEnum):
    """A family of thresholds that the server recommends for each label of a version, from held-out documents."""

    HIGH_PRECISION = "high_precision"
    BALANCED = "balanced"
    HIGH_RECALL = "high_recall"


class Algorithm(StrEnum):
    """The learning algorithm."""

    LINEAR_SVM = "linear_svm"
    LOGISTIC_REGRESSION = "logistic_regression"
    COMPLEMENT_NAIVE_BAYES = "complement_naive_bayes"
    MULTINOMIAL_NAIVE_BAYES = "multinomial_naive_bayes"
    AUTO = "auto"


class CharScope(StrEnum):
    """Whether character n-grams end with their word, or lie across words (slower)."""

    WITHIN_WORDS = "within_words"
    ACROSS_WORDS = "across_words"


class FeatureSelection(StrEnum):
    """Which n-grams are kept: those in the most documents, or those that tell labels apart."""

    FREQUENCY = "frequency"
    CHI_SQUARE = "chi_square"


class StopWordList(StrEnum):
    """A built-in list of words that are not read."""

    NONE = "none"
    ENGLISH = "english"


class ClassWeight(StrEnum):
    """Whether the documents with a label count as much together as all those without it."""

    NONE = "none"
    BALANCED = "balanced"


class LabelMode(StrEnum):
    """Whether the probabilities of the leaf labels add up to 1 (single label) or stand each for itself.

    AUTO, in a configuration: single label when every reviewed document has exactly one leaf label.
    """

    AUTO = "auto"
    MULTI_LABEL = "multi_label"
    SINGLE_LABEL = "single_label"


class RunState(StrEnum):
    """State of a training."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RunPhase(StrEnum):
    """What a running training does."""

    SNAPSHOT = "snapshot"
    FEATURES = "features"
    VALIDATE = "validate"
    FIT = "fit"
    EXPORT = "export"
    PARITY = "parity"
    PUBLISH = "publish"


class ValidationMode(StrEnum):
    """How a version was measured. Never compare figures across modes."""

    HOLDOUT = "holdout"
    K_FOLD = "k_fold"


class FeatureKind(StrEnum):
    """What a feature of a model is made of."""

    WORD = "word"
    WORD_NGRAM = "word_ngram"
    CHAR_NGRAM = "char_ngram"


class TagEventKind(StrEnum):
    """What changed a tag."""

    SET = "set"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    CLEAR = "clear"
    SHADOW = "shadow"
    SHADOW_END = "shadow_end"
    GATE = "gate"
    GATE_END = "gate_end"


class MonitoringResolution(StrEnum):
    """How long the windows are in which answers are counted."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class DriftLevel(StrEnum):
    """How far answers are from the validation's: a stability index below 0.1, below 0.25, or more."""

    NONE = "none"
    MODERATE = "moderate"
    LARGE = "large"


class _WireEnum(Protocol):
    def items(self) -> list[tuple[str, int]]: ...


E = TypeVar("E", bound=StrEnum)


class Wire(Generic[E]):
    """Translates between a StrEnum and the protobuf enum whose value names are its own behind a prefix."""

    def __init__(self, choices: type[E], wire: _WireEnum, prefix: str) -> None:
        self._numbers = numbers = dict(wire.items())
        self._choices = choices
        self._prefix = prefix
        self._from_wire = {numbers[f"{prefix}_{choice.name}"]: choice for choice in choices}

    def decode(self, number: int) -> E | None:
        """None for the unspecified value, and for one of a newer server that this release does not know."""
        return self._from_wire.get(number)

    def number(self, value: E | str, place: str) -> int:
        """Like `encode`, the number instead of the name."""
        return self._numbers[self.encode(value, place)]

    def encode(self, value: E | str, place: str) -> str:
        """The wire name of a member or of its string. Raises ValueError naming `place` and the choices."""
        try:
            return f"{self._prefix}_{self._choices(value).name}"
        except ValueError:
            known = ", ".join(repr(choice.value) for choice in self._choices)
            raise ValueError(f"{place} must be one of {known}, got {value!r}") from None


ANNOTATION_CAUSES = Wire(AnnotationCause, annotation_history_pb2.AnnotationCause, "ANNOTATION_CAUSE")
SENTIMENTS = Wire(Sentiment, annotation_pb2.Sentiment, "SENTIMENT")
RETRIEVAL_MODES = Wire(RetrievalMode, annotation_pb2.RetrievalMode, "RETRIEVAL_MODE")
THRESHOLD_POLICIES = Wire(ThresholdPolicy, prediction_pb2.ThresholdPolicy, "THRESHOLD_POLICY")
ALGORITHMS = Wire(Algorithm, run_pb2.Algorithm, "ALGORITHM")
CHAR_SCOPES = Wire(CharScope, run_pb2.CharScope, "CHAR_SCOPE")
FEATURE_SELECTIONS = Wire(FeatureSelection, run_pb2.FeatureSelection, "FEATURE_SELECTION")
STOP_WORD_LISTS = Wire(StopWordList, run_pb2.StopWordList, "STOP_WORD_LIST")
CLASS_WEIGHTS = Wire(ClassWeight, run_pb2.ClassWeight, "CLASS_WEIGHT")
LABEL_MODES = Wire(LabelMode, version_pb2.LabelMode, "LABEL_MODE")
RUN_STATES = Wire(RunState, run_pb2.Run.State, "STATE")
RUN_PHASES = Wire(RunPhase, run_pb2.Run.Phase, "PHASE")
VALIDATION_MODES = Wire(ValidationMode, version_pb2.ValidationMode, "VALIDATION_MODE")
TAG_EVENT_KINDS = Wire(TagEventKind, tag_pb2.TagEvent.Kind, "KIND")
MONITORING_RESOLUTIONS = Wire(MonitoringResolution, monitoring_pb2.MonitoringResolution, "MONITORING_RESOLUTION")
DRIFT_LEVELS = Wire(DriftLevel, monitoring_pb2.DriftLevel, "DRIFT_LEVEL")
LABEL_EVENT_KINDS = Wire(LabelEventKind, taxonomy_pb2.LabelEventKind, "LABEL_EVENT_KIND")
FEATURE_KINDS = Wire(FeatureKind, explanation_pb2.FeatureKind, "FEATURE_KIND")
UPLOAD_MODES = Wire(UploadMode, document_changes_pb2.UploadMode, "UPLOAD_MODE")
DUPLICATE_TEXTS = Wire(DuplicateTexts, document_changes_pb2.DuplicateTexts, "DUPLICATE_TEXTS")
ANNOTATED_DOCUMENTS = Wire(AnnotatedDocuments, document_changes_pb2.AnnotatedDocuments, "ANNOTATED_DOCUMENTS")
