"""The part of pinfold.v1.ModelService that studies versions: comparisons, experiments, slices, projections."""

from dataclasses import dataclass

from pinfold_server.rpc.models.comparison_calls import ComparisonCalls
from pinfold_server.rpc.models.experiment_calls import ExperimentCalls, ExperimentUse
from pinfold_server.rpc.models.projection_calls import ProjectionCalls
from pinfold_server.rpc.models.slice_calls import SliceCalls, SliceUse
from pinfold_server.services.quality.comparisons import ComparisonService
from pinfold_server.services.quality.projections import ProjectionService


@dataclass(frozen=True, slots=True)
class StudyUse:
    """The use cases of these calls."""

    comparisons: ComparisonService
    experiments: ExperimentUse
    slices: SliceUse
    projections: ProjectionService


class StudyCalls(ComparisonCalls, ExperimentCalls, SliceCalls, ProjectionCalls):
    """Each method converts, calls one use case and converts back."""

    def __init__(self, use: StudyUse) -> None:
        ComparisonCalls.__init__(self, use.comparisons)
        ExperimentCalls.__init__(self, use.experiments)
        SliceCalls.__init__(self, use.slices)
        ProjectionCalls.__init__(self, use.projections)
