"""Everything at once for a while: is any answer missing, mixed or stale, and does memory grow?

    python bench/soak.py --minutes 10 [--only-switches]

A server of its own with two workers and a trainer, on made-up tickets. Eight callers check every answer while the tag
moves every 2 s, documents are uploaded, models are trained, pinned and unpinned, workers are killed (always the younger
one, so that the memory of the other can be watched), after a quarter of the time all workers are replaced, and after a
third all of them are killed at once. With `--only-switches` the tag moves and nothing else happens. The last line is
one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.processes import resident_mib, started, workers_of
from bench.tickets import rows, texts
from bench.traffic import Golden, Pointer, Traffic, connected, percentile
from pinfold.cli.local_server import LocalServer

WORKERS = 2
CALLERS = 8
CONNECTIONS = 4
SWITCH_SECONDS = 2.0
UPLOAD_SECONDS = 3.0
TRAIN_SECONDS = 15.0
KILL_SECONDS = 10.0
REPLACED_SECONDS = 3.0  # after which another worker has long taken the place of one that was killed
SAMPLE_SECONDS = 1.0
SETTLED = 0.25  # of the samples of memory of a worker are left out, and
SETTLED_SECONDS = 20.0  # of its life at least: what it loads at first is no growth


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output. `rss_slope_mb_per_h` is of the worker that lived longest, without what it loaded at
    first; None when no worker lived long enough.

    `first_ok_s` is the longest that a call took which was made just after a worker was killed, `first_ok_all_s` the
    time that one took when all of them were killed at once; both with the retries of the client.

    `p99_rest_ms` and `p99_switch_ms` leave out the calls that ran while a worker had been killed and not been replaced:
    those are in `p99_shaken_ms`.
    """

    calls: int
    failed: int
    switches: int
    mixed: int
    stale: int
    kills: int
    first_ok_s: float
    first_ok_all_s: float
    p99_rest_ms: float
    p99_switch_ms: float
    p99_shaken_ms: float
    rss_slope_mb_per_h: float | None


@dataclass(slots=True)
class _Soak:
    """What goes on beside the callers; each method is one recurring change."""

    server: int
    dataset: pinfold.AsyncDataset
    traffic: Traffic
    kills: int = 0
    first_ok: float = 0.0
    first_ok_all: float = 0.0
    uploads: int = 0
    trainings: int = 0
    memory: dict[int, list[tuple[float, float]]] = field(default_factory=dict)  # by worker: time in s, MiB

    def start(self, seconds: float, *, only_switches: bool) -> list[asyncio.Task[None]]:
        switches = asyncio.create_task(_every(SWITCH_SECONDS, self._switch))
        if only_switches:
            return [switches]
        changes: list[tuple[float, Callable[[], Awaitable[None]]]] = [
            (UPLOAD_SECONDS, self._upload),
            (TRAIN_SECONDS, self._train),
            (KILL_SECONDS, self._kill),
            (SAMPLE_SECONDS, self._sample),
        ]
        tasks = [asyncio.create_task(_every(pause, change)) for pause, change in changes]
        once = (self._replace_all_after(0.25 * seconds), self._kill_all_after(0.35 * seconds))
        return [switches, *tasks, *map(asyncio.create_task, once)]

    async def _switch(self) -> None:
        versions = self.traffic.golden.versions
        version = versions[self.traffic.pointer.asked % len(versions)]
        async with self.traffic.pointer.moving_to(version):
            await self.dataset.set_tag("live", version)

    async def _upload(self) -> None:
        self.uploads += 1
        report = await self.dataset.upload(dict(row, text=f"{row['text']} {self.uploads}") for row in rows())
        assert report.failed == 0, report.failures

    async def _train(self) -> None:
        run = await self.dataset.train(max_features=2_000)
        version = await run.wait(timeout=120)
        await version.pin()
        await version.unpin()
        self.trainings += 1

    async def _kill(self) -> None:
        alive = sorted(workers_of(self.server), key=started)
        if len(alive) == WORKERS:
            with self.traffic.shaken():
                os.kill(alive[-1], signal.SIGKILL)
                self.kills += 1
                self.first_ok = max(self.first_ok, await self._until_answered())
                await asyncio.sleep(REPLACED_SECONDS)

    async def _kill_all_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        with self.traffic.shaken():
            for pid in workers_of(self.server):
                os.kill(pid, signal.SIGKILL)
                self.kills += 1
            self.first_ok_all = await self._until_answered()
            await asyncio.sleep(REPLACED_SECONDS)

    async def _until_answered(self) -> float:
        """Seconds that a prediction takes that is asked for now."""
        began = time.monotonic()
        await self.dataset.predict(self.traffic.golden.texts[:1])
        return time.monotonic() - began

    async def _sample(self) -> None:
        for pid in workers_of(self.server):
            with suppress(OSError):  # killed a moment ago
                self.memory.setdefault(pid, []).append((time.monotonic(), resident_mib(pid)))

    async def _replace_all_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        with self.traffic.shaken():
            os.kill(self.server, signal.SIGHUP)
            await asyncio.sleep(WORKERS * REPLACED_SECONDS)


