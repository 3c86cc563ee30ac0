"""Experiments of a dataset that a sync client holds."""

from collections.abc import Iterable, Iterator

from pinfold import _experiments as calls
from pinfold._experiments import Grid, RunMetric, Sweep
from pinfold._model_types import RunConfig
from pinfold._sync.connection import Connection
from pinfold._sync.experiment import Experiment


class DatasetExperiments:
    """Part of `Dataset`: trainings that belong together."""

    _connection: Connection
    _id: str

    def create_sweep(
        self,
        experiment_id: str,
        configs: Iterable[RunConfig] | None = None,
        *,
        grid: Grid | None = None,
        base: RunConfig | None = None,
        metric: RunMetric | str | None = None,
        title: str = "",
        description: str = "",
        timeout: float | None = None,
    ) -> Experiment:
        """Queues a training for each configuration, or for each combination of a grid: at most 64, all or none.

        Args:
            experiment_id: The new experiment.
            configs: The configurations themselves.
            grid: Instead of them, values by option of `RunConfig`; the last option varies fastest.
            base: What all runs of the grid share.
            metric: The figure that the best run has the best of; default: micro F1.
            title: For people.
            description: For people.
            timeout: Seconds for the call.

        Example:
            >>> sweep = support.create_sweep("strength", grid={"regularization": [0.3, 0.7], "word_ngram_max": [1, 2]})
            >>> [run.metrics.micro_f1 for run in sweep.runs("micro_f1")]

        """
        sweep = Sweep(experiment_id, configs, grid, base, title, description, metric)
        return Experiment(
            self._connection, self._id, self._connection.run(calls.create_sweep(self._id, sweep), timeout)
        )

    def experiment(self, experiment_id: str, *, timeout: float | None = None) -> Experiment:
        """Runs that belong together. Raises NotFound."""
        call = calls.get_experiment(self._id, experiment_id)
        return Experiment(self._connection, self._id, self._connection.run(call, timeout))

    def experiments(self, *, timeout: float | None = None) -> Iterator[Experiment]:
        """Every experiment by id."""
        for info in self._connection.list(calls.list_experiments(self._id), timeout):
            yield Experiment(self._connection, self._id, info)
