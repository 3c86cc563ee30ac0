"""Counts what versions say to callers: a sample of the answered texts is scored once more when nobody waits, and what
was counted goes to the store from time to time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.releases.monitoring import BINS, Resolution, Tally
from pinfold_server.metrics import Family, counter
from pinfold_server.services.common.backlog import Backlog, Pace
from pinfold_server.services.common.changes import Changes
from pinfold_server.services.predictions.asking import Asked
from pinfold_server.services.predictions.served import Key, ServedVersion
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import CountAnswer, MonitoringRecord
from pinfold_server.store.tables import datasets, monitoring, versions

#: Texts that may wait to be looked at, and their characters: what a moment without traffic can catch up with.
WAITING_TEXTS = 1_024
WAITING_CHARACTERS = 1 << 18
#: At most 1,280 texts a second and worker, of a request at most 16: a sample that says enough.
TEXTS_A_STEP = 64
PAUSE_SECONDS = 0.05
TEXTS_A_REQUEST = 16


@dataclass(slots=True, eq=False)
class _Watch:
    """One version: `thresholds` of its labels, sentiments left out, are those that requests without options use."""

    thresholds: NDArray[np.float32]
    tally: Tally


class Monitor:
    """Belongs to the event loop."""

    def __init__(self, changes: Changes, time_share: float) -> None:
        """`time_share`: the part of the event loop's time that looking may take; 0 counts texts and looks at none."""
        self._changes = changes
        self._backlog: Backlog[tuple[Key, ServedVersion]] | None = None
        if time_share:
            pace = Pace(TEXTS_A_STEP, time_share, PAUSE_SECONDS)
            self._backlog = Backlog(texts_max=WAITING_TEXTS, characters_max=WAITING_CHARACTERS, pace=pace)
        self._watches: dict[Key, _Watch] = {}
        self._looked_at = 0

    def saw(self, key: Key, served: ServedVersion, texts: Sequence[str]) -> None:
        """A version answered some texts. Of many together, some from all over them are looked at."""
        count = len(texts)
        self._watch(key, served).tally.texts += count
        backlog = self._backlog
        if backlog is not None and backlog.is_open:
            backlog.offer((key, served), texts if count <= TEXTS_A_REQUEST else texts[:: -(-count // TEXTS_A_REQUEST)])

    async def work(self) -> None:
        """Looks at texts, until cancelled."""
        if self._backlog is not None:
            await self._backlog.work(self._look)

    async def flush(self) -> None:
        """Adds what was counted since the last time to the store. Raises AppError; then it is lost."""
        counted = {key: watch.tally for key, watch in self._watches.items()}
        self._watches.clear()
        if not counted:
            return

        def work(txn: Txn, now_us: int) -> CountAnswer:
            owners = {owner.uid for owner in datasets.every(txn)}
            for key, tally in counted.items():
                if key[0] in owners and versions.get(txn, *key) is not None:
                    _store(txn, key, tally, now_us // 1_000_000)
            return CountAnswer()

        await self._changes.run(CountAnswer, work)

    def families(self) -> Iterable[Family]:
        text = "Answered texts that were scored once more to watch what versions say."
        yield counter("pinfold_monitoring_sampled_texts_total", text, self._looked_at)

    def _watch(self, key: Key, served: ServedVersion) -> _Watch:
        watch = self._watches.get(key)
        if watch is None:
            thresholds = served.selections.of(Asked()).thresholds[: len(served.numbers)]
            watch = self._watches[key] = _Watch(thresholds, Tally.of(len(thresholds)))
        return watch

    async def _look(self, version: tuple[Key, ServedVersion], texts: Sequence[str]) -> None:
        key, served = version
        watch = self._watch(key, served)
        probabilities = served.model.score(texts).probabilities[:, : len(watch.thresholds)]
        watch.tally.look(probabilities, watch.thresholds)
        self._looked_at += len(texts)


def from_record(record: MonitoringRecord) -> Tally:
    return Tally(
        np.array(record.histograms, np.int64).reshape(-1, BINS),
        np.array(record.predicted, np.int64),
        record.texts,
        record.sampled,
        record.unlabelled,
    )


def _store(txn: Txn, key: Key, counted: Tally, now_s: int) -> None:
    for resolution in Resolution:
        window = (resolution.seconds, resolution.begin(now_s))
        stored = monitoring.get(txn, *key, *window)
        tally = counted
        if stored is not None:
            tally = from_record(stored)
            tally.add(counted)
        monitoring.put(txn, *key, window, _to_record(tally))
        if stored is None:
            monitoring.forget_before(txn, *key, resolution.seconds, resolution.begin(now_s - resolution.kept_seconds))


def _to_record(tally: Tally) -> MonitoringRecord:
    return MonitoringRecord(
        texts=tally.texts,
        sampled=tally.sampled,
        unlabelled=tally.unlabelled,
        predicted=tally.predicted.tolist(),
        histograms=tally.histograms.ravel().tolist(),
    )
