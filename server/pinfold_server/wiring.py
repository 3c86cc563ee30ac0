"""The use cases of one worker and the servicers over them, put together from what they stand on.

`app.py` is the composition root: it makes the ground, calls this, and gives everything its life and its end.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata

from google.protobuf.descriptor import ServiceDescriptor

from pinfold.v1 import (
    dataset_service_pb2,
    model_service_pb2,
    monitoring_service_pb2,
    prediction_service_pb2,
    stream_service_pb2,
)
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.rpc.datasets.dataset_service import DatasetServicer
from pinfold_server.rpc.models.experiment_calls import ExperimentUse
from pinfold_server.rpc.models.model_service import ModelServicer
from pinfold_server.rpc.models.quality_calls import QualityUse
from pinfold_server.rpc.models.release_calls import ReleaseUse
from pinfold_server.rpc.models.slice_calls import SliceUse
from pinfold_server.rpc.models.study_calls import StudyUse
from pinfold_server.rpc.monitoring_service import MonitoringServicer
from pinfold_server.rpc.poller import Poller
from pinfold_server.rpc.predictions.prediction_service import PredictionServicer
from pinfold_server.rpc.stream_service import StreamServicer
from pinfold_server.services.annotations.restores import RestoreService
from pinfold_server.services.common.changes import Changes, Clock
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.datasets.catalogue import Catalogue
from pinfold_server.services.datasets.statuses import StatusService
from pinfold_server.services.monitoring.monitoring_reports import MonitoringReports
from pinfold_server.services.monitoring.shadows import ShadowService
from pinfold_server.services.predictions.document_predictions import DocumentPredictionService
from pinfold_server.services.predictions.explanations import ExplanationService
from pinfold_server.services.predictions.predictions import PredictionService
from pinfold_server.services.predictions.served import ServedVersions
from pinfold_server.services.quality.comparisons import ComparisonService
from pinfold_server.services.quality.held_outs import HeldOutCache
from pinfold_server.services.quality.projections import ProjectionService
from pinfold_server.services.quality.ratings import RatingService
from pinfold_server.services.quality.slice_evaluation import SliceEvaluationService
from pinfold_server.services.quality.slices import SliceService
from pinfold_server.services.quality.threshold_search import ThresholdSearch
from pinfold_server.services.quality.validation_documents import ValidationDocuments
from pinfold_server.services.quality.validations import ValidationService
from pinfold_server.services.releases.gates import GateService
from pinfold_server.services.releases.releases import ReleaseService
from pinfold_server.services.releases.tags import TagService
from pinfold_server.services.runs.configurations import ConfigurationService
from pinfold_server.services.runs.experiments import ExperimentService
from pinfold_server.services.runs.run_deletions import RunDeletionService
from pinfold_server.services.runs.runs import RunService
from pinfold_server.services.sampling.sampling import SamplingService
from pinfold_server.services.streams.stream_batches import StreamBatches
from pinfold_server.services.streams.stream_consuming import ConsumerService
from pinfold_server.services.streams.stream_exceptions import StreamExceptionService
from pinfold_server.services.streams.streams import StreamService
from pinfold_server.services.versions.keywords import KeywordService
from pinfold_server.services.versions.versions import VersionService
from pinfold_server.settings import Settings
from pinfold_server.store.env import Store


@dataclass(frozen=True, slots=True)
class Ground:
    """What the use cases of a worker stand on. `explaining`: a thread for people who look at single texts."""

    settings: Settings
    clock: Clock
    store: Store
    changes: Changes
    served: ServedVersions
    held_outs: HeldOutCache
    slow: SlowWork
    explaining: ThreadPoolExecutor

    @property
    def dataset_limits(self) -> DatasetLimits:
        return DatasetLimits(self.settings.labels_max, self.settings.text_bytes_max)


@dataclass(frozen=True, slots=True)
class Servicers:
    """The servicers of all services, and what else of them lives as long as the worker."""

    datasets: DatasetServicer
    models: ModelServicer
    predictions: PredictionServicer
    monitoring: MonitoringServicer
    streams: StreamServicer
    consumers: ConsumerService

    def by_service(self) -> dict[ServiceDescriptor, object]:
        return {
            dataset_service_pb2.DESCRIPTOR.services_by_name["DatasetService"]: self.datasets,
            model_service_pb2.DESCRIPTOR.services_by_name["ModelService"]: self.models,
            prediction_service_pb2.DESCRIPTOR.services_by_name["PredictionService"]: self.predictions,
            monitoring_service_pb2.DESCRIPTOR.services_by_name["MonitoringService"]: self.monitoring,
            stream_service_pb2.DESCRIPTOR.services_by_name["StreamService"]: self.streams,
        }


def build_servicers(ground: Ground, predictions: PredictionService, poller: Poller) -> Servicers:
    """Everything that callers reach, over `predictions`, which the worker also watches."""
    store, changes, settings = ground.store, ground.changes, ground.settings
    catalogue = Catalogue.build(store, changes, ground.dataset_limits, pins_max=settings.pins_max, spool=settings.data)
    documents = DocumentPredictionService(store, predictions, catalogue.scores)
    explanations = ExplanationService(store, ground.served, ground.explaining, text_bytes_max=settings.text_bytes_max)
    batches = StreamBatches(store, predictions)
    consumers = ConsumerService(store, batches)
    return Servicers(
        datasets=DatasetServicer(
            catalogue, SamplingService(store, predictions, catalogue.scores), StatusService(store)
        ),
        models=_models(ground),
        predictions=PredictionServicer(predictions, documents, explanations, poller),
        monitoring=MonitoringServicer(
            MonitoringReports(store, ground.held_outs, ground.slow), ShadowService(store, changes), ground.clock
        ),
        streams=StreamServicer(
            StreamService(store, changes), batches, consumers, StreamExceptionService(store, changes)
        ),
        consumers=consumers,
    )


def _models(ground: Ground) -> ModelServicer:
    store, changes, settings = ground.store, ground.changes, ground.settings
    runs = RunService(store, changes, waiting_max=settings.waiting_runs_max)
    tags = TagService(store, changes)
    ratings = RatingService(store, ground.held_outs, ground.slow)
    comparisons = ComparisonService(store, ground.held_outs, ground.slow)
    gates = GateService(store, changes, comparisons, ratings, ground.slow)
    return ModelServicer(
        ConfigurationService(store, changes),
        runs,
        VersionService(store, changes, pins_max=settings.pins_max),
        tags,
        KeywordService(store),
        RestoreService(changes, ground.dataset_limits, pins_max=settings.pins_max),
        _quality(ground, ratings),
        _studies(ground, runs, comparisons),
        ReleaseUse(ReleaseService(tags, gates), gates),
    )


def _quality(ground: Ground, ratings: RatingService) -> QualityUse:
    store, held_outs, slow = ground.store, ground.held_outs, ground.slow
    return QualityUse(
        ValidationService(held_outs, slow),
        ThresholdSearch(held_outs, slow),
        ValidationDocuments(store, held_outs, slow),
        ratings,
    )


def _studies(ground: Ground, runs: RunService, comparisons: ComparisonService) -> StudyUse:
    store, changes, held_outs, slow = ground.store, ground.changes, ground.held_outs, ground.slow
    experiments = ExperimentService(store, changes, waiting_max=ground.settings.waiting_runs_max)
    return StudyUse(
        comparisons,
        ExperimentUse(runs, experiments, RunDeletionService(store, changes)),
        SliceUse(SliceService(store, changes), SliceEvaluationService(store, held_outs, slow)),
        ProjectionService(held_outs, slow, has_umap=_is_installed("umap-learn")),
    )


def _is_installed(distribution: str) -> bool:
    """Without importing it: that would take seconds."""
    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True
