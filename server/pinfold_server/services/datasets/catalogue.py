"""The use cases of sources, documents, datasets, labels and annotations, put together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.services.annotations.annotation_history import AnnotationHistoryService
from pinfold_server.services.annotations.annotations import AnnotationService
from pinfold_server.services.annotations.splits import SplitService
from pinfold_server.services.common.changes import Changes
from pinfold_server.services.datasets.datasets import DatasetService
from pinfold_server.services.datasets.exports import ExportService
from pinfold_server.services.datasets.imports import ImportService
from pinfold_server.services.documents.deletions import DeletionService
from pinfold_server.services.documents.documents import DocumentService
from pinfold_server.services.documents.sources import SourceService
from pinfold_server.services.documents.uploads import UploadService
from pinfold_server.services.labels.label_moves import LabelMoveService
from pinfold_server.services.labels.labels import LabelService
from pinfold_server.services.labels.taxonomy_copies import TaxonomyCopyService
from pinfold_server.services.sampling.stored_scores import StoredScores
from pinfold_server.store.env import Store


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that `pinfold.v1.DatasetService` answers."""

    sources: SourceService
    documents: DocumentService
    deletions: DeletionService
    uploads: UploadService
    datasets: DatasetService
    labels: LabelService
    label_moves: LabelMoveService
    taxonomy_copies: TaxonomyCopyService
    annotations: AnnotationService
    annotation_history: AnnotationHistoryService
    scores: StoredScores
    splits: SplitService
    exports: ExportService
    imports: ImportService

    @classmethod
    def build(cls, store: Store, changes: Changes, limits: DatasetLimits, *, pins_max: int, spool: Path) -> Self:
        """`spool`: folder for temporary files."""
        scores = StoredScores(store)
        return cls(
            SourceService(store, changes),
            DocumentService(store, scores),
            DeletionService(store, changes, limits, scores),
            UploadService(store, changes, limits),
            DatasetService(store, changes),
            LabelService(store, changes, limits),
            LabelMoveService(store, changes, limits),
            TaxonomyCopyService(changes, limits),
            AnnotationService(store, changes, limits),
            AnnotationHistoryService(store),
            scores,
            SplitService(store, changes),
            ExportService(store, spool),
            ImportService(store, changes, limits, pins_max=pins_max),
        )
