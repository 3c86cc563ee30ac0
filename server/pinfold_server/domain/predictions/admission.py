"""Who is let in when more is asked than can be answered. Pure: costs and times come in as arguments."""

from dataclasses import dataclass

#: Seconds of work after which the pace is measured anew, and the weight of the new measurement.
WINDOW_SECONDS = 0.1
NEWEST_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """`wait_seconds_max` bounds the wait of whoever has time; `deadline_part` (0 to 1) is the part of the time left to
    a call that its wait may take: an answer that comes too late costs as much as one that does not.
    """

    wait_seconds_max: float = 1.0
    deadline_part: float = 0.7
    retry_seconds_min: float = 0.05
    retry_seconds_max: float = 5.0


class Backlog:
    """Work under way, and the pace at which it goes: cost done a second, while there is any.

    The pace is that of the whole worker, whatever slows it down: threads that wait for one another, a training.
    """

    __slots__ = ("_busy", "_done", "_pace", "_seen", "under_way")

    def __init__(self) -> None:
        self.under_way = 0
        self._pace = 0.0
        self._seen = 0.0
        self._busy = 0.0
        self._done = 0

    @property
    def idle(self) -> bool:
        return self.under_way == 0

    def begin(self, cost: int, now: float) -> None:
        """Work of `cost` is let in at `now` (seconds, from any zero)."""
        if self.under_way == 0:
            self._seen = now
        self.under_way += cost

    def end(self, cost: int, now: float, *, done: bool) -> None:
        """It has left; not `done` when it was dropped, which says nothing about the pace."""
        self.under_way -= cost
        self._busy += now - self._seen
        self._seen = now
        if done:
            self._done += cost
        if self._busy >= WINDOW_SECONDS:
            self._measure()

    def wait(self, cost: int) -> float:
        """Seconds until work of `cost` that came now would be done; 0 before anything was measured."""
        return (self.under_way + cost) / self._pace if self._pace else 0.0

    def _measure(self) -> None:
        # A window in which nothing was finished is added to the next one.
        if self._done:
            newest = self._done / self._busy
            self._pace += (newest - self._pace) * (NEWEST_WEIGHT if self._pace else 1.0)
            self._busy, self._done = 0.0, 0


def retry_after(backlog: Backlog, cost: int, time_left: float | None, limits: AdmissionLimits) -> float | None:
    """None for work that is let in, else the seconds after which it may be tried again.

    `time_left` is what the caller waits at most, None for ever. Whoever comes while nothing is under way is let in:
    nobody would be served sooner by its refusal, and a pace that was measured too low would never be corrected.
    """
    if backlog.idle:
        return None
    bound = limits.wait_seconds_max
    if time_left is not None:
        bound = min(bound, time_left * limits.deadline_part)
    if backlog.wait(cost) <= bound:
        return None
    return min(max(backlog.wait(0), limits.retry_seconds_min), limits.retry_seconds_max)
