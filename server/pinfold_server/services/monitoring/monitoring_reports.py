"""What versions said over time, put together from the stored windows and compared with their validation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pinfold_server.domain.names import VersionRef
from pinfold_server.domain.releases.monitoring import (
    DRIFT_TEXTS_MIN,
    Counts,
    Resolution,
    Tally,
    histograms,
    stability_index,
)
from pinfold_server.errors import AppError, invalid
from pinfold_server.services.common import lookup
from pinfold_server.services.common.slow_work import SlowWork
from pinfold_server.services.monitoring.monitoring import from_record
from pinfold_server.services.predictions.asking import unknown_label
from pinfold_server.services.quality.held_outs import HeldOutCache
from pinfold_server.store.env import Store
from pinfold_server.store.tables import monitoring, versions

DEFAULT_SECONDS = 86_400
WINDOWS_MAX = 200


@dataclass(frozen=True, slots=True)
class MonitoringQuery:
    """Times in seconds since 1970, None for the default; `labels` empty for all."""

    dataset_id: str
    wanted: VersionRef
    begin: int | None
    end: int | None
    resolution: Resolution | None
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MonitoringReport:
    """`windows`: begin and tally of each, oldest first; `total`: of all. `names` are the version's labels, `columns`
    those that were asked for. `reference` int64 [labels, BINS] counts the validation's probabilities, None when they
    are not kept; `drift` float64 [labels], None when it is not known.
    """

    version: int
    resolution: Resolution
    names: tuple[str, ...]
    columns: tuple[int, ...]
    windows: list[tuple[int, Tally]]
    total: Tally
    reference: Counts | None
    drift: NDArray[np.float64] | None

    @property
    def reference_shares(self) -> NDArray[np.float64] | None:
        """float64 [labels, BINS]: the part of the validation's documents in each bin."""
        return None if self.reference is None else self.reference / max(int(self.reference[:1].sum()), 1)


class MonitoringReports:
    """Raises AppError NOT_FOUND for a dataset, version or tag that is not there."""

    def __init__(self, store: Store, held_outs: HeldOutCache, slow: SlowWork) -> None:
        self._store = store
        self._held_outs = held_outs
        self._slow = slow

    async def report(self, query: MonitoringQuery, now_s: int) -> MonitoringReport:
        """Raises AppError INVALID, UNKNOWN_LABEL, OVERLOADED."""
        return await self._slow.run(lambda: self._report(query, now_s))

    def _report(self, query: MonitoringQuery, now_s: int) -> MonitoringReport:
        end = now_s if query.end is None else query.end
        begin = end - DEFAULT_SECONDS if query.begin is None else query.begin
        resolution = _resolution(query.resolution, begin, end, now_s)
        with self._store.read() as txn:
            owner = lookup.dataset(txn, query.dataset_id)
            record = lookup.version(txn, owner, query.wanted)
            names = tuple(label.name for label in versions.labels(txn, owner.uid, record.number).labels)
            columns = _columns(names, query.labels)
            where = (owner.uid, record.number, resolution.seconds, resolution.begin(max(begin, 0)), end)
            windows = [(start, from_record(window)) for start, window in monitoring.between(txn, *where)]
        total = Tally.of(len(names))
        for _, tally in windows:
            total.add(tally)
        reference = self._reference(query.dataset_id, record.number)
        known = reference is not None and total.sampled >= DRIFT_TEXTS_MIN
        drift = stability_index(total.histograms, reference) if reference is not None and known else None
        return MonitoringReport(record.number, resolution, names, columns, windows, total, reference, drift)

    def _reference(self, dataset_id: str, number: int) -> Counts | None:
        try:
            return histograms(self._held_outs.get(dataset_id, VersionRef(number, None)).held_out.probabilities)
        except AppError as error:
            if error.reason == "VALIDATION_NOT_KEPT":
                return None
            raise


def _resolution(asked: Resolution | None, begin: int, end: int, now_s: int) -> Resolution:
    """The asked one, or the finest that is kept since `begin` and makes no more windows than people can read."""
    if begin >= end:
        raise invalid("end_time", "must be later than start_time")
    if asked is not None:
        return asked
    for each in Resolution:
        if now_s - begin <= each.kept_seconds and end - begin <= WINDOWS_MAX * each.seconds:
            return each
    return Resolution.DAY


def _columns(names: Sequence[str], labels: Sequence[str]) -> tuple[int, ...]:
    place_of = {name: place for place, name in enumerate(names)}
    for index, label in enumerate(labels):
        if label not in place_of:
            raise unknown_label(f"labels[{index}]", label)
    return tuple(place_of[label] for label in dict.fromkeys(labels)) or tuple(range(len(names)))
