"""What goes into a training and what comes out of it."""

import enum
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.labels.sentiments import label_count
from pinfold_server.domain.predictions.keywords import LabelKeywords
from pinfold_server.domain.predictions.thresholds import RecommendedThresholds
from pinfold_server.domain.quality.metrics import Bools
from pinfold_server.domain.runs.configs import Algorithm, LabelMode
from pinfold_server.domain.runs.splits import ValidationMode
from pinfold_server.training.cache import Cache


class Phase(enum.StrEnum):
    """Steps of a training in order; PUBLISH belongs to the loop that called it."""

    FEATURES = "features"
    VALIDATE = "validate"
    FIT = "fit"
    EXPORT = "export"
    PARITY = "parity"
    PUBLISH = "publish"


Report = Callable[[Phase, float], None]
"""Called with the phase and the fraction of the whole training that is done, 0..1, never falling."""

ShouldStop = Callable[[], bool]
"""Polled several times a second; True ends the training with `TrainingCancelled`."""


def _leave(_file: bytes) -> None:
    """The file is kept by nobody but the caller."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a training may work with; nothing of it changes a bit of what comes of it.

    `threads` that fit labels. `cache` of what earlier trainings computed from the same texts. `stage`: called once with
    the model file as soon as it is there, in a thread of its own while the file is checked; what it raises ends the
    training.
    """

    threads: int = 1
    cache: Cache = field(default_factory=lambda: Cache(0))
    stage: Callable[[bytes], None] = _leave


class RefusalReason(enum.StrEnum):
    """Why data cannot be trained with; part of the public contract."""

    NO_ANNOTATIONS = "NO_ANNOTATIONS"
    ONE_CLASS = "ONE_CLASS"
    NO_FEATURES = "NO_FEATURES"
    NOT_SINGLE_LABEL = "NOT_SINGLE_LABEL"


class TrainingRefused(Exception):
    """The data cannot be trained with; the message says what is missing and what to do."""

    def __init__(self, reason: RefusalReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class TrainingCancelled(Exception):
    """`should_stop` said so."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainingSet:
    """Annotated documents in a fixed order; the model file is a function of this and the configuration.

    `source_ids`, `document_ids`, `texts` n each; `label_names` full paths in which every ancestor is a label of its
    own, perhaps followed by their sentiments (`domain/labels/sentiments.py`); `label_numbers`: what the dataset calls
    the labels for life, () where nothing does; `assigned` bool [n, columns], closed over ancestors; `known` bool [n,
    columns]: pairs that people decided, None when all are (reviewed documents); pairs not known are neither fitted nor
    measured; `weights` float64 [n] > 0: how much each document counts in the fit, None for 1 each; `parts` int8 [n]:
    the `Split` of each document, None where people chose none.
    """

    source_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    texts: tuple[str, ...]
    label_names: tuple[str, ...]
    assigned: Bools
    known: Bools | None = None
    weights: NDArray[np.float64] | None = None
    label_numbers: tuple[int, ...] = ()
    parts: NDArray[np.int8] | None = None

    def only(self, rows: NDArray[np.int64] | None) -> "TrainingSet":
        """Some of the documents, in their order; None for all."""
        if rows is None:
            return self
        return replace(
            self,
            source_ids=tuple(self.source_ids[row] for row in rows),
            document_ids=tuple(self.document_ids[row] for row in rows),
            texts=tuple(self.texts[row] for row in rows),
            assigned=self.assigned[rows],
            known=None if self.known is None else self.known[rows],
            weights=None if self.weights is None else self.weights[rows],
            parts=None if self.parts is None else self.parts[rows],
        )

    @property
    def label_count(self) -> int:
        """Columns that are labels; the others are sentiments, which are fitted and answered but not judged."""
        return label_count(self.label_names)

    def labels_only(self) -> "TrainingSet":
        """Without the sentiments."""
        count = self.label_count
        if count == len(self.label_names):
            return self
        known = None if self.known is None else self.known[:, :count]
        return replace(self, label_names=self.label_names[:count], assigned=self.assigned[:, :count], known=known)

    @property
    def positive(self) -> Bools:
        """Labels that documents are known to have, bool [n, labels]."""
        return self.assigned if self.known is None else self.assigned & self.known


@dataclass(frozen=True, slots=True)
class LabelReport:
    """How one label did on held-out documents.

    `train_count`, `test_count`: documents that have the label in the training and in the held-out part (under K_FOLD
    both count all documents). The rest is None where the held-out part says too little.
    """

    name: str
    train_count: int
    test_count: int
    average_precision: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    thresholds: RecommendedThresholds | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Quality over all labels on held-out documents, at the balanced thresholds (0.25 where a label has none).

    `accuracy`: share of held-out documents whose most probable leaf label is right; None unless every document has
    exactly one. `calibration_error`: expected calibration error over all pairs; `top_label_calibration_error`: over
    the most probable leaf label of each document, None as for `accuracy`.
    """

    micro_f1: float
    macro_f1: float
    mean_average_precision: float | None
    accuracy: float | None
    calibration_error: float
    top_label_calibration_error: float | None


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Probabilities that the validation models gave to documents they had not seen.

    `rows` int64 [h] indices into the training set; `probabilities` float32 [h, labels].
    """

    rows: NDArray[np.int64]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Parity:
    """Answers of the file in ONNX Runtime against the numpy implementation: bit-identical when the difference is 0."""

    texts: int
    largest_difference: float


@dataclass(frozen=True, slots=True, eq=False)
class Golden:
    """What the file answered to some texts when it was made; `probabilities` float32 [texts, labels]."""

    texts: tuple[str, ...]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An algorithm that was tried: its score on held-out documents, 0..1, and the seconds that took."""

    algorithm: Algorithm
    score: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Selection:
    """Why an algorithm was chosen: `measure` names the field of `Summary` that is the score."""

    measure: str
    candidates: tuple[Candidate, ...]
    algorithm: Algorithm


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel:
    """A model file with all that is known about it."""

    onnx: bytes
    sha256: str
    label_names: tuple[str, ...]
    labels: tuple[LabelReport, ...]
    summary: Summary
    validation_mode: ValidationMode
    train_size: int
    test_size: int
    feature_count: int
    held_out: HeldOut
    parity: Parity
    golden: Golden
    label_mode: LabelMode
    selection: Selection | None
    keywords: tuple[LabelKeywords, ...]
