"""The part of pinfold.v1.ModelService that is about runs that belong together."""

from dataclasses import dataclass

from pinfold.v1 import experiment_pb2 as pb
from pinfold.v1 import model_service_pb2
from pinfold.v1.run_pb2 import Run
from pinfold_server.domain import names
from pinfold_server.errors import invalid
from pinfold_server.rpc.convert import convert_experiments as convert
from pinfold_server.rpc.convert.convert_runs import run_to_pb
from pinfold_server.rpc.once import request_key
from pinfold_server.services.common.pages import Page, PageRequest
from pinfold_server.services.runs.experiments import ExperimentService
from pinfold_server.services.runs.run_deletions import RunDeletionService
from pinfold_server.services.runs.runs import RunService
from pinfold_server.store.storage_pb2 import RunRecord


@dataclass(frozen=True, slots=True)
class ExperimentUse:
    """The use cases of these calls."""

    runs: RunService
    experiments: ExperimentService
    deletions: RunDeletionService


class ExperimentCalls:
    """Each method converts, calls one use case and converts back."""

    def __init__(self, use: ExperimentUse) -> None:
        self._experiment = use

    async def ListRuns(self, request: model_service_pb2.ListRunsRequest) -> model_service_pb2.ListRunsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        page = self._listed(dataset, request)
        runs = [run_to_pb(dataset, record) for record in page.records]
        return model_service_pb2.ListRunsResponse(runs=runs, next_page_token=page.next_token)

    async def UpdateRun(self, request: pb.UpdateRunRequest) -> Run:
        dataset, number = names.parse_run(request.run.name, "run.name")
        notes = convert.notes_from_pb(request)
        record = await self._experiment.runs.update(dataset, number, notes, request_key("UpdateRun", request))
        return run_to_pb(dataset, record)

    async def DeleteRun(self, request: pb.DeleteRunRequest) -> pb.DeleteRunResponse:
        dataset, number = names.parse_run(request.name)
        if not request.confirmation_token:
            return convert.deletion_to_pb(self._experiment.deletions.look(dataset, number))
        once = request_key("DeleteRun", request)
        deletion = await self._experiment.deletions.delete(dataset, number, request.confirmation_token, once)
        return convert.deletion_to_pb(deletion)

    async def CreateSweep(self, request: pb.CreateSweepRequest) -> pb.Experiment:
        dataset = names.parse_dataset(request.dataset, "dataset")
        once = request_key("CreateSweep", request)
        info = await self._experiment.experiments.sweep(dataset, convert.sweep_from_pb(request), once)
        return convert.experiment_to_pb(dataset, info)

    async def GetExperiment(self, request: pb.GetExperimentRequest) -> pb.Experiment:
        dataset, experiment = names.parse_experiment(request.name)
        return convert.experiment_to_pb(dataset, self._experiment.experiments.get(dataset, experiment))

    async def ListExperiments(self, request: pb.ListExperimentsRequest) -> pb.ListExperimentsResponse:
        dataset = names.parse_dataset(request.dataset, "dataset")
        wanted = PageRequest(request.page_size, request.page_token)
        page = self._experiment.experiments.list_experiments(dataset, wanted)
        experiments = [convert.experiment_to_pb(dataset, info) for info in page.records]
        return pb.ListExperimentsResponse(experiments=experiments, next_page_token=page.next_token)

    async def CancelExperiment(self, request: pb.CancelExperimentRequest) -> pb.Experiment:
        dataset, experiment = names.parse_experiment(request.name)
        return convert.experiment_to_pb(dataset, await self._experiment.experiments.cancel(dataset, experiment))

    def _listed(self, dataset: str, request: model_service_pb2.ListRunsRequest) -> Page[RunRecord]:
        wanted = PageRequest(request.page_size, request.page_token)
        metric = convert.metric_from_pb(request.order_by, "order_by")
        experiment, starred = request.experiment_id, request.starred_only
        if metric is None:
            return self._experiment.runs.list_runs(dataset, wanted, experiment_id=experiment, starred_only=starred)
        if not experiment:
            raise invalid("order_by", "needs experiment_id: only the runs of an experiment are ordered by a figure")
        return self._experiment.experiments.best_first(dataset, experiment, metric, wanted, starred_only=starred)
