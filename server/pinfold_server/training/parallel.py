"""Tasks in threads, while the calling thread reports and looks whether to go on."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

Tick = Callable[[float], None]
"""Called with the fraction done, 0..1, several times a second; may raise to stop."""

_LOOK_SECONDS = 0.05


class _Stopped(Exception):
    """Another task failed, or the caller wants no more."""


def run_all(tasks: Sequence[Callable[[Tick], None]], threads: int, tick: Tick) -> None:
    """Runs every task, each of which calls the function that it is given several times a second.

    `tick` is called in the calling thread only. When it or a task raises, the others are stopped and ended before the
    exception goes on.
    """
    done = [0.0] * len(tasks)
    stop = threading.Event()

    def look(number: int, fraction: float) -> None:
        if stop.is_set():
            raise _Stopped
        done[number] = fraction

    def work(number: int) -> None:
        tasks[number](partial(look, number))
        done[number] = 1.0

    tick(0.0)
    with ThreadPoolExecutor(max_workers=max(min(threads, len(tasks)), 1)) as pool:
        try:
            waiting = {pool.submit(work, number) for number in range(len(tasks))}
            while waiting:
                ended, waiting = wait(waiting, timeout=_LOOK_SECONDS)
                for each in ended:
                    each.result()
                tick(sum(done) / len(done))
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
