"""The trainer's process: looks for work whenever the store has changed, and tidies up when there is none."""

import logging
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pinfold_server import resources
from pinfold_server.interpreter import collect, tune_for_training
from pinfold_server.metrics import Family, Registry, counter, gauge
from pinfold_server.processes import Lifeline
from pinfold_server.settings import Settings
from pinfold_server.store import garbage
from pinfold_server.store.env import Store
from pinfold_server.store.figures import of_store
from pinfold_server.store.tables import artefacts, imports, requests
from pinfold_server.training.auto import AutoTrainer
from pinfold_server.training.cache import Cache
from pinfold_server.training.indexing import Indexing
from pinfold_server.training.loop import Trainer
from pinfold_server.training.scoring.scoring import Scorer
from pinfold_server.training.scoring.scoring_pass import ScorerOptions

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.02
LOOK_AROUND_SECONDS = 0.25
TIDY_SECONDS = 30.0
CACHED_SECONDS = 600.0  # what no run asked for in so long is given back: an idle trainer is a small one
SWEEP_KEYS = 5_000
STAGED_KEPT_US = 600 * 1_000_000
NICENESS = 10  # predictions come first


def run_trainer(settings: Settings, slot: int, lifeline: Lifeline) -> None:
    """Until SIGTERM or the supervisor's death."""
    os.nice(NICENESS)
    store = Store.open(settings.data, map_bytes=settings.map_bytes)
    cache = Cache(settings.training_cache_mib << 20)
    trainer = Trainer(store, f"trainer-{slot}", now_us, settings.training_threads, cache)
    automatic = AutoTrainer(store, now_us)
    options = ScorerOptions(f"trainer-{slot}", now_us, lambda: stopping, compiled=settings.engine != "onnx")
    scorer = Scorer(store, options)
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True
        trainer.stop_soon()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    meter = _TrainerMeter()
    registry = Registry()
    for source in (meter.families, of_store(store), resources.families):
        registry.add(source)
    lifeline.follow(registry.report)
    # One process is enough; two would do the same work.
    indexing = Indexing(store, lambda: scorer.at_work) if slot == 0 else None
    trainer.take_over()
    tune_for_training()
    lifeline.ready()
    seen, scored, tidied = -1, 0.0, 0.0
    while not stopping:
        change = store.last_change
        if change != seen:
            seen = change
            with meter.at_work():
                worked = trainer.tick()
            if worked:
                meter.runs += 1
                collect()
                # What was just published is scored before the next run is looked for.
                seen, scored = -1, 0.0
        if time.monotonic() - scored > LOOK_AROUND_SECONDS:
            with meter.at_work():
                automatic.tick()
                scorer.tick()
            scored = time.monotonic()
            continue
        if time.monotonic() - tidied > TIDY_SECONDS:
            tidied = time.monotonic()
            cache.drop_unused(CACHED_SECONDS)
            tidy(store)
            continue
        time.sleep(LOOK_SECONDS)
    if indexing is not None:
        indexing.stop()
    store.close()


class _TrainerMeter:
    """What the trainer does now, and how many runs it has had in hand."""

    def __init__(self) -> None:
        self.runs = 0
        self._busy = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def families(self) -> Iterable[Family]:
        yield gauge("pinfold_trainer_busy", "1 while the trainer looks at or works on a run.", float(self._busy))
        yield counter("pinfold_trainer_runs_total", "Runs that the trainer has had in hand.", self.runs)


def tidy(store: Store) -> None:
    """Deletes, in small transactions, what nothing refers to any more."""
    store.clear_dead_readers()
    with store.write() as txn:
        requests.expire(txn, now_us(), SWEEP_KEYS)
        imports.expire(txn, now_us())
    more = True
    while more:
        with store.write() as txn:
            more = garbage.sweep(txn, SWEEP_KEYS)
    artefacts.sweep_unreferenced(store, now_us() - STAGED_KEPT_US)


def now_us() -> int:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1_000
