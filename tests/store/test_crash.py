"""`kill -9` of a process that writes, at random moments: nothing acknowledged is lost, nothing is left half done.

PINFOLD_CRASHES sets how many processes are killed, PINFOLD_CRASH_SEED (default 1) the moments.
"""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pinfold_server.errors import AppError
from pinfold_server.services.labels.labels import LabelUpdate
from pinfold_server.store.env import Store
from pinfold_server.store.tables import datasets
from tests.stores import MAP_BYTES, Bench, findings, open_bench, open_store

CRASHES = int(os.environ.get("PINFOLD_CRASHES", "30"))
CRASHES_PER_STORE = 30
#: A process gets numbers of its own, more than it can use up.
NUMBERS = 1_000_000


@dataclass
class History:
    """What a killed process said: of each document the last change acknowledged and the last attempted."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    attempted: dict[str, str] = field(default_factory=dict)
    version: int = 0

    def hear(self, lines: list[str]) -> None:
        for line in lines:
            said, change, number = line.split()
            if change == "version":
                self.version += said == "ok"
            elif said == "try":
                self.attempted[number] = change
            else:
                self.acknowledged[number] = change


def start(folder: Path, number: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.store.crash_child", str(folder), str(number * NUMBERS + 1)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def running(folder: Path, count: int) -> Generator["subprocess.Popen[str]", None, None]:
    """Processes one after the other; each starts up while the one before is being killed."""
    following = start(folder, 0)
    try:
        for number in range(count):
            process, following = following, start(folder, number + 1)
            try:
                yield process
            finally:
                end(process)
    finally:
        end(following)


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


def kill_at_random(process: "subprocess.Popen[str]", moments: random.Random, *, version: bool) -> list[str]:
    """Kills a process up to a tenth of a second after it said of up to eight changes of documents that they are stored,
    and of a new version where one is asked for; returns all that it said.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    first, wanted = [], moments.randint(1, 8)
    stored: Counter[str] = Counter()
    while stored["document"] < wanted or stored["version"] < version:
        first.append(process.stdout.readline())
        assert first[-1], "the process ended before it was killed"
        said, change, _ = first[-1].split()
        stored["version" if change == "version" else "document"] += said == "ok"
    time.sleep(moments.uniform(0, 0.1))
    process.kill()
    rest = process.stdout.read()
    process.wait()
    assert process.returncode == -9, "the process ended before it was killed"
    return [*first, *rest.splitlines()]


async def prepare(bench: Bench) -> None:
    await bench.dataset()
    await bench.use.labels.upsert("support", [LabelUpdate("All > Uploaded"), LabelUpdate("All > Changed")])


def state(bench: Bench, number: str) -> str:
    """The change of a document that is visible now; `nothing` before the first."""
    try:
        record = bench.use.documents.get("support", f"d{number}")
    except AppError:
        return "gone"
    assert record.text == f"text {number}"
    info = bench.use.annotations.get("support", f"sources/support/documents/d{number}")
    return {"All > Uploaded": "upload", "All > Changed": "change"}[info.assigned[0]]


def visible(change: str | None) -> str:
    return {None: "gone", "delete": "gone"}.get(change, change or "")


@pytest.mark.parametrize("first", range(0, CRASHES, CRASHES_PER_STORE))
def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path, first: int) -> None:
    moments = random.Random(int(os.environ.get("PINFOLD_CRASH_SEED", "1")) + first)
    folder = tmp_path / "store"
    with open_bench(folder) as bench:
        asyncio.run(prepare(bench))
    versions, acknowledged, crashes = 0, 0, min(CRASHES_PER_STORE, CRASHES - first)
    with closing(running(folder, crashes)) as processes:
        for number, process in enumerate(processes):
            history = History()
            history.hear(kill_at_random(process, moments, version=number % 5 == 0))
            acknowledged += len(history.acknowledged)
            published = check_after(history, folder)
            # One version may have been published and not acknowledged.
            assert versions + history.version <= published <= versions + history.version + 1
            versions = published
    assert acknowledged > crashes
    assert versions > 0


def check_after(history: History, folder: Path) -> int:
    """Number of versions that were published so far."""
    with open_bench(folder) as bench:
        assert bench.findings() == []
        for document, attempted in history.attempted.items():
            allowed = {visible(history.acknowledged.get(document)), visible(attempted)}
            assert state(bench, document) in allowed, (document, history)
        return bench.use.datasets.get("support").last_version


def test_readers_left_by_killed_processes_are_cleared(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        script = (
            "import sys, time\nfrom pathlib import Path\nfrom pinfold_server.store.env import Store\n"
            f"store = Store.open(Path(sys.argv[1]), map_bytes={MAP_BYTES})\n"
            "with store.read():\n    print('reading', flush=True)\n    time.sleep(60)\n"
        )
        reader = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        assert store.clear_dead_readers() == 0
        end(reader)
        assert store.clear_dead_readers() == 1
        assert findings(store) == []


def test_a_killed_writer_does_not_block_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        script = (
            "import sys, time\nfrom pathlib import Path\nfrom pinfold_server.store.env import Store\n"
            f"store = Store.open(Path(sys.argv[1]), map_bytes={MAP_BYTES})\n"
            "with store.write() as txn:\n    txn.put(b'\\x20half', b'')\n    print('writing', flush=True)\n"
            "    time.sleep(60)\n"
        )
        writer = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        end(writer)
        _write_something(store)
        assert findings(store) == []


def _write_something(store: Store) -> None:
    with store.write() as txn:
        assert list(datasets.every(txn)) == []
