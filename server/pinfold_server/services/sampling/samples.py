"""What is answered when somebody asks for documents to annotate."""

from dataclasses import dataclass

from pinfold_server.domain.predictions.predictions import Pick
from pinfold_server.services.annotations.annotations import AnnotationInfo
from pinfold_server.services.sampling.score_tables import TableScores
from pinfold_server.store.storage_pb2 import DocumentRecord


@dataclass(frozen=True, slots=True)
class Sampled:
    """A document with what ranked it; `source_id` and `document_id` name it."""

    source_id: str
    document_id: str
    document: DocumentRecord
    annotation: AnnotationInfo | None
    score: float
    label: str
    cluster: int | None


@dataclass(frozen=True, slots=True)
class Cluster:
    document_count: int
    reviewed_count: int
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SamplePage:
    """`version` ranked, `predicted_version` predicted (0: none does); `predictions` one a sample, by `label_names`.
    `scores`: what a filter on predictions read in SEARCH.
    """

    samples: list[Sampled]
    next_token: str
    version: int
    predicted_version: int
    pool_size: int
    clusters: tuple[Cluster, ...] = ()
    label_names: tuple[str, ...] = ()
    predictions: tuple[list[Pick], ...] = ()
    truncated: tuple[bool, ...] = ()
    sentiments: tuple[list[float], ...] = ()  # of the labels of each prediction, where the version predicts any
    scores: TableScores | None = None
