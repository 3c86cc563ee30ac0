"""The one path of every RPC of the sync client: deadline, metadata, retry, translation of errors."""

import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import grpc

from pinfold._calls import NEVER, Budget, Call, Listing, Settings, Stream, check_timeout, closed_error
from pinfold._channel import Option, open_channel
from pinfold._methods import AnyMethod
from pinfold._status import translate

T = TypeVar("T")


class Connection:
    """A channel and what every call has in common. Safe to use from several threads."""

    def __init__(
        self,
        target: str,
        credentials: grpc.ChannelCredentials | None,
        options: Sequence[Option],
        settings: Settings,
    ) -> None:
        self.settings = settings
        self.target = target
        self._channel: grpc.Channel | None = open_channel(target, credentials, options)
        self._senders: dict[str, Callable[..., Any]] = {}

    def __del__(self) -> None:
        if getattr(self, "_channel", None) is not None:
            warnings.warn(
                f"unclosed pinfold.Client({self.target!r}); use `with` or close()",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )
            self.close()

    def close(self) -> None:
        """Ends the channel and every call on it. Closing again does nothing."""
        channel, self._channel = self._channel, None
        self._senders.clear()
        if channel is not None:
            channel.close()

    def run(self, call: Call[T], timeout: float | None = None) -> T:
        """The answer. Raises PinfoldError after the last attempt; `timeout` seconds bound all attempts together."""
        budget = self._budget(timeout, call.retry)
        send = self._sender(call.kind, call.method)
        while True:
            try:
                answer = send(call.body(), timeout=budget.remaining(), metadata=self.settings.metadata)
            except grpc.RpcError as error:
                failure = translate(error)
                pause = budget.pause_after(failure)
                if pause is None:
                    raise failure from error
            else:
                return call.read(answer)
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
        answers = self._sender("unary_stream", stream.method)(
            stream.request, timeout=timeout, metadata=self.settings.metadata
        )
        try:
            for answer in answers:
                yield stream.read(answer)
        except grpc.RpcError as error:
            raise translate(error) from error
        finally:
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

    def _sender(self, kind: str, method: AnyMethod) -> Callable[..., Any]:
        channel = self._channel
        if channel is None:
            raise closed_error()
        sender = self._senders.get(method.path)
        if sender is None:
            factory = getattr(channel, kind)
            sender = factory(method.path, method.request.SerializeToString, method.response.FromString)
            self._senders[method.path] = sender
        return sender
