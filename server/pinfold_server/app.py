"""The composition root of a worker: builds everything from the settings, once, by constructor arguments."""

import asyncio
import contextlib
import logging
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from typing import TYPE_CHECKING

from pinfold.v1 import (
    dataset_service_pb2,
    model_service_pb2,
    monitoring_service_pb2,
    prediction_service_pb2,
    stream_service_pb2,
)
from pinfold_server import resources
from pinfold_server.domain.limits import DatasetLimits
from pinfold_server.interpreter import keep_what_is_loaded, tune_for_serving
from pinfold_server.metrics import Registry
from pinfold_server.processes import Lifeline
from pinfold_server.rpc.dataset_service import DatasetServicer
from pinfold_server.rpc.experiment_calls import ExperimentUse
from pinfold_server.rpc.model_service import ModelServicer
from pinfold_server.rpc.monitoring_service import MonitoringServicer
from pinfold_server.rpc.prediction_service import PredictionServicer
from pinfold_server.rpc.quality_calls import QualityUse
from pinfold_server.rpc.release_calls import ReleaseUse
from pinfold_server.rpc.server import Connections, RpcServer
from pinfold_server.rpc.slice_calls import SliceUse
from pinfold_server.rpc.stream_service import StreamServicer
from pinfold_server.rpc.study_calls import StudyUse
from pinfold_server.services.acceleration import Acceleration
from pinfold_server.services.catalogue import Catalogue
from pinfold_server.services.changes import Changes
from pinfold_server.services.comparisons import ComparisonService
from pinfold_server.services.configurations import ConfigurationService
from pinfold_server.services.document_predictions import DocumentPredictionService
from pinfold_server.services.experiments import ExperimentService
from pinfold_server.services.explanations import ExplanationService
from pinfold_server.services.gates import GateService
from pinfold_server.services.held_outs import HeldOutCache
from pinfold_server.services.keywords import KeywordService
from pinfold_server.services.monitoring import Monitor
from pinfold_server.services.monitoring_reports import MonitoringReports
from pinfold_server.services.predictions import PredictionService, PredictLimits
from pinfold_server.services.preload import Preloader
from pinfold_server.services.projections import ProjectionService
from pinfold_server.services.ratings import RatingService
from pinfold_server.services.releases import ReleaseService
from pinfold_server.services.restores import RestoreService
from pinfold_server.services.run_deletions import RunDeletionService
from pinfold_server.services.runs import RunService
from pinfold_server.services.sampling import SamplingService
from pinfold_server.services.served import ServedVersions
from pinfold_server.services.shadowing import Shadowing
from pinfold_server.services.shadows import ShadowService
from pinfold_server.services.slice_evaluation import SliceEvaluationService
from pinfold_server.services.slices import SliceService
from pinfold_server.services.slow_work import SlowWork
from pinfold_server.services.statuses import StatusService
from pinfold_server.services.stream_batches import StreamBatches
from pinfold_server.services.stream_consuming import ConsumerService
from pinfold_server.services.stream_exceptions import StreamExceptionService
from pinfold_server.services.streams import StreamService
from pinfold_server.services.tags import TagService
from pinfold_server.services.threshold_search import ThresholdSearch
from pinfold_server.services.traffic import Traffic
from pinfold_server.services.validation_documents import ValidationDocuments
from pinfold_server.services.validations import ValidationService
from pinfold_server.services.versions import VersionService
from pinfold_server.settings import Settings
from pinfold_server.store.env import Store
from pinfold_server.store.figures import of_store
from pinfold_server.store.writer import GroupWriter

if TYPE_CHECKING:
    from pinfold_server.rpc.tracing import Tracing

log = logging.getLogger(__name__)

SCORING_THREADS = 2


def now_us() -> int:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1_000


