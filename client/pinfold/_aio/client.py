"""The async client."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Self

import grpc

from pinfold import _archives
from pinfold import _dataset_calls as calls
from pinfold import _model_calls as model_calls
from pinfold._aio.connection import Connection
from pinfold._aio.dataset import AsyncDataset
from pinfold._aio.source import AsyncSource
from pinfold._calls import ARCHIVE_SECONDS, Settings
from pinfold._channel import CHANNELS, Option
from pinfold._enums import LabelMode
from pinfold._errors import AlreadyExists, PinfoldError
from pinfold._model_types import RunConfig, RunConfiguration
from pinfold._progress import TransferReport, transfer_reporter
from pinfold._ready import ReadyBudget, health_check
from pinfold._retry import DEFAULT_RETRY, RetryPolicy
from pinfold._types import ImportReport, TransferProgress


class AsyncClient:
    """A connection to a Pinfold server, for the event loop that makes its first call; the twin of `Client`.

    Args:
        target: `host:port`, or any target of gRPC.
        timeout: Seconds for a call with all its retries, unless the call says otherwise.
        predict_timeout: The same for predictions.
        retry: When and how often calls whose repeat is safe are made again.
        credentials: TLS; None sends everything in the clear.
        metadata: Sent with every call.
        actor: Who moves tags and annotates, where a call does not say.
        options: Channel options of gRPC, over ours.
        channels: Connections that calls are balanced over; a worker of the server is met by each.

    Example:
        >>> async with pinfold.AsyncClient("localhost:7463") as client:
        ...     await client.dataset("support").predict(["Where is my refund?"])

    """

    def __init__(
        self,
        target: str = "localhost:7463",
        *,
        timeout: float = 30.0,
        predict_timeout: float = 10.0,
        retry: RetryPolicy = DEFAULT_RETRY,
        credentials: grpc.ChannelCredentials | None = None,
        metadata: Sequence[tuple[str, str | bytes]] = (),
        actor: str | None = None,
        options: Sequence[Option] = (),
        channels: int = CHANNELS,
    ) -> None:
        settings = Settings(timeout, predict_timeout, retry, tuple(metadata), actor or "")
        self._connection = Connection(target, credentials, options, settings, channels)

    def __repr__(self) -> str:
        return f"<pinfold.AsyncClient {self._connection.target!r}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection and every call on it; handles that were made by the client end with it."""
        await self._connection.close()

    async def wait_until_ready(self, timeout: float = 30.0) -> None:
        """Returns once the server says that it serves. Raises Unavailable when it has not after `timeout` seconds."""
        budget = ReadyBudget(timeout)
        while True:
            failure: PinfoldError | None = None
            try:
                if await self._connection.run(health_check(), budget.attempt_seconds()):
                    return
            except PinfoldError as error:
                failure = error
            await asyncio.sleep(budget.pause_after(failure))

    async def create_dataset(
        self,
        dataset_id: str,
        *,
        title: str = "",
        description: str = "",
        sources: Iterable[str] = (),
        label_sentiment: bool = False,
        label_mode: LabelMode | str | None = None,
        exist_ok: bool = False,
        timeout: float | None = None,
    ) -> AsyncDataset:
        """Creates a dataset, and a source of the same id unless sources are named.

        `label_mode` says whether the leaf labels exclude each other, for trainings that do not say so themselves;
        None leaves it to each training to find out. With `label_sentiment` each assigned label says whether it applies
        in a good or a bad sense, by a mapping such as `{"Delivery": "negative"}`, and versions predict `sentiments`
        too; that cannot be changed later.

        Raises AlreadyExists when the id is taken; with `exist_ok` the existing dataset is returned as it is.
        """
        wanted = calls.DatasetFields(title, description, sources, label_mode, label_sentiment)
        try:
            info = await self._connection.run(calls.create_dataset(dataset_id, wanted), timeout)
        except AlreadyExists as error:
            if not exist_ok or error.reason == "SOURCE_EXISTS":
                raise
            return await self.get_dataset(dataset_id, timeout=timeout)
        return AsyncDataset(self._connection, dataset_id, info)

    def dataset(self, dataset_id: str) -> AsyncDataset:
        """A handle, without any call: whether the dataset exists is seen when it is used."""
        return AsyncDataset(self._connection, dataset_id)

    async def get_dataset(self, dataset_id: str, *, timeout: float | None = None) -> AsyncDataset:
        """A dataset with its `info`. Raises NotFound."""
        return await AsyncDataset(self._connection, dataset_id).refresh(timeout=timeout)

    async def list_datasets(self, *, timeout: float | None = None) -> AsyncIterator[AsyncDataset]:
        """Every dataset by id."""
        async for info in self._connection.list(calls.list_datasets(), timeout):
            yield AsyncDataset(self._connection, info.id, info)

    async def import_archive(
        self,
        path: str | PathLike[str],
        *,
        dataset_id: str | None = None,
        source_ids: Mapping[str, str] | None = None,
        progress: TransferReport = False,
        timeout: float = ARCHIVE_SECONDS,
    ) -> ImportReport:
        """Makes a dataset of a file that `Dataset.export_archive` wrote, on this server or another.

        Versions keep their numbers, tags and ONNX files and predict the same bits; nothing can be seen of the dataset
        before all of it is there and was checked.

        Args:
            path: The file.
            dataset_id: Id of the new dataset; default: the one that it had.
            source_ids: New ids of its sources by their ids in the file; a source of the dataset's own name follows the
                dataset, the others keep theirs.
            progress: True shows a line on standard error where that is a terminal; a callable gets `TransferProgress`.
            timeout: Seconds for transfer and checks.

        Raises AlreadyExists when an id is taken, InvalidArgument for a file that is no archive, cut off, damaged or of
        a newer Pinfold (see its `reason`), OSError when it cannot be read.

        """
        report = transfer_reporter("import", progress)
        size = Path(path).stat().st_size
        answer = await self._connection.run(
            _archives.import_dataset(Path(path), dataset_id, source_ids, report), timeout
        )
        report(TransferProgress(size, size, finished=True))
        return answer

    async def delete_dataset(
        self, dataset_id: str, *, force: bool = False, etag: str | None = None, timeout: float | None = None
    ) -> None:
        """See `AsyncDataset.delete`."""
        await self.dataset(dataset_id).delete(force=force, etag=etag, timeout=timeout)

    async def create_run_configuration(
        self, configuration_id: str, config: RunConfig, *, description: str = "", timeout: float | None = None
    ) -> RunConfiguration:
        """Stores options under a name that `Dataset.train` takes; it never changes. Raises AlreadyExists."""
        call = model_calls.create_run_configuration(configuration_id, config, description)
        return await self._connection.run(call, timeout)

    async def get_run_configuration(self, configuration_id: str, *, timeout: float | None = None) -> RunConfiguration:
        """Raises NotFound."""
        return await self._connection.run(model_calls.get_run_configuration(configuration_id), timeout)

    async def list_run_configurations(self, *, timeout: float | None = None) -> AsyncIterator[RunConfiguration]:
        """Every run configuration by id."""
        async for configuration in self._connection.list(model_calls.list_run_configurations(), timeout):
            yield configuration

    async def delete_run_configuration(self, configuration_id: str, *, timeout: float | None = None) -> None:
        """Runs that used it keep their options. Raises NotFound."""
        await self._connection.run(model_calls.delete_run_configuration(configuration_id), timeout)

    async def create_source(self, source_id: str, *, title: str = "", timeout: float | None = None) -> AsyncSource:
        """Creates a source. Raises AlreadyExists."""
        info = await self._connection.run(calls.create_source(source_id, title), timeout)
        return AsyncSource(self._connection, source_id, info)

    def source(self, source_id: str) -> AsyncSource:
        """A handle, without any call."""
        return AsyncSource(self._connection, source_id)

    async def get_source(self, source_id: str, *, timeout: float | None = None) -> AsyncSource:
        """A source with its `info`. Raises NotFound."""
        return await AsyncSource(self._connection, source_id).refresh(timeout=timeout)

    async def list_sources(self, *, timeout: float | None = None) -> AsyncIterator[AsyncSource]:
        """Every source by id."""
        async for info in self._connection.list(calls.list_sources(), timeout):
            yield AsyncSource(self._connection, info.id, info)

    async def delete_source(self, source_id: str, *, etag: str | None = None, timeout: float | None = None) -> None:
        """See `AsyncSource.delete`."""
        await self.source(source_id).delete(etag=etag, timeout=timeout)
