"""The life of a run: its states, who may change them, and how progress becomes an estimate."""

import enum


class RunState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


#: A run whose trainer died this often is given up: the run itself is what kills them.
ATTEMPTS_MAX = 3


def seconds_left(seconds_passed: float, fraction: float) -> float | None:
    """Estimate of the seconds that remain, from how long the done fraction took; None while it says too little."""
    if fraction < 0.05 or seconds_passed <= 0:
        return None
    return round(seconds_passed * (1 - fraction) / fraction, 1)
