"""The door of unary predictions: room by number of texts, and for large ones by the time that they would wait.

Small requests are scored on the event loop as they come, and wait for nothing but one another. Large ones queue for
the scoring threads: they have a lane of their own, so that a batch job never turns a small request away.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pinfold_server.domain.predictions.admission import AdmissionLimits, Backlog, retry_after
from pinfold_server.errors import AppError, Code
from pinfold_server.services.predictions.budget import TextBudget
from pinfold_server.services.predictions.meters import PredictionMeter

#: Seconds that the caller of a request will still wait; None for ever.
TimeLeft = Callable[[], float | None]

FULL_RETRY_SECONDS = 0.1


def for_ever() -> None:
    """The time left to whoever set no deadline."""


@dataclass(slots=True)  # not frozen: one is made for every request, and that would take four times as long
class Load:
    """What a request brings. `size` is the bytes of its message: what it costs, known before it is read."""

    texts: int
    size: int
    large: bool


class Admission:
    """Belongs to the event loop. Each `enter` that returns is followed by one `leave`."""

    def __init__(
        self,
        texts_max: int,
        limits: AdmissionLimits,
        meter: PredictionMeter,
        clock: Callable[[], float],
    ) -> None:
        self._limits = limits
        self._meter = meter
        self._clock = clock
        self._small = TextBudget(texts_max)
        self._large = TextBudget(texts_max)
        self._backlog = Backlog()

    def check_unread(self, size: int, time_left: TimeLeft) -> None:
        """For a message that is large for sure: refused before it is parsed. Raises AppError OVERLOADED."""
        # `time_left` asks the clock of the system: only once somebody would wait.
        delay = None if self._backlog.idle else retry_after(self._backlog, size, time_left(), self._limits)
        if delay is not None:
            seconds = self._backlog.wait(size)
            raise self._refusal(
                f"this worker would need {seconds:.2f} s to answer this, too long for the deadline or the queue", delay
            )

    def enter(self, load: Load, time_left: TimeLeft) -> None:
        """Raises AppError OVERLOADED."""
        if load.large:
            self.check_unread(load.size, time_left)
        budget = self._large if load.large else self._small
        if not budget.try_take(load.texts):
            raise self._refusal(f"{budget.taken} texts wait in this worker already", self._full_retry(load))
        if load.large:
            self._backlog.begin(load.size, self._clock())

    def leave(self, load: Load, *, done: bool) -> None:
        """`done` when it was scored, rather than given up."""
        if load.large:
            self._large.give_back(load.texts)
            self._backlog.end(load.size, self._clock(), done=done)
        else:
            self._small.give_back(load.texts)

    def _full_retry(self, load: Load) -> float:
        return max(self._backlog.wait(0) if load.large else 0.0, FULL_RETRY_SECONDS)

    def _refusal(self, why: str, delay: float) -> AppError:
        self._meter.refused()
        return AppError(Code.EXHAUSTED, "OVERLOADED", f"{why}: send this again a little later", retry_after=delay)
