"""The one path of every RPC of the sync client: deadline, metadata, retry, translation of errors."""

import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import grpc

from pinfold._balance import Balance
from pinfold._calls import NEVER, Budget, Call, Listing, Settings, Stream, check_timeout, closed_error
from pinfold._channel import CHANNELS, Option, check_channels, open_channel
from pinfold._methods import AnyMethod
from pinfold._status import translate

T = TypeVar("T")


class Connection:
    """Channels, and what every call has in common. Safe to use from several threads."""

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
        self._open = partial(open_channel, target, credentials, tuple(options))
        self._lock = threading.Lock()
        self._channels: dict[int, grpc.Channel] | None = {}
        self._senders: dict[tuple[int, str], Callable[..., Any]] = {}

    def __del__(self) -> None:
        if getattr(self, "_channels", None) is not None:
            warnings.warn(
                f"unclosed pinfold.Client({self.target!r}); use `with` or close()",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )
            self.close()

    def close(self) -> None:
        """Ends the channels and every call on them. Closing again does nothing."""
        with self._lock:
            channels, self._channels = self._channels, None
            self._senders.clear()
        for channel in (channels or {}).values():
            channel.close()

    def run(self, call: Call[T], timeout: float | None = None) -> T:
        """The answer. Raises PinfoldError after the last attempt; `timeout` seconds bound all attempts together."""
        budget = self._budget(timeout, call.retry)
        while True:
            place = self._balance.take()
            try:
                send = self._sender(place, call.kind, call.method)
                answer = send(call.body(), timeout=budget.remaining(), metadata=self.settings.metadata)
            except grpc.RpcError as error:
                failure = translate(error)
                pause = budget.pause_after(failure)
                if pause is None:
                    raise failure from error
            else:
                return call.read(answer)
            finally:
                self._balance.give_back(place)
            time.sleep(pause)

    def run_many(self, calls: Iterable[Call[T]], in_flight: int, timeout: float | None = None) -> Iterator[T]:
        """The answers in the order of the calls, up to `in_flight` of them under way at a time.

        `timeout` bounds each call. The first failure ends the rest.
        """
        with ThreadPoolExecutor(in_flight, thread_name_prefix="pinfold") as pool:
            waiting: deque[Future[T]] = deque()
            try:
                for call in calls:
                    if len(waiting) == in_flight:
                        yield waiting.popleft().result()
                    waiting.append(pool.submit(self.run, call, timeout))
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def stream(self, stream: Stream[T], timeout: float) -> Iterator[T]:
        """The answers of a server stream, opened once. Raises PinfoldError when it breaks."""
        place = self._balance.take()
        answers: Any = None
        try:
            send = self._sender(place, "unary_stream", stream.method)
            answers = send(stream.request, timeout=timeout, metadata=self.settings.metadata)
            for answer in answers:
                yield stream.read(answer)
        except grpc.RpcError as error:
            raise translate(error) from error
        finally:
            self._balance.give_back(place)
            if answers is not None:
                answers.cancel()

    def list(self, listing: Listing[T], timeout: float | None = None) -> Iterator[T]:
        """Every item of a list, page by page; `timeout` bounds each page."""
        token = ""
        while True:
            page = self.run(listing.page(token), timeout)
            yield from page.items
            token = page.next_token
            if not token:
                return

    def _budget(self, timeout: float | None, retry: bool) -> Budget:
        settings = self.settings
        seconds = settings.timeout if timeout is None else check_timeout(timeout, "timeout")
        return Budget(seconds, settings.retry if retry else NEVER)

    def _sender(self, place: int, kind: str, method: AnyMethod) -> Callable[..., Any]:
        """What sends on a channel; the channel is opened by its first call."""
        sender = self._senders.get((place, method.path))
        if sender is None:
            with self._lock:
                if self._channels is None:
                    raise closed_error()
                channel = self._channels.get(place)
                if channel is None:
                    channel = self._channels[place] = self._open()
                factory = getattr(channel, kind)
                sender = factory(method.path, method.request.SerializeToString, method.response.FromString)
                self._senders[place, method.path] = sender
        return sender
