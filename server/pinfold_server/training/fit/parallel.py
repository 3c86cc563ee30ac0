"""Tasks in threads: many while the caller reports and looks whether to go on, one beside what the caller does."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

Tick = Callable[[float], None]
"""Called with the fraction done, 0..1, several times a second; may raise to stop."""

_LOOK_SECONDS = 0.05

T = TypeVar("T")


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


@contextmanager
def beside(task: Callable[[], T]) -> Iterator[Future[T]]:
    """Runs a task in a thread of its own while the block goes on; both have ended when the block is left."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(task)
