"""Which runs belong to an experiment: joined when they are queued, left when they are deleted."""

from pinfold_server.domain.names import dataset_name, experiment_name
from pinfold_server.domain.runs.experiments import EXPERIMENT_RUNS_MAX, EXPERIMENTS_MAX, RunMetric
from pinfold_server.errors import too_many
from pinfold_server.store.env import Txn
from pinfold_server.store.storage_pb2 import DatasetRecord, ExperimentRecord, RunRecord
from pinfold_server.store.tables import experiments


def join_experiment(txn: Txn, owner: DatasetRecord, experiment_id: str, number: int, now_us: int) -> None:
    """Makes a run part of an experiment, and the experiment when it is not there. Raises AppError TOO_MANY_..."""
    record = experiments.get(txn, owner.uid, experiment_id) or make_experiment(txn, owner, experiment_id, now_us)
    if len(record.runs) >= EXPERIMENT_RUNS_MAX:
        name = experiment_name(owner.id, experiment_id)
        raise too_many("experiment runs", f"{name} has {EXPERIMENT_RUNS_MAX:,} runs, the most allowed: begin another")
    record.runs.append(number)
    experiments.put(txn, owner.uid, record)


def leave_experiment(txn: Txn, owner: DatasetRecord, run: RunRecord) -> None:
    """Takes a run that is deleted out of its experiment, if it belongs to one."""
    record = experiments.get(txn, owner.uid, run.experiment_id) if run.experiment_id else None
    if record is not None and run.number in record.runs:
        record.runs.remove(run.number)
        experiments.put(txn, owner.uid, record)


def make_experiment(txn: Txn, owner: DatasetRecord, experiment_id: str, now_us: int) -> ExperimentRecord:
    """Without runs, not stored yet. Raises AppError TOO_MANY_EXPERIMENTS."""
    if experiments.count(txn, owner.uid) >= EXPERIMENTS_MAX:
        raise too_many("experiments", f"{dataset_name(owner.id)} has {EXPERIMENTS_MAX:,} experiments, the most allowed")
    return ExperimentRecord(id=experiment_id, metric=RunMetric.MICRO_F1, created_us=now_us)
