"""Runs, as callers see them: queued, watched, cancelled. The trainer's side is `claims.py`."""

import asyncio
from collections.abc import AsyncIterator

from pinfold_server.domain.names import check_id, dataset_name
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.domain.runs.experiments import RunNotes
from pinfold_server.domain.runs.runs import RunState
from pinfold_server.errors import AppError, Code, precondition
from pinfold_server.services.common import lookup
from pinfold_server.services.common.changes import Changes, RequestKey
from pinfold_server.services.common.pages import Page, PageRequest, take
from pinfold_server.services.labels import label_modes
from pinfold_server.services.runs import run_configs
from pinfold_server.services.runs.experiment_runs import join_experiment
from pinfold_server.store.env import Store, Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, RunRecord
from pinfold_server.store.tables import datasets, runs

WATCH_SECONDS = 0.02
NOTHING_SAID = RunNotes()


class RunService:
    """Every method raises AppError NOT_FOUND for a dataset or run that is not there."""

    def __init__(self, store: Store, changes: Changes, *, waiting_max: int) -> None:
        self._store = store
        self._changes = changes
        self._waiting_max = waiting_max

    async def train(
        self,
        dataset_id: str,
        options: RunConfig | str,
        once: RequestKey | None = None,
        *,
        notes: RunNotes = NOTHING_SAID,
        experiment_id: str = "",
    ) -> RunRecord:
        """Queues a training with these options, or with those of the run configuration that has this id.

        Raises AppError INVALID for a wrong option, NO_ANNOTATIONS, TOO_MANY_RUNS.
        """
        notes.check()
        if experiment_id:
            check_id(experiment_id, "experiment_id")
        named = options if isinstance(options, str) else ""
        if not isinstance(options, str):
            run_configs.check(options)

        def work(txn: Txn, now_us: int) -> RunRecord:
            owner = lookup.dataset(txn, dataset_id)
            if isinstance(options, str):
                config = lookup.run_configuration(txn, options).config
            else:
                config = run_configs.to_record(options)
            check_can_wait(txn, owner, self._waiting_max)
            wanted = RunRecord(config=config, configuration_id=named, experiment_id=experiment_id)
            record = enqueue_run(txn, owner, say(wanted, notes), now_us)
            if experiment_id:
                join_experiment(txn, owner, experiment_id, record.number, now_us)
            return record

        return await self._changes.run(RunRecord, work, once)

    def get(self, dataset_id: str, number: int) -> RunRecord:
        with self._store.read() as txn:
            return lookup.run(txn, lookup.dataset(txn, dataset_id), number)

    def list_runs(
        self, dataset_id: str, page: PageRequest, *, experiment_id: str = "", starred_only: bool = False
    ) -> Page[RunRecord]:
        """Newest first; of one experiment, or of all runs when none is named."""
        with self._store.read() as txn:
            owner = lookup.dataset(txn, dataset_id)
            scope = runs.scope(owner.uid)
            before = page.position(scope)
            if experiment_id:
                numbers = reversed(lookup.experiment(txn, owner, experiment_id).runs)
                found = runs.named(txn, owner.uid, numbers, before)
            else:
                found = runs.newest_first(txn, owner.uid, before)
            wanted = ((key, record) for key, record in found if record.starred or not starred_only)
            return take(wanted, page.limit(), scope)

    async def update(self, dataset_id: str, number: int, notes: RunNotes, once: RequestKey | None = None) -> RunRecord:
        """Changes what people say of a run. Raises AppError INVALID."""
        notes.check("run")

        def work(txn: Txn, _now_us: int) -> RunRecord:
            owner = lookup.dataset(txn, dataset_id)
            record = say(lookup.run(txn, owner, number), notes)
            runs.put(txn, owner.uid, record)
            return record

        return await self._changes.run(RunRecord, work, once)

    async def watch(self, dataset_id: str, number: int) -> AsyncIterator[RunRecord]:
        """The run now, and again after every change, until it has ended."""
        seen = self._store.last_change
        record = self.get(dataset_id, number)
        yield record
        while not RunState(record.state).ended:
            await asyncio.sleep(WATCH_SECONDS)
            change = self._store.last_change
            if change == seen:
                continue
            seen = change
            latest = self.get(dataset_id, number)
            if latest != record:
                record = latest
                yield record

    async def cancel(self, dataset_id: str, number: int) -> RunRecord:
        """Ends a waiting run at once, asks a running one to stop, and leaves one that has ended as it is."""

        def work(txn: Txn, now_us: int) -> RunRecord:
            owner = lookup.dataset(txn, dataset_id)
            record = lookup.run(txn, owner, number)
            cancel_run(txn, owner, record, now_us)
            return record

        return await self._changes.run(RunRecord, work)


def enqueue_run(txn: Txn, owner: DatasetRecord, wanted: RunRecord, now_us: int) -> RunRecord:
    """Queues a run, which gets the next number, and the label mode that holds for it; stores the dataset with it."""
    owner.last_run += 1
    datasets.put(txn, owner)
    wanted.config.label_mode = label_modes.of_run(owner, wanted.config)
    wanted.number, wanted.state, wanted.created_us = owner.last_run, RunState.QUEUED, now_us
    runs.put(txn, owner.uid, wanted)
    runs.enqueue(txn, owner.uid, wanted.number)
    return wanted


def check_can_wait(txn: Txn, owner: DatasetRecord, waiting_max: int, count: int = 1) -> None:
    """Raises AppError NO_ANNOTATIONS, or TOO_MANY_RUNS when so many more could not wait."""
    name = dataset_name(owner.id)
    if owner.annotated_count == 0:
        raise precondition(
            "NO_ANNOTATIONS", f"{name} has no annotated document: annotate some, or upload some with labels", name=name
        )
    waiting = sum(uid == owner.uid for _, uid, _ in runs.waiting(txn))
    if waiting + count > waiting_max:
        raise AppError(
            Code.EXHAUSTED,
            "TOO_MANY_RUNS",
            f"{waiting} runs of {name} wait already, of {waiting_max} at most: cancel some or try later",
            retry_after=10.0,
        )


def cancel_run(txn: Txn, owner: DatasetRecord, record: RunRecord, now_us: int) -> None:
    """Ends a waiting run, asks a running one to stop, and leaves one that has ended as it is."""
    state = RunState(record.state)
    if state.ended or record.cancel_requested:
        return
    if state is RunState.QUEUED:
        record.state, record.ended_us = RunState.CANCELLED, now_us
        for key, uid, waiting_number in list(runs.waiting(txn)):
            if (uid, waiting_number) == (owner.uid, record.number):
                runs.dequeue(txn, key)
    else:
        record.cancel_requested = True
    runs.put(txn, owner.uid, record)


def say(record: RunRecord, notes: RunNotes) -> RunRecord:
    """The record with what people say of the run; what is None stays."""
    for field in ("title", "notes", "starred"):
        value = getattr(notes, field)
        if value is not None:
            setattr(record, field, value)
    if notes.metadata is not None:
        record.metadata.clear()
        record.metadata.update(notes.metadata)
    return record
