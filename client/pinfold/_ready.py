"""Waiting for a server that is still starting (pure but for the clock)."""

import grpc

from pinfold import _methods
from pinfold._calls import NEVER, Budget, Call, check_timeout
from pinfold._errors import DeadlineExceeded, PinfoldError, Unavailable

_SERVING = 1
_ATTEMPT_SECONDS = 2.0
_PAUSE_SECONDS = 0.05


def health_check() -> Call[bool]:
    """Whether the server as a whole serves. Never retried by itself: an answer of now is wanted."""
    method = _methods.HEALTH_CHECK
    return Call(method, method.request(), lambda status: status.value == _SERVING, retry=False)


class ReadyBudget:
    """How long and how often a server is asked."""

    def __init__(self, timeout: float) -> None:
        self._timeout = check_timeout(timeout, "timeout")
        self._budget = Budget(self._timeout, NEVER)

    def attempt_seconds(self) -> float:
        return min(self._budget.remaining(), _ATTEMPT_SECONDS)

    def pause_after(self, failure: PinfoldError | None) -> float:
        """Seconds until the next question; `failure` is None when the server said that it does not serve.

        Raises Unavailable when the time is over, and at once a failure that time does not mend.
        """
        if failure is not None and not isinstance(failure, Unavailable | DeadlineExceeded):
            raise failure
        if self._budget.remaining() > _PAUSE_SECONDS:
            return _PAUSE_SECONDS
        why = "it answers NOT_SERVING" if failure is None else failure.message
        raise Unavailable(
            f"the server was not ready within {self._timeout:g} s: {why}", grpc.StatusCode.UNAVAILABLE
        ) from failure
