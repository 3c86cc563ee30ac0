"""The trainer's process: looks for work whenever the store has changed, and tidies up when there is none."""

import logging
import os
import signal
import time

from pinfold_server.processes import Lifeline
from pinfold_server.settings import Settings
from pinfold_server.store import artefacts, garbage, requests
from pinfold_server.store.env import Store
from pinfold_server.training.loop import Trainer

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.05
TIDY_SECONDS = 30.0
SWEEP_KEYS = 5_000
STAGED_KEPT_US = 600 * 1_000_000
NICENESS = 10  # predictions come first


def run_trainer(settings: Settings, slot: int, lifeline: Lifeline) -> None:
    """Until SIGTERM or the supervisor's death."""
    os.nice(NICENESS)
    store = Store.open(settings.data, map_bytes=settings.map_bytes)
    trainer = Trainer(store, f"trainer-{slot}", now_us)
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True
        trainer.stop_soon()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    lifeline.follow()
    trainer.take_over()
    lifeline.ready()
    seen, tidied = -1, 0.0
    while not stopping:
        change = store.last_change
        if change != seen:
            seen = change
            if trainer.tick():
                seen = -1
            continue
        if time.monotonic() - tidied > TIDY_SECONDS:
            tidied = time.monotonic()
            tidy(store)
            continue
        time.sleep(LOOK_SECONDS)
    store.close()


def tidy(store: Store) -> None:
    """Deletes, in small transactions, what nothing refers to any more."""
    store.clear_dead_readers()
    with store.write() as txn:
        requests.expire(txn, now_us(), SWEEP_KEYS)
    more = True
    while more:
        with store.write() as txn:
            more = garbage.sweep(txn, SWEEP_KEYS)
    artefacts.sweep_unreferenced(store, now_us() - STAGED_KEPT_US)


def now_us() -> int:
    """Microseconds since 1970, UTC."""
    return time.time_ns() // 1_000
