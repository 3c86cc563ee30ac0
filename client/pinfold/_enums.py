"""Choices and states as strings, and their values on the wire."""

from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from pinfold.v1 import annotation_pb2, prediction_pb2, run_pb2, tag_pb2, version_pb2


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


class ThresholdPolicy(StrEnum):
    """A family of thresholds that the server recommends for each label of a version, from held-out documents."""

    HIGH_PRECISION = "high_precision"
    BALANCED = "balanced"
    HIGH_RECALL = "high_recall"


class Algorithm(StrEnum):
    """The learning algorithm."""

    LINEAR_SVM = "linear_svm"
    LOGISTIC_REGRESSION = "logistic_regression"


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


class TagEventKind(StrEnum):
    """What changed a tag."""

    SET = "set"
    PROMOTE = "promote"
    ROLLBACK = "rollback"
    CLEAR = "clear"


class _WireEnum(Protocol):
    def items(self) -> list[tuple[str, int]]: ...


E = TypeVar("E", bound=StrEnum)


class Wire(Generic[E]):
    """Translates between a StrEnum and the protobuf enum whose value names are its own behind a prefix."""

    def __init__(self, choices: type[E], wire: _WireEnum, prefix: str) -> None:
        numbers = dict(wire.items())
        self._choices = choices
        self._prefix = prefix
        self._from_wire = {numbers[f"{prefix}_{choice.name}"]: choice for choice in choices}

    def decode(self, number: int) -> E | None:
        """None for the unspecified value, and for one of a newer server that this release does not know."""
        return self._from_wire.get(number)

    def encode(self, value: E | str, place: str) -> str:
        """The wire name of a member or of its string. Raises ValueError naming `place` and the choices."""
        try:
            return f"{self._prefix}_{self._choices(value).name}"
        except ValueError:
            known = ", ".join(repr(choice.value) for choice in self._choices)
            raise ValueError(f"{place} must be one of {known}, got {value!r}") from None


RETRIEVAL_MODES = Wire(RetrievalMode, annotation_pb2.RetrievalMode, "RETRIEVAL_MODE")
THRESHOLD_POLICIES = Wire(ThresholdPolicy, prediction_pb2.ThresholdPolicy, "THRESHOLD_POLICY")
ALGORITHMS = Wire(Algorithm, run_pb2.Algorithm, "ALGORITHM")
RUN_STATES = Wire(RunState, run_pb2.Run.State, "STATE")
RUN_PHASES = Wire(RunPhase, run_pb2.Run.Phase, "PHASE")
VALIDATION_MODES = Wire(ValidationMode, version_pb2.ValidationMode, "VALIDATION_MODE")
TAG_EVENT_KINDS = Wire(TagEventKind, tag_pb2.TagEvent.Kind, "KIND")
