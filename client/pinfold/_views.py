"""What runs and versions that a caller holds tell without a call; the sync and the async handles add the calls."""

from pinfold import _names
from pinfold._enums import RunPhase, RunState
from pinfold._experiments import ExperimentInfo
from pinfold._model_types import Metrics, ModelFile, RunConfig, RunError, RunInfo, VersionInfo


class RunView:
    """A training as last seen."""

    def __init__(self, dataset_id: str, info: RunInfo) -> None:
        self._dataset_id = dataset_id
        self._info = info

    def __repr__(self) -> str:
        return f"<pinfold.{type(self).__name__} {self.number} of {self._dataset_id!r}, {self._info.state}>"

    @property
    def info(self) -> RunInfo:
        """Everything the server last told."""
        return self._info

    @property
    def number(self) -> int:
        """Runs are numbered from 1 in each dataset."""
        return self._info.number

    @property
    def name(self) -> str:
        """The resource name, such as `datasets/support/runs/3`."""
        return _names.run(self._dataset_id, self.number)

    @property
    def state(self) -> RunState | None:
        """State; None for one that this release of the client does not know."""
        return self._info.state

    @property
    def phase(self) -> RunPhase | None:
        """What the trainer does now; None unless running."""
        return self._info.phase

    @property
    def fraction(self) -> float:
        """Part of the whole training that is done, 0 to 1."""
        return self._info.fraction

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds until the end; None while unknown."""
        return self._info.seconds_left

    @property
    def config(self) -> RunConfig:
        """The configuration with its defaults filled in."""
        return self._info.config

    @property
    def error(self) -> RunError | None:
        """Why it failed."""
        return self._info.error

    @property
    def metrics(self) -> Metrics | None:
        """Quality on held-out documents; set when it succeeded."""
        return self._info.metrics

    @property
    def version_number(self) -> int | None:
        """The version that it made; set when it succeeded."""
        return self._info.version

    @property
    def done(self) -> bool:
        """It has ended, whether it succeeded or not."""
        return self._info.done


class ExperimentView:
    """Runs that belong together, as last seen."""

    def __init__(self, dataset_id: str, info: ExperimentInfo) -> None:
        self._dataset_id = dataset_id
        self._info = info

    def __repr__(self) -> str:
        return f"<pinfold.{type(self).__name__} {self.id!r} of {self._dataset_id!r}, {self._info.fraction:.0%}>"

    @property
    def info(self) -> ExperimentInfo:
        """Everything the server last told."""
        return self._info

    @property
    def id(self) -> str:
        """The id, unique in its dataset."""
        return self._info.id

    @property
    def name(self) -> str:
        """The resource name, such as `datasets/support/experiments/strength`."""
        return _names.experiment(self._dataset_id, self.id)

    @property
    def done(self) -> bool:
        """No run waits or works."""
        return self._info.done


class VersionView:
    """A model version as last seen."""

    def __init__(self, dataset_id: str, info: VersionInfo) -> None:
        self._dataset_id = dataset_id
        self._info = info

    def __repr__(self) -> str:
        pinned = ", pinned" if self.pinned else ""
        return f"<pinfold.{type(self).__name__} {self.number} of {self._dataset_id!r}{pinned}>"

    @property
    def info(self) -> VersionInfo:
        """Everything the server last told."""
        return self._info

    @property
    def number(self) -> int:
        """The number, rising in each dataset and never used again."""
        return self._info.number

    @property
    def name(self) -> str:
        """The resource name, such as `datasets/support/versions/7`."""
        return _names.version(self._dataset_id, self.number)

    @property
    def pinned(self) -> bool:
        """Kept until unpinned."""
        return self._info.pinned

    @property
    def available(self) -> bool:
        """False once the file of an unpinned version was dropped, because a newer one was trained."""
        return self._info.available

    @property
    def tags(self) -> tuple[str, ...]:
        """Tags that pointed to it when it was last read."""
        return self._info.tags

    @property
    def metrics(self) -> Metrics:
        """Quality on held-out documents."""
        return self._info.metrics

    @property
    def file(self) -> ModelFile:
        """SHA-256 and size of the ONNX file."""
        return self._info.file
