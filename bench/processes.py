"""The processes of a server under measurement (Linux)."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

RESIDENT_SECONDS = 0.1


def children_of(supervisor: int) -> list[tuple[str, int]]:
    """Role and process id of every child of a server."""
    found = []
    for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:  # it has just ended
            continue
        found += [(role, int(child)) for role in ("worker", "trainer") if role.encode() in words]
    return found


def workers_of(supervisor: int) -> list[int]:
    return [pid for role, pid in children_of(supervisor) if role == "worker"]


def resident_mib(pid: int) -> float:
    """Memory of its own that a process has resident: without the pages of files, such as the store, that it maps."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"process {pid} has ended")


@contextmanager
def resident_over_time(pid: int) -> Iterator[list[float]]:
    """What `resident_mib` says, again and again until the block ends; the first one is from before it."""
    found, ended = [resident_mib(pid)], threading.Event()

    def look() -> None:
        while not ended.wait(RESIDENT_SECONDS):
            found.append(resident_mib(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has taken, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def marked(variable: str, value: str) -> list[int]:
    """The processes that were started with this variable, their children included; none where there is no /proc."""
    wanted, found = f"{variable}={value}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:  # it has just ended, or is somebody else's
            continue
    return found


def marked_cpu_seconds(variable: str, value: str) -> float:
    """Processor time of all marked processes that still run, their children included; 0 where there is no /proc."""
    total = 0.0
    for pid in marked(variable, value):
        with suppress(OSError):  # it has just ended
            total += cpu_seconds(pid)
    return total


def started(pid: int) -> int:
    """When a process began; the larger, the younger."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
