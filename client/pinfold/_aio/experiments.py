"""Experiments of a dataset that an async client holds."""

from collections.abc import AsyncIterator, Iterable

from pinfold import _experiments as calls
from pinfold._aio.connection import Connection
from pinfold._aio.experiment import AsyncExperiment
from pinfold._experiments import Grid, RunMetric, Sweep
from pinfold._model_types import RunConfig


class AsyncDatasetExperiments:
    """Part of `AsyncDataset`: trainings that belong together."""

    _connection: Connection
    _id: str

    async def create_sweep(
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
    ) -> AsyncExperiment:
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
            >>> sweep = await support.create_sweep(
            ...     "strength", grid={"regularization": [0.3, 0.7], "word_ngram_max": [1, 2]}
            ... )
            >>> [run.metrics.micro_f1 async for run in sweep.runs("micro_f1")]

        """
        sweep = Sweep(experiment_id, configs, grid, base, title, description, metric)
        return AsyncExperiment(
            self._connection, self._id, await self._connection.run(calls.create_sweep(self._id, sweep), timeout)
        )

    async def experiment(self, experiment_id: str, *, timeout: float | None = None) -> AsyncExperiment:
        """Runs that belong together. Raises NotFound."""
        call = calls.get_experiment(self._id, experiment_id)
        return AsyncExperiment(self._connection, self._id, await self._connection.run(call, timeout))

    async def experiments(self, *, timeout: float | None = None) -> AsyncIterator[AsyncExperiment]:
        """Every experiment by id."""
        async for info in self._connection.list(calls.list_experiments(self._id), timeout):
            yield AsyncExperiment(self._connection, self._id, info)