class App:
    """One worker: the store, the services over it, and the gRPC server in front of them."""

    def __init__(self, settings: Settings, *, share_port: bool) -> None:
        self._settings = settings
        self._stopping = asyncio.Event()
        self.registry = Registry()
        self._store = Store.open(settings.data, map_bytes=settings.map_bytes)
        self._writer = GroupWriter(self._store)
        self._executor = ThreadPoolExecutor(SCORING_THREADS, thread_name_prefix="scoring")
        self._explaining = ThreadPoolExecutor(1, thread_name_prefix="explaining")
        self._judging = ThreadPoolExecutor(1, thread_name_prefix="judging")
        self._held_outs, self._slow = HeldOutCache(self._store), SlowWork(self._judging)
        changes = Changes(self._writer, now_us)
        memory_bytes = settings.model_memory_mib << 20
        served = ServedVersions(self._store, self._executor, memory_bytes_max=memory_bytes)
        self._preloader = Preloader(self._store, served)
        self._background: list[asyncio.Task[None]] = []
        self._tracing = _tracing(settings)
        self._traffic = Traffic(
            Monitor(changes, settings.monitoring_share), Shadowing(served, changes), settings.monitoring_seconds
        )
        predictions = self._predictions(served)
        batches = StreamBatches(self._store, predictions)
        self._consumers = ConsumerService(self._store, batches)
        catalogue = self._catalogue(changes)
        documents = DocumentPredictionService(self._store, predictions, catalogue.scores)
        sampling = SamplingService(self._store, predictions, catalogue.scores)
        datasets = DatasetServicer(catalogue, sampling, StatusService(self._store))
        predicting = PredictionServicer(predictions, documents, self._explanations(served))
        self._acceleration = Acceleration(served, predicting.accelerate)
        self._server = RpcServer(
            {
                dataset_service_pb2.DESCRIPTOR.services_by_name["DatasetService"]: datasets,
                model_service_pb2.DESCRIPTOR.services_by_name["ModelService"]: self._models(changes),
                prediction_service_pb2.DESCRIPTOR.services_by_name["PredictionService"]: predicting,
                monitoring_service_pb2.DESCRIPTOR.services_by_name["MonitoringService"]: self._monitoring(changes),
                stream_service_pb2.DESCRIPTOR.services_by_name["StreamService"]: StreamServicer(
                    StreamService(self._store, changes),
                    batches,
                    self._consumers,
                    StreamExceptionService(self._store, changes),
                ),
            },
            connections=Connections(
                settings.message_mib_max << 20,
                settings.connection_age_seconds,
                share_port,
                channelz=settings.channelz == "on",
            ),
            on_broken=self._stopping.set,
            registry=self.registry,
            wrapper=None if self._tracing is None else self._tracing.traced,
        )
        for source in (
            predictions.meter.families,
            served.families,
            self._traffic.families,
            of_store(self._store),
            resources.families,
        ):
            self.registry.add(source)

    async def start(self, port: int) -> int:
        """Listens, loads what tags point to, then says SERVING; the port."""
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        port = await self._server.start(f"{host}:{port}")
        await self._preloader.load_now()
        self._background.append(asyncio.create_task(self._preloader.follow()))
        self._background.append(asyncio.create_task(self._traffic.follow()))
        if self._settings.engine == "compiled":
            await self._acceleration.run()
        tune_for_serving()
        await self._server.serving()
        if self._settings.engine == "auto":
            self._background.append(asyncio.create_task(self._accelerate()))
        return port

    async def _accelerate(self) -> None:
        await self._acceleration.run()
        keep_what_is_loaded()

    async def run_until_stopped(self) -> None:
        """Returns when `stop` was asked for."""
        await self._stopping.wait()

    def stop_soon(self) -> None:
        self._stopping.set()

    async def stop(self) -> None:
        """Drains: no new calls, running ones end, answered changes are on disk; then the store is closed."""
        self._consumers.close()
        await self._server.drain(self._settings.drain_seconds)
        for task in self._background:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._explaining.shutdown(wait=True, cancel_futures=True)
        self._judging.shutdown(wait=True, cancel_futures=True)
        self._writer.close()
        self._store.close()
        if self._tracing is not None:
            await asyncio.to_thread(self._tracing.close)

    def _catalogue(self, changes: Changes) -> Catalogue:
        limits = DatasetLimits(self._settings.labels_max, self._settings.text_bytes_max)
        settings = self._settings
        return Catalogue.build(self._store, changes, limits, pins_max=settings.pins_max, spool=settings.data)

    def _models(self, changes: Changes) -> ModelServicer:
        runs = RunService(self._store, changes, waiting_max=self._settings.waiting_runs_max)
        tags = TagService(self._store, changes)
        comparisons = ComparisonService(self._store, self._held_outs, self._slow)
        return ModelServicer(
            ConfigurationService(self._store, changes),
            runs,
            VersionService(self._store, changes, pins_max=self._settings.pins_max),
            tags,
            KeywordService(self._store),
            self._restores(changes),
            self._quality(),
            self._studies(changes, runs, comparisons),
            self._releases(changes, tags, comparisons),
        )

    def _restores(self, changes: Changes) -> RestoreService:
        limits = DatasetLimits(self._settings.labels_max, self._settings.text_bytes_max)
        return RestoreService(changes, limits, pins_max=self._settings.pins_max)

    def _studies(self, changes: Changes, runs: RunService, comparisons: ComparisonService) -> StudyUse:
        store, held_outs, slow = self._store, self._held_outs, self._slow
        experiments = ExperimentService(store, changes, waiting_max=self._settings.waiting_runs_max)
        return StudyUse(
            comparisons,
            ExperimentUse(runs, experiments, RunDeletionService(store, changes)),
            SliceUse(SliceService(store, changes), SliceEvaluationService(store, held_outs, slow)),
            ProjectionService(held_outs, slow, has_umap=_is_installed("umap-learn")),
        )

    def _releases(self, changes: Changes, tags: TagService, comparisons: ComparisonService) -> ReleaseUse:
        ratings = RatingService(self._store, self._held_outs, self._slow)
        gates = GateService(self._store, changes, comparisons, ratings, self._slow)
        return ReleaseUse(ReleaseService(tags, gates), gates)

    def _quality(self) -> QualityUse:
        held_outs, slow = self._held_outs, self._slow
        return QualityUse(
            ValidationService(held_outs, slow),
            ThresholdSearch(held_outs, slow),
            ValidationDocuments(self._store, held_outs, slow),
            RatingService(self._store, held_outs, slow),
        )

    def _monitoring(self, changes: Changes) -> MonitoringServicer:
        reports = MonitoringReports(self._store, self._held_outs, self._slow)
        return MonitoringServicer(reports, ShadowService(self._store, changes), now_us)

    def _predictions(self, served: ServedVersions) -> PredictionService:
        limits = PredictLimits(
            self._settings.texts_per_request_max,
            self._settings.text_bytes_max,
            self._settings.queue_texts_max,
            self._settings.queue_seconds_max,
        )
        span = None if self._tracing is None else self._tracing.span
        return PredictionService(self._store, served, self._executor, limits, saw=self._traffic.saw, span=span)

    def _explanations(self, served: ServedVersions) -> ExplanationService:
        bytes_max = self._settings.text_bytes_max
        return ExplanationService(self._store, served, self._explaining, text_bytes_max=bytes_max)


def _is_installed(distribution: str) -> bool:
    """Without importing it: that would take seconds."""
    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def _tracing(settings: Settings) -> "Tracing | None":
    if settings.traces == "none":
        return None
    from pinfold_server.rpc.tracing import Tracing, exporter_named

    return Tracing(exporter_named(settings.traces))


async def run_worker(settings: Settings, port: int, lifeline: Lifeline) -> None:
    """A worker of the supervisor: until SIGTERM or the supervisor's death."""
    loop = asyncio.get_running_loop()
    app = App(settings, share_port=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, app.stop_soon)
    lifeline.follow(app.registry.report)
    await app.start(port)
    lifeline.ready()
    await app.run_until_stopped()
    await app.stop()
