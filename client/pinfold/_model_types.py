"""What callers hold of runs, versions, tags and predictions: frozen values, no protobuf."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pinfold._enums import (
    Algorithm,
    CharScope,
    ClassWeight,
    FeatureSelection,
    LabelMode,
    RunPhase,
    RunState,
    StopWordList,
    TagEventKind,
    ThresholdPolicy,
    ValidationMode,
)
from pinfold._gate_types import GateReport
from pinfold._types import ItemFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """Options of a training; None takes the server's default. A run tells its configuration with all of them filled in.

    Word n-grams have `word_ngram_min` to `word_ngram_max` words (1 to 3; default 1 to 2), character n-grams
    `char_ngram_min` to `char_ngram_max` characters (2 to 6; default 3 to 5); 0 and 0 use none. `char_scope` says
    whether the latter end with their word. `max_features` (100 to 1,000,000; default 200,000) are kept, which ones says
    `feature_selection`, of those that are in `min_df` documents (1 to 1,000; default 2). A larger `regularization`
    (0.001 to 1,000; default 0.7) fits the documents more closely. `seed` is that of whatever is drawn at random.
    The words of `stop_word_list` and of `stop_words` are not read. `fold_urls` and `fold_numbers` read every web
    address and every run of digits as the same word. `class_weight` helps rare labels. `label_mode` says whether the
    probabilities of leaf labels add up to 1. After `auto_seconds` (1 to 3,600; default 60) the algorithm `auto` tries
    no further one.
    """

    algorithm: Algorithm | str | None = None
    word_ngram_min: int | None = None
    word_ngram_max: int | None = None
    char_ngram_min: int | None = None
    char_ngram_max: int | None = None
    max_features: int | None = None
    min_df: int | None = None
    regularization: float | None = None
    seed: int | None = None
    char_scope: CharScope | str | None = None
    feature_selection: FeatureSelection | str | None = None
    stop_word_list: StopWordList | str | None = None
    stop_words: tuple[str, ...] = ()
    fold_urls: bool | None = None
    fold_numbers: bool | None = None
    class_weight: ClassWeight | str | None = None
    label_mode: LabelMode | str | None = None
    auto_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class RunConfiguration:
    """Options of a training under a name, for all datasets; `config` has all of them filled in."""

    id: str
    description: str
    config: RunConfig
    create_time: datetime


@dataclass(frozen=True, slots=True)
class Metrics:
    """Quality on held-out documents, 0 to 1; F1s at the balanced thresholds of the version.

    `accuracy` (the most probable leaf label is the right one) and `top_label_calibration_error` (of that label) are
    None where documents have several labels.
    """

    validation_mode: ValidationMode | None
    train_size: int
    test_size: int
    mean_average_precision: float
    micro_f1: float
    macro_f1: float
    accuracy: float | None
    calibration_error: float
    top_label_calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class SelectionCandidate:
    """An algorithm that `auto` tried, its score on held-out documents and the seconds that took."""

    algorithm: Algorithm | None
    score: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Selection:
    """Why `auto` chose `algorithm`: the best score of `measure`, a field of `Metrics`."""

    measure: str
    candidates: tuple[SelectionCandidate, ...]
    algorithm: Algorithm | None


@dataclass(frozen=True, slots=True)
class RunError:
    """Why a run failed."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A training as the server last told it.

    `state` is None only for a state that this release of the client does not know. `version` and
    `metrics` are set when it succeeded, `error` when it failed. `run_configuration` is the id of the one named;
    `automatic`: the dataset queued the run by itself. `experiment` is the id of the one that it belongs to.
    """

    number: int
    state: RunState | None
    phase: RunPhase | None
    fraction: float
    seconds_left: float | None
    config: RunConfig
    revision: int
    version: int | None
    metrics: Metrics | None
    error: RunError | None
    cancel_requested: bool
    attempt: int
    create_time: datetime
    start_time: datetime | None
    end_time: datetime | None
    run_configuration: str | None
    selection: Selection | None = None
    automatic: bool = False
    experiment: str | None = None
    title: str = ""
    notes: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    starred: bool = False

    @property
    def done(self) -> bool:
        """The run has ended, whether it succeeded or not."""
        return self.state in (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


@dataclass(frozen=True, slots=True)
class LabelThresholds:
    """Recommended cuts of one label, 0 to 1; None where too few held-out documents had it."""

    balanced: float | None
    high_precision: float | None
    high_recall: float | None

    def of(self, policy: ThresholdPolicy | str) -> float | None:
        """The cut of a policy."""
        return {
            ThresholdPolicy.BALANCED: self.balanced,
            ThresholdPolicy.HIGH_PRECISION: self.high_precision,
            ThresholdPolicy.HIGH_RECALL: self.high_recall,
        }[ThresholdPolicy(policy)]


@dataclass(frozen=True, slots=True)
class VersionLabel:
    """One label of a version with its quality on held-out documents; None without a held-out example."""

    name: str
    train_count: int
    test_count: int
    average_precision: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    thresholds: LabelThresholds


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The self-contained ONNX file of a version; `size` in bytes."""

    sha256: str
    size: int
    feature_count: int


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A model version as the server last told it.

    `labels` is None where the server left them out (lists of versions do). `available` turns False when the
    file of an unpinned version was dropped. `pin_note` says why it is pinned where nobody asked for it.
    """

    number: int
    run: int
    pinned: bool
    pin_time: datetime | None
    available: bool
    tags: tuple[str, ...]
    revision: int
    metrics: Metrics
    file: ModelFile
    labels: tuple[VersionLabel, ...] | None
    label_count: int
    create_time: datetime
    train_seconds: float
    label_mode: LabelMode | None = None
    pin_note: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A name that points to a pinned version; `previous_version` is where a rollback would lead, None for nowhere."""

    name: str
    version: int
    previous_version: int | None
    update_time: datetime
    actor: str
    etag: str


@dataclass(frozen=True, slots=True)
class TagEvent:
    """One change of a tag; a version is None where the tag was not set.

    `gate`: how the version stood before the gate of the tag, None where there was none; `forced`: it was moved although
    conditions were not met, for `reason`.
    """

    tag: str
    kind: TagEventKind | None
    from_version: int | None
    to_version: int | None
    time: datetime
    actor: str
    gate: GateReport | None = None
    forced: bool = False
    reason: str = ""


class LabelScore(NamedTuple):
    """A label and its probability, 0 to 1, exactly as the model gave it (float32)."""

    # A named tuple because answers hold tens of thousands of these, and it is made three times as fast as a dataclass.
    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one text: labels by falling probability, and the version that gave them.

    `tag` is the one that was asked for, None when a number was. `truncated` says that the text was longer than
    a model reads. `error` is set instead of labels when this text could not be answered. `sentiments` by label, -1
    (bad) to 1 (good), of versions of a dataset with label sentiment; empty of others.
    """

    labels: tuple[LabelScore, ...]
    version: int
    tag: str | None
    truncated: bool = False
    error: ItemFailure | None = None
    sentiments: Mapping[str, float] = field(default_factory=dict, hash=False)

    @property
    def scores(self) -> Mapping[str, float]:
        """Probability by label name."""
        return dict(self.labels)
