"""What is measured beside a server: a bare echo of its own messages; and the cores that either and the load run on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.load import Work

#: The variable that tells processes of a server from others.
MARK = "PINFOLD_BENCH_MARK"
START_SECONDS = 20.0


@contextmanager
def echo_of(folder: Path, works: Iterable[Work]) -> Iterator[str]:
    """A running echo that answers as the server did; its address. Requests are told apart by their size."""
    folder.mkdir()
    for work in works:
        (folder / f"{len(work.request)}.reply").write_bytes(work.answer)
    with cores(first=True):
        command = [sys.executable, str(Path(__file__).with_name("echo_server.py")), str(folder)]
        # As the workers are: Linux shares the cores between sessions first, and a load from elsewhere would spare it.
        process = subprocess.Popen(command, start_new_session=True)
    try:
        give_up = time.monotonic() + START_SECONDS
        while not (folder / "port").exists():
            if process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("the echo did not start")
            time.sleep(0.02)
        yield f"127.0.0.1:{(folder / 'port').read_text()}"
    finally:
        process.terminate()
        process.wait()


def cores(*, first: bool) -> AbstractContextManager[None]:
    """What is started meanwhile runs on the first core, or on the last one; anywhere where there is but one."""
    known = _known()
    return _on({min(known) if first else max(known)} if known else set())


def workers_cores(workers: int) -> AbstractContextManager[None]:
    """What is started meanwhile runs on so many cores, the first ones: one for each worker."""
    return _on(set(sorted(_known())[:workers]))


def load_cores() -> AbstractContextManager[None]:
    """What is started meanwhile runs on all but the first two cores, where there are three or more; else anywhere."""
    known = sorted(_known())
    return _on(set(known[2:] or known))


def _known() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


@contextmanager
def _on(chosen: set[int]) -> Iterator[None]:
    """Anywhere when nothing is chosen."""
    if not chosen:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def second_core(seconds: float = 1.0) -> float:
    """What two processes that only compute get done over what one does: 2 where a second core is a whole one."""
    code = (
        f"import time\nend = time.perf_counter() + {seconds}\nn = 0\nwhile time.perf_counter() < end: n += 1\nprint(n)"
    )

    def done(processes: int) -> int:
        running = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(processes)]
        return sum(int(process.communicate()[0]) for process in running)

    return done(2) / done(1)


@contextmanager
def variables(**values: str) -> Iterator[None]:
    """What is started meanwhile, and what that starts, has these environment variables."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]
