"""The composition root of a worker: builds everything from the settings, once, by constructor arguments."""

import asyncio
import contextlib
import logging
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pinfold_server import resources
from pinfold_server.interpreter import keep_what_is_loaded, tune_for_serving
from pinfold_server.metrics import Registry
from pinfold_server.processes import Lifeline
from pinfold_server.rpc.poller import Poller
from pinfold_server.rpc.server import Connections, RpcServer
from pinfold_server.services.common.changes import Changes
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.monitoring.monitoring import Monitor
from pinfold_server.services.monitoring.shadowing import Shadowing
from pinfold_server.services.monitoring.traffic import Traffic
from pinfold_server.services.predictions.acceleration import Acceleration
from pinfold_server.services.predictions.predictions import PredictionService, PredictLimits
from pinfold_server.services.predictions.preload import Preloader
from pinfold_server.services.predictions.served import ServedVersions
from pinfold_server.services.quality.held_outs import HeldOutCache
from pinfold_server.settings import Settings
from pinfold_server.store.env import Store
from pinfold_server.store.figures import of_store
from pinfold_server.store.writer import GroupWriter
from pinfold_server.wiring import Ground, build_servicers

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
        self._scoring = ThreadPoolExecutor(SCORING_THREADS, thread_name_prefix="scoring")
        self._explaining = ThreadPoolExecutor(1, thread_name_prefix="explaining")
        self._judging = ThreadPoolExecutor(1, thread_name_prefix="judging")
        changes = Changes(self._writer, now_us)
        served = ServedVersions(self._store, self._scoring, memory_bytes_max=settings.model_memory_mib << 20)
        self._preloader = Preloader(self._store, served)
        self._background: list[asyncio.Task[None]] = []
        self._tracing = _tracing(settings)
        self._traffic = Traffic(
            Monitor(changes, settings.monitoring_share), Shadowing(served, changes), settings.monitoring_seconds
        )
        poller = Poller()
        predictions = self._predictions(served, poller)
        ground = Ground(
            settings,
            now_us,
            self._store,
            changes,
            served,
            HeldOutCache(self._store),
            SlowWork(self._judging),
            self._explaining,
        )
        servicers = build_servicers(ground, predictions, poller)
        self._consumers = servicers.consumers
        self._acceleration = Acceleration(served, servicers.predictions.accelerate)
        self._server = RpcServer(
            servicers.by_service(),
            connections=Connections(
                settings.message_mib_max << 20,
                settings.connection_age_seconds,
                share_port,
                channelz=settings.channelz == "on",
            ),
            on_broken=self._stopping.set,
            registry=self.registry,
            poller=poller,
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
        self._scoring.shutdown(wait=True, cancel_futures=True)
        self._explaining.shutdown(wait=True, cancel_futures=True)
        self._judging.shutdown(wait=True, cancel_futures=True)
        self._writer.close()
        self._store.close()
        if self._tracing is not None:
            await asyncio.to_thread(self._tracing.close)

    def _predictions(self, served: ServedVersions, poller: Poller) -> PredictionService:
        limits = PredictLimits(
            self._settings.texts_per_request_max,
            self._settings.text_bytes_max,
            self._settings.queue_texts_max,
            self._settings.queue_seconds_max,
        )
        span = None if self._tracing is None else self._tracing.span
        return PredictionService(
            self._store,
            served,
            self._scoring,
            limits,
            saw=self._traffic.saw,
            span=span,
            give_way=poller.give_way,
        )


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
