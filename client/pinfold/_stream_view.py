"""What a stream that a caller holds tells without a call; the sync and the async handle add the calls."""

from pinfold import _names
from pinfold._stream_types import StreamInfo


class StreamView:
    """A stream as last seen."""

    def __init__(self, info: StreamInfo) -> None:
        self._info = info

    def __repr__(self) -> str:
        return f"<pinfold.{type(self).__name__} {self.id!r} of {self.dataset!r}>"

    @property
    def info(self) -> StreamInfo:
        """Definition and place as last seen."""
        return self._info

    @property
    def id(self) -> str:
        """The id, such as `routing`."""
        return self._info.id

    @property
    def dataset(self) -> str:
        """Id of the dataset."""
        return self._info.dataset

    @property
    def name(self) -> str:
        """The resource name, such as `datasets/support/streams/routing`."""
        return _names.stream(self.dataset, self.id)

    @property
    def version(self) -> int:
        """Number of the version that predicts."""
        return self._info.version