async def _every(pause: float, change: Callable[[], Awaitable[None]]) -> None:
    """Until cancelled; the first time after one pause. Raises what a change raises."""
    while True:
        await asyncio.sleep(pause)
        await change()


def slope_per_hour(samples: Sequence[tuple[float, float]]) -> float | None:
    """Growth of the second value an hour, by least squares over what follows the first quarter and the first 20 s;
    None for too few.
    """
    settled = [each for each in samples[int(SETTLED * len(samples)) :] if each[0] - samples[0][0] >= SETTLED_SECONDS]
    if len(settled) < 10:
        return None
    seconds, values = np.array(settled).T
    return round(float(np.polyfit(seconds / 3600, values, 1)[0]), 1)


async def soak(server: LocalServer, seconds: float, *, only_switches: bool = False) -> tuple[Figures, list[str]]:
    """The figures, and the first faults in words."""
    async with connected(server.target, CONNECTIONS) as clients:
        dataset = await clients[0].create_dataset("tickets")
        await dataset.upload(rows())
        versions = [await _pinned(dataset, name) for name in ("linear_svm", "logistic_regression")]
        await dataset.set_tag("live", versions[0])
        golden = await Golden.ask(dataset, [version.number for version in versions], texts(32))
        traffic = Traffic(golden, Pointer(versions[0].number))
        beside = _Soak(server.pid, dataset, traffic)
        async with traffic.running(clients, CALLERS):
            tasks = beside.start(seconds, only_switches=only_switches)
            done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()
    return _figures(beside), traffic.tally.errors


async def _pinned(dataset: pinfold.AsyncDataset, algorithm: str) -> pinfold.AsyncVersion:
    """A new version, pinned before the next training drops its file."""
    run = await dataset.train(algorithm=algorithm)
    version = await run.wait(timeout=300)
    return await version.pin()


def _figures(beside: _Soak) -> Figures:
    tally = beside.traffic.tally
    longest = max(beside.memory.values(), key=len, default=[])
    return Figures(
        calls=tally.calls,
        failed=tally.failed,
        switches=beside.traffic.pointer.answered,
        mixed=tally.mixed,
        stale=tally.stale,
        kills=beside.kills,
        first_ok_s=round(beside.first_ok, 3),
        first_ok_all_s=round(beside.first_ok_all, 3),
        p99_rest_ms=round(percentile(tally.at_rest, 0.99) * 1e3, 2),
        p99_switch_ms=round(percentile(tally.switching, 0.99) * 1e3, 2),
        p99_shaken_ms=round(percentile(tally.shaken, 0.99) * 1e3, 2),
        rss_slope_mb_per_h=slope_per_hour(longest),
    )


def main() -> int:
    """Prints the figures; the exit status is 1 when a call failed or an answer was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long (default: 10)")
    parser.add_argument("--only-switches", action="store_true", help="nothing but the tag that moves, and the callers")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="pinfold-soak-") as folder,
        LocalServer(Path(folder), workers=WORKERS) as server,
    ):
        figures, faults = asyncio.run(soak(server, arguments.minutes * 60, only_switches=arguments.only_switches))
    for fault in faults:
        print(fault, file=sys.stderr)
    if not arguments.json:
        for name, value in asdict(figures).items():
            print(f"{name:20} {value}")
    print(json.dumps(asdict(figures)))
    return 1 if figures.failed or figures.mixed or figures.stale else 0


if __name__ == "__main__":
    sys.exit(main())
