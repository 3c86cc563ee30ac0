"""What a call is and how long it may take: shared by the sync and the async connection, which only send and sleep."""

import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import grpc
from google.protobuf.message import Message

from pinfold._errors import DeadlineExceeded, PinfoldError, Unavailable
from pinfold._methods import AnyMethod, Method, Req, Res
from pinfold._retry import DEFAULT_RETRY, RetryPolicy, pause_before_retry

T = TypeVar("T")
U = TypeVar("U")

PAGE_SIZE = 1_000
# A watch that is older is opened anew, so that one whose server has silently gone is not waited for for ever.
WATCH_SECONDS = 600.0
# A file can be large and a line slow; only the whole transfer is bounded.
DOWNLOAD_SECONDS = 300.0
ARCHIVE_SECONDS = 3_600.0
NEVER = RetryPolicy(max_attempts=1)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One RPC with one answer. Where the client streams, `request` gives its messages anew each time it is iterated."""

    method: AnyMethod
    request: Message | Iterable[Message]
    read: Callable[[Any], T]
    retry: bool = True

    @property
    def kind(self) -> str:
        """The kind of RPC as gRPC names it."""
        return "unary_unary" if isinstance(self.request, Message) else "stream_unary"

    def body(self) -> Message | Iterator[Message]:
        """What one attempt sends."""
        return self.request if isinstance(self.request, Message) else iter(self.request)


@dataclass(frozen=True, slots=True)
class Stream(Generic[T]):
    """One RPC with a stream of answers."""

    method: AnyMethod
    request: Message
    read: Callable[[Any], T]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list; `next_token` is empty on the last page."""

    items: list[T]
    next_token: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A paginated list. `request` is the first page's but for size and token."""

    method: AnyMethod
    request: Message
    items: Callable[[Any], Iterable[Any]]
    read: Callable[[Any], T]

    def page(self, token: str) -> Call[Page[T]]:
        request = type(self.request)()
        request.CopyFrom(self.request)
        request.page_size, request.page_token = PAGE_SIZE, token  # type: ignore[attr-defined]  # every List request has them
        return Call(self.method, request, self._read_page)

    def _read_page(self, response: Any) -> Page[T]:
        return Page([self.read(item) for item in self.items(response)], response.next_page_token)


def call(method: Method[Req, Res], request: Req, read: Callable[[Res], T]) -> Call[T]:
    """A call of one message, with a request id where the method takes one: it makes the retry exactly-once."""
    if method.takes_request_id:
        request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]  # just looked up
    return Call(method, request, read, method.repeatable)


def call_of_many(method: Method[Req, Res], requests: Iterable[Req], read: Callable[[Res], T]) -> Call[T]:
    """A call of a stream of messages that can be iterated again and again, so that it can be made again."""
    return Call(method, requests, read, method.repeatable)


def listing(
    method: Method[Req, Res], request: Req, items: Callable[[Res], Iterable[U]], read: Callable[[U], T]
) -> Listing[T]:
    """A list of which pages are read as they are needed."""
    return Listing(method, request, items, read)


def nothing(_: object) -> None:
    """Reads an answer that says no more than that the work is done."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What every call of a client has in common. Times in seconds."""

    timeout: float = 30.0
    predict_timeout: float = 10.0
    retry: RetryPolicy = DEFAULT_RETRY
    metadata: tuple[tuple[str, str | bytes], ...] = ()
    actor: str = ""

    def __post_init__(self) -> None:
        for name in ("timeout", "predict_timeout"):
            check_timeout(getattr(self, name), name)


def check_timeout(value: object, place: str) -> float:
    """A number of seconds above 0. Raises TypeError or ValueError naming `place`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{place} must be a number of seconds, got {type(value).__name__}")
    if not 0 < value < float("inf"):
        raise ValueError(f"{place} must be above 0 and finite, got {value}")
    return float(value)


class Budget:
    """Deadline and attempts of one call."""

    __slots__ = ("_attempt", "_deadline", "_policy")

    def __init__(self, timeout: float, policy: RetryPolicy) -> None:
        self._deadline = time.monotonic() + timeout
        self._policy = policy
        self._attempt = 0

    def remaining(self) -> float:
        """Seconds until the deadline; never below a moment, so that the call itself reports the deadline."""
        return max(self._deadline - time.monotonic(), 0.001)

    def pause_after(self, error: PinfoldError) -> float | None:
        """Counts a failed attempt; the pause before the next one, None when there is none."""
        self._attempt += 1
        return pause_before_retry(self._policy, self._attempt, error, self.remaining(), random.random())

    def progressed(self) -> None:
        """An answer came: failures are counted anew."""
        self._attempt = 0


class WatchBudget:
    """Deadline and attempts of a watch, which is opened again as often as it breaks."""

    __slots__ = ("_budget", "_what")

    def __init__(self, timeout: float | None, policy: RetryPolicy, what: str) -> None:
        self._budget = Budget(float("inf") if timeout is None else check_timeout(timeout, "timeout"), policy)
        self._what = what

    def opening(self) -> float:
        """Seconds that the next stream may last."""
        return min(self._budget.remaining(), WATCH_SECONDS)

    def progressed(self) -> None:
        self._budget.progressed()

    def pause_after(self, error: PinfoldError) -> float:
        """Seconds until the watch is opened again. Raises when it is not: the error, or DeadlineExceeded."""
        if isinstance(error, DeadlineExceeded):
            if self._budget.remaining() > 0.001:
                return 0.0
            raise DeadlineExceeded(f"the time to wait for {self._what} is over; it goes on", error.code) from error
        pause = self._budget.pause_after(error)
        if pause is None:
            raise error
        return pause


def closed_error() -> RuntimeError:
    return RuntimeError("the client is closed")


def stream_ended() -> PinfoldError:
    """A server ended a stream before what it was opened for: as if it had gone."""
    return Unavailable("the server ended the stream early", grpc.StatusCode.UNAVAILABLE)
