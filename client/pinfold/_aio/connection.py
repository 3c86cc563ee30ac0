"""The one path of every RPC of the async client: deadline, metadata, retry, translation of errors."""

import asyncio
import warnings
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

import grpc
import grpc.aio

from pinfold._aio.iterate import each
from pinfold._balance import Balance
from pinfold._calls import NEVER, Budget, Call, Listing, Settings, Stream, check_timeout, closed_error
from pinfold._channel import CHANNELS, Option, check_channels, open_aio_channel
from pinfold._methods import AnyMethod
from pinfold._status import translate

T = TypeVar("T")


class Connection:
    """Channels, and what every call has in common. Belongs to the event loop of its first call."""

    def __init__(
        self,
        target: str,
        credentials: grpc.ChannelCredentials | None,
        options: Sequence[Option],
        settings: Settings,
        channels: int = CHANNELS,
    ) -> None:
        self.settings = settings
        self.target = target
        self._balance = Balance(check_channels(channels))
        self._open = partial(open_aio_channel, target, credentials, tuple(options))
        self._channels: dict[int, grpc.aio.Channel] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._senders: dict[tuple[int, str], Callable[..., Any]] = {}

    def __del__(self) -> None:
        if getattr(self, "_channels", None):
            warnings.warn(
                f"unclosed pinfold.AsyncClient({self.target!r}); use `async with` or close()",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )

    async def close(self) -> None:
        """Ends the channels and every call on them. Closing again does nothing."""
        channels, self._channels = self._channels, {}
        self._closed = True
        self._senders.clear()
        for channel in channels.values():
            await channel.close()

    async def run(self, call: Call[T], timeout: float | None = None) -> T:
        """The answer. Raises PinfoldError after the last attempt; `timeout` seconds bound all attempts together."""
        budget = self._budget(timeout, call.retry)
        while True:
            place = self._balance.take()
            try:
                send = self._sender(place, call.kind, call.method)
                answer = await send(call.body(), timeout=budget.remaining(), metadata=self.settings.metadata)
            except grpc.RpcError as error:
                failure = translate(error)
                pause = budget.pause_after(failure)
                if pause is None:
                    raise failure from error
            else:
                return call.read(answer)
            finally:
                self._balance.give_back(place)
            await asyncio.sleep(pause)

    async def run_many(
        self, calls: Iterable[Call[T]] | AsyncIterable[Call[T]], in_flight: int, timeout: float | None = None
    ) -> AsyncIterator[T]:
        """The answers in the order of the calls, up to `in_flight` of them under way at a time.

        `timeout` bounds each call. The first failure ends the rest.
        """
        waiting: deque[asyncio.Task[T]] = deque()
        try:
            async for call in each(calls):
                if len(waiting) == in_flight:
                    yield await waiting.popleft()
                waiting.append(asyncio.create_task(self.run(call, timeout)))
            while waiting:
                yield await waiting.popleft()
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def stream(self, stream: Stream[T], timeout: float) -> AsyncIterator[T]:
        """The answers of a server stream, opened once. Raises PinfoldError when it breaks."""
        place = self._balance.take()
        answers: Any = None
        try:
            send = self._sender(place, "unary_stream", stream.method)
            answers = send(stream.request, timeout=timeout, metadata=self.settings.metadata)
            async for answer in answers:
                yield stream.read(answer)
        except grpc.RpcError as error:
            raise translate(error) from error
        finally:
            self._balance.give_back(place)
            if answers is not None:
                answers.cancel()

    async def list(self, listing: Listing[T], timeout: float | None = None) -> AsyncIterator[T]:
        """Every item of a list, page by page; `timeout` bounds each page."""
        token = ""
        while True:
            page = await self.run(listing.page(token), timeout)
            for item in page.items:
                yield item
            token = page.next_token
            if not token:
                return

    def _budget(self, timeout: float | None, retry: bool) -> Budget:
        settings = self.settings
        seconds = settings.timeout if timeout is None else check_timeout(timeout, "timeout")
        return Budget(seconds, settings.retry if retry else NEVER)

    def _sender(self, place: int, kind: str, method: AnyMethod) -> Callable[..., Any]:
        """What sends on a channel; the channel is opened by its first call: outside a running loop it might be bound to
        a wrong one.
        """
        loop = asyncio.get_running_loop()
        if self._closed:
            raise closed_error()
        if self._loop is None:
            self._loop = loop
        elif self._loop is not loop:
            raise RuntimeError("this AsyncClient belongs to another event loop; make one client for each loop")
        sender = self._senders.get((place, method.path))
        if sender is None:
            channel = self._channels.get(place)
            if channel is None:
                channel = self._channels[place] = self._open()
            factory = getattr(channel, kind)
            sender = factory(method.path, method.request.SerializeToString, method.response.FromString)
            self._senders[place, method.path] = sender
        return sender
