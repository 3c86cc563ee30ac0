"""What is measured beside a server: a bare echo of its own messages; and the cores that either and the load run on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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


@contextmanager
def cores(*, first: bool) -> Iterator[None]:
    """What is started meanwhile runs on the first core, or on the last one; anywhere where there is but one."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_cores) if first else max(all_cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)


@contextmanager
def marked(name: str) -> Iterator[None]:
    """What is started meanwhile, and what that starts, carries the mark."""
    os.environ[MARK] = name
    try:
        yield
    finally:
        del os.environ[MARK]
