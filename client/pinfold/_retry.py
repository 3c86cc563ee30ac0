"""When a failed call is made again, and after which pause (pure: time and chance come in as arguments)."""

from dataclasses import dataclass

from pinfold._errors import PinfoldError, ResourceExhausted, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """Capped exponential back-off with jitter, for calls whose repeat is safe. Times in seconds.

    Only two failures are retried: UNAVAILABLE, and RESOURCE_EXHAUSTED where the server names a delay.
    The deadline of the call bounds all attempts together, and in the default policy it is what ends them: all workers
    of a server may die at once, and how soon their successors answer depends on the machine. `jitter` (0 to 1) is the
    part of every pause that is left to chance, so that clients that failed together do not come back together.

    Example:
        >>> RetryPolicy(max_attempts=1)  # never retry
        RetryPolicy(max_attempts=1, initial_backoff=0.1, max_backoff=0.5, multiplier=2.0, jitter=0.5)

    """

    max_attempts: int = 100
    initial_backoff: float = 0.1
    max_backoff: float = 0.5
    multiplier: float = 2.0
    jitter: float = 0.5

    def __post_init__(self) -> None:
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts must be at least 1, got {self.max_attempts}")
        if not 0 <= self.initial_backoff <= self.max_backoff:
            raise ValueError(
                f"need 0 <= initial_backoff <= max_backoff, got {self.initial_backoff} and {self.max_backoff}"
            )
        if self.multiplier < 1:
            raise ValueError(f"multiplier must be at least 1, got {self.multiplier}")
        if not 0 <= self.jitter <= 1:
            raise ValueError(f"jitter must be 0 to 1, got {self.jitter}")


DEFAULT_RETRY = RetryPolicy()


def backoff(policy: RetryPolicy, attempt: int, roll: float) -> float:
    """Pause after failed attempt number `attempt` (from 1); `roll` is uniform in 0 to 1."""
    # The exponent is bounded because a large one overflows a float long after the cap has been reached.
    grown = policy.initial_backoff * policy.multiplier ** min(attempt - 1, 64)
    return min(grown, policy.max_backoff) * (1 - policy.jitter * roll)


def pause_before_retry(
    policy: RetryPolicy, attempt: int, error: PinfoldError, remaining: float, roll: float
) -> float | None:
    """Seconds to wait before the next attempt; None when the error is final.

    A pause that the server named is never cut short, only spread upwards. No attempt starts when the
    pause would use up what remains of the deadline.
    """
    if attempt >= policy.max_attempts:
        return None
    if isinstance(error, Unavailable):
        pause = max(backoff(policy, attempt, roll), error.retry_delay or 0.0)
    elif isinstance(error, ResourceExhausted) and error.retry_delay is not None:
        pause = error.retry_delay * (1 + policy.jitter * roll)
    else:
        return None
    return pause if pause < remaining else None
