import os
import threading
from collections.abc import Iterator

import pytest

from pinfold_server.rpc.poller import Poller


@pytest.fixture
def thread() -> Iterator[threading.Thread]:
    """Not started yet; ends with the test."""
    ended = threading.Event()
    made = threading.Thread(target=ended.wait)
    yield made
    ended.set()
    made.join()


def policy_in_company(thread: threading.Thread, cores: set[int]) -> int:
    """How the thread is scheduled that is started as the poller of a process on these cores, when calls meet."""
    poller = Poller(clock=lambda: 0.0)
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        with poller.starting():
            thread.start()
    finally:
        os.sched_setaffinity(0, before)
    for _ in range(100):
        poller.came(meets=True)
    poller.give_way()
    assert thread.native_id is not None
    return os.sched_getscheduler(thread.native_id)


def test_on_one_core_the_poller_interrupts_nobody_in_company(thread: threading.Thread) -> None:
    assert policy_in_company(thread, {min(os.sched_getaffinity(0))}) == os.SCHED_BATCH


def test_where_it_may_run_on_another_core_it_stays_as_it_is(thread: threading.Thread) -> None:
    cores = os.sched_getaffinity(0)

    assert policy_in_company(thread, cores) == (os.SCHED_OTHER if len(cores) > 1 else os.SCHED_BATCH)


def test_without_a_thread_nothing_is_done() -> None:
    poller = Poller()
    with poller.starting():
        pass

    for _ in range(100):
        poller.came(meets=True)
    poller.give_way()
