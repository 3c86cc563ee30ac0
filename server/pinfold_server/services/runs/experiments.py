"""Experiments, as callers see them: sweeps queued as one, followed as one, their runs by how good they are."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pinfold_server.domain.names import (
    DESCRIPTION_CHARS_MAX,
    TITLE_CHARS_MAX,
    check_id,
    check_text_field,
    experiment_name,
)
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.experiments import SWEEP_RUNS_MAX, RunMetric
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.errors import exists, invalid
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.runs import run_configs
from pinfold_server.services.runs.experiment_runs import make_experiment
from pinfold_server.services.runs.runs import cancel_run, check_can_wait, enqueue_run
from pinfold_server.store import keys
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, ExperimentRecord, RunRecord
from pinfold_server.store.tables import experiments, runs

#: An experiment is told with the states of all its runs.
LISTED_MAX = 100

_ORDER = struct.Struct(">BdQ")


@dataclass(frozen=True, slots=True)
class Sweep:
    """Runs to be queued as an experiment; of a grid, what is wrong with one is told of its axes."""

    experiment_id: str
    title: str
    description: str
    metric: RunMetric
    configs: Sequence[RunConfig]
    is_grid: bool = False

    def check(self) -> None:
        """Raises AppError INVALID, INVALID_CONFIG."""
        check_id(self.experiment_id, "experiment_id")
        check_text_field(self.title, "title", TITLE_CHARS_MAX)
        check_text_field(self.description, "description", DESCRIPTION_CHARS_MAX)
        if not 1 <= len(self.configs) <= SWEEP_RUNS_MAX:
            description = f"must make 1 to {SWEEP_RUNS_MAX} runs, got {len(self.configs):,}"
            raise invalid("configs", description, "INVALID_SWEEP")
        for place, config in enumerate(self.configs):
            run_configs.check(config, "axes" if self.is_grid else f"configs[{place}]")


@dataclass(frozen=True, slots=True)
class ExperimentInfo:
    """An experiment and its runs at one moment, in the order of their queueing."""

    record: ExperimentRecord
    runs: tuple[RunRecord, ...]

    @property
    def metric(self) -> RunMetric:
        return RunMetric(self.record.metric)

    @property
    def fraction(self) -> float:
        """Part of all runs that is done, 0 to 1."""
        done = sum(1.0 if RunState(run.state).ended else run.fraction for run in self.runs)
        return done / max(len(self.runs), 1)

    @property
    def best(self) -> RunRecord | None:
        """The run with the best figure, of equals the first; None while none has one."""
        scored = [run for run in self.runs if score_of(run, self.metric) is not None]
        return min(scored, key=lambda run: _order(run, self.metric), default=None)

    def count(self, state: RunState) -> int:
        return sum(run.state == state for run in self.runs)


class ExperimentService:
    """Every method raises AppError NOT_FOUND for a dataset or experiment that is not there."""

    def __init__(self, store: Store, changes: Changes, *, waiting_max: int) -> None:
        self._store = store
        self._changes = changes
        self._waiting_max = waiting_max

    async def sweep(self, dataset_id: str, wanted: Sweep, once: RequestKey | None = None) -> ExperimentInfo:
        """Queues all runs or none. Raises AppError EXPERIMENT_EXISTS, NO_ANNOTATIONS, TOO_MANY_RUNS."""
        wanted.check()

        def work(txn: Txn, now_us: int) -> ExperimentRecord:
            owner = lookup.dataset(txn, dataset_id)
            if experiments.get(txn, owner.uid, wanted.experiment_id) is not None:
                raise exists("experiment", experiment_name(dataset_id, wanted.experiment_id))
            check_can_wait(txn, owner, self._waiting_max, len(wanted.configs))
            record = make_experiment(txn, owner, wanted.experiment_id, now_us)
            record.title, record.description, record.metric = wanted.title, wanted.description, wanted.metric
            for config in wanted.configs:
                run = RunRecord(config=run_configs.to_record(config), experiment_id=record.id)
                record.runs.append(enqueue_run(txn, owner, run, now_us).number)
            experiments.put(txn, owner.uid, record)
            return record

        record = await self._changes.run(ExperimentRecord, work, once)
        return self.get(dataset_id, record.id)

    def get(self, dataset_id: str, experiment_id: str) -> ExperimentInfo:
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            return _info(txn, owner, lookup.experiment(txn, owner, experiment_id))

    def list_experiments(self, dataset_id: str, page: PageRequest) -> Page[ExperimentInfo]:
        """By id."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = experiments.scope(owner.uid)
            found = experiments.by_id(txn, owner.uid, keys.after(page.position(scope)))
            return take(((key, _info(txn, owner, record)) for key, record in found), page.limit(most=LISTED_MAX), scope)

    async def cancel(self, dataset_id: str, experiment_id: str) -> ExperimentInfo:
        """Ends what waits at once and asks what runs to stop."""

        def work(txn: Txn, now_us: int) -> ExperimentRecord:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.experiment(txn, owner, experiment_id)
            for run in _runs_of(txn, owner, record):
                cancel_run(txn, owner, run, now_us)
            return record

        await self._changes.run(ExperimentRecord, work)
        return self.get(dataset_id, experiment_id)

    def best_first(
        self, dataset_id: str, experiment_id: str, metric: RunMetric, page: PageRequest, *, starred_only: bool
    ) -> Page[RunRecord]:
        """Runs of an experiment, those without the figure last."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.experiment(txn, owner, experiment_id)
            found = [run for run in _runs_of(txn, owner, record) if run.starred or not starred_only]
        scope = keys.experiment(owner.uid, experiment_id) + metric.encode()
        after = page.position(scope)
        entries = sorted((_order(run, metric), run.number, run) for run in found)
        return take(((key, run) for key, _, run in entries if key > after), page.limit(), scope)


def score_of(run: RunRecord, metric: RunMetric) -> float | None:
    """The figure of a run; None while it has none."""
    if not run.HasField("metrics"):
        return None
    if metric in (RunMetric.ACCURACY, RunMetric.MEAN_AVERAGE_PRECISION) and not run.metrics.HasField(metric.value):
        return None
    return float(getattr(run.metrics, metric.value))


def _order(run: RunRecord, metric: RunMetric) -> bytes:
    """Sorts the best first, runs without a figure last, of equals the first queued. Figures are 0 to 1."""
    score = score_of(run, metric)
    if score is None:
        return _ORDER.pack(1, 0.0, run.number)
    return _ORDER.pack(0, score if metric.lower_is_better else 1 - score, run.number)


def _info(txn: Txn, owner: DatasetRecord, record: ExperimentRecord) -> ExperimentInfo:
    return ExperimentInfo(record, tuple(_runs_of(txn, owner, record)))


def _runs_of(txn: Txn, owner: DatasetRecord, record: ExperimentRecord) -> Iterator[RunRecord]:
    for number in record.runs:
        run = runs.get(txn, owner.uid, number)
        if run is not None:
            yield run
