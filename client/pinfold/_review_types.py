"""What callers hold of stored documents as a model sees them, and of a dataset's progress: frozen values."""

from dataclasses import dataclass

from pinfold._model_types import Prediction, RunInfo
from pinfold._types import Annotation, AutoTraining, Document, PredictionCoverage


@dataclass(frozen=True, slots=True)
class DocumentPrediction:
    """What a version says of a stored document; the prediction of one that could not be answered has an `error`."""

    document_id: str
    source: str
    prediction: Prediction


@dataclass(frozen=True, slots=True)
class Sample:
    """A document that is worth annotating.

    `score` is what ranked it: in modes with a label the probability of `label`; for `rebalance` how many times as
    frequent its group is among all documents as among the reviewed ones; for `clusters` its likeness to the middle of
    its group. `prediction` has the most probable labels, whatever their thresholds; None before the first training.
    """

    document: Document
    annotation: Annotation | None
    score: float
    label: str | None
    prediction: Prediction | None
    cluster: int | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Documents that use the same words, found without labels."""

    id: int
    document_count: int
    reviewed_count: int
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SamplePage:
    """Some samples. `version` ranked them (None: no version yet); `pool_size` documents could be chosen from.

    `next_token` is empty on the last page; a page can be short, or empty, and have a next one. `clusters` are told on
    the first page of the mode `clusters`, `coverage` in the mode `search` with a filter on predictions.
    """

    samples: tuple[Sample, ...]
    next_token: str
    version: int | None
    pool_size: int
    clusters: tuple[Cluster, ...]
    coverage: PredictionCoverage | None = None


@dataclass(frozen=True, slots=True)
class Scoring:
    """How far the documents are scored by `version` (None: only grouped, before the first training).

    Until it is complete, training modes rank by `ranking_version`.
    """

    version: int | None
    complete: bool
    scored_count: int
    document_count: int
    ranking_version: int | None

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return 1.0 if self.complete else self.scored_count / max(self.document_count, self.scored_count, 1)


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """What a dataset is doing. The newest version is `changes_behind` changes behind what people said."""

    revision: int
    latest_version: int | None
    trained_revision: int
    changes_behind: int
    document_count: int
    annotated_count: int
    reviewed_count: int
    label_count: int
    active_runs: tuple[RunInfo, ...]
    scoring: Scoring
    auto_training: AutoTraining
