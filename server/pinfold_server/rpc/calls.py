"""A call while it runs: it is counted, timed, and whatever it raised becomes its status."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, NoReturn

import grpc
from google.protobuf.descriptor import MethodDescriptor

from pinfold_server.errors import AppError, Code, StoreBroken
from pinfold_server.rpc import statuses
from pinfold_server.rpc.meters import CallMeters

log = logging.getLogger(__name__)

Context = Any  # grpc.aio.ServicerContext, generic over types that are bytes here
OnBroken = Callable[[], None]

#: What a caller's own id of a request may look like: it is repeated in logs and answers.
_REQUEST_ID = re.compile(r"[\w.:/+=@-]{1,128}", re.ASCII)


class Calls:
    """The calls that run now in this process, and the figures of those that ran.

    `on_broken` is called when the store says that this process cannot go on.
    """

    def __init__(self, on_broken: OnBroken) -> None:
        self.running = 0
        self.on_broken = on_broken
        self.meters = CallMeters()


class Method:
    """What the calls of one method have in common."""

    def __init__(self, method: MethodDescriptor, calls: Calls) -> None:
        self.name = method.full_name
        self.calls = calls
        self.meter = calls.meters.of(method)

    def call(self) -> "Call":
        """A call that has come in; to be entered at once."""
        return Call(self)


class Call:
    """One call, from its request to its end."""

    __slots__ = ("_began", "_code", "_method")

    def __init__(self, method: Method) -> None:
        self._method = method
        self._code = "OK"

    def __enter__(self) -> "Call":
        self._method.calls.running += 1
        self._method.meter.started += 1
        self._began = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        method = self._method
        method.calls.running -= 1
        # The caller went away or its deadline passed: gRPC cancels the handler, or closes its stream of answers.
        if kind is not None and issubclass(kind, asyncio.CancelledError | GeneratorExit):
            self._code = "CANCELLED"
        seconds = time.perf_counter() - self._began
        method.meter.ended(self._code, seconds)
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s ended with %s after %.3f ms", method.name, self._code, seconds * 1e3)

    async def abort(self, context: Context, error: Exception) -> NoReturn:
        """Ends the call with the status of `error`; the id of the request goes into the trailers and the log."""
        if isinstance(error, StoreBroken):
            log.critical("the store is broken, this process ends: %s", error)
            self._method.calls.on_broken()
            error = AppError(
                Code.UNAVAILABLE, "STORE_RESTARTING", "the server restarts a worker: try again", retry_after=0.5
            )
        request_id = _request_id(context)
        if isinstance(error, AppError):
            status, message, trailers = statuses.STATUS_OF[error.code], error.message, statuses.trailers(error)
        else:
            error_id = secrets.token_hex(8)
            log.error(
                "%s failed unexpectedly, error id %s", self._method.name, error_id,
                exc_info=error, extra={"request_id": request_id},
            )  # fmt: skip
            status, message = grpc.StatusCode.INTERNAL, f"internal error {error_id}: the server's log has the details"
            trailers = statuses.internal_trailers(message, error_id)
        self._code = status.name
        try:
            await context.abort(status, message, (*trailers, (statuses.REQUEST_ID_KEY, request_id)))
        except Exception as aborted:
            asyncio.get_running_loop().call_soon(_forget_frames, aborted)
            raise
        raise AssertionError("abort returned: this is a bug")


def _forget_frames(aborted: BaseException) -> None:
    """The call keeps the exception that aborted it, whose traceback keeps the frames, which keep the call and the
    request: a cycle, which would hold the messages of refused calls until Python looks for cycles.
    """
    aborted.__traceback__ = aborted.__context__ = None


def _request_id(context: Context) -> str:
    """The caller's own id of the request, or a new one."""
    for key, value in context.invocation_metadata() or ():
        if key == statuses.REQUEST_ID_KEY and isinstance(value, str) and _REQUEST_ID.fullmatch(value):
            return value
    return secrets.token_hex(8)
