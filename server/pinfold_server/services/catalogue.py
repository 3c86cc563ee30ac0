"""The use cases of sources, documents, datasets, labels and annotations, put together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.services.annotation_history import AnnotationHistoryService
from pinfold_server.services.annotations import AnnotationService
from pinfold_server.services.changes import Changes
from pinfold_server.services.datasets import DatasetService
from pinfold_server.services.deletions import DeletionService
from pinfold_server.services.documents import DocumentService
from pinfold_server.services.exports import ExportService
from pinfold_server.services.imports import ImportService
from pinfold_server.services.label_moves import LabelMoveService
from pinfold_server.services.labels import LabelService
from pinfold_server.services.sources import SourceService
from pinfold_server.services.splits import SplitService
from pinfold_server.services.stored_scores import StoredScores
from pinfold_server.services.taxonomy_copies import TaxonomyCopyService
from pinfold_server.services.uploads import UploadService
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
