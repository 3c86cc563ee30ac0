"""Which waiting requests share a run of the engine, and when it starts. Pure: turns and times come in as arguments."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class MergeLimits:
    """Bounds on what is scored at one go on the event loop, where it holds up everything else."""

    texts_max: int
    characters_max: int

    def allow(self, texts: int, characters: int) -> bool:
        return texts <= self.texts_max and characters <= self.characters_max


SMALLEST, LARGEST = MergeLimits(64, 16_384), MergeLimits(512, 32_768)
"""For any model, and for the fastest: some tenths of a millisecond for texts of usual length. What goes beyond the
largest is large whoever answers.
"""
#: Probabilities that compiled code computes at one go: at most so many texts times labels, but for `SMALLEST`.
_PROBABILITIES_MAX = 1 << 16


@lru_cache(1024)
def limits_of(lane: str, labels: int) -> MergeLimits:
    """Those of a model with so many labels that is answered by the given lane."""
    if lane != "compiled":
        return SMALLEST
    texts = min(max(_PROBABILITIES_MAX // labels, SMALLEST.texts_max), LARGEST.texts_max)
    return MergeLimits(texts, max(LARGEST.characters_max * texts // LARGEST.texts_max, SMALLEST.characters_max))


def leading(sizes: Iterable[tuple[int, int]], limits: MergeLimits) -> int:
    """How many of the requests that wait, from the first on, are scored together; at least one of any.

    `sizes` holds texts and characters of each. Nobody overtakes: the order of arrival is the order of the answers.
    """
    texts = characters = count = 0
    for more_texts, more_characters in sizes:
        texts += more_texts
        characters += more_characters
        if count and not limits.allow(texts, characters):
            break
        count += 1
    return count


class Patience:
    """For how many turns of the event loop a run is put off so that more requests can join it: none, unless requests
    came together a moment ago. Who comes alone is scored at once, without a turn, but every `probe_every`-th waits like
    in a crowd, to see whether there is one: in a single turn it would hardly ever be met.

    gRPC hands over one call at a time, a few turns of the loop after the one before. A run in every turn would
    therefore meet one request each, with a crowd waiting behind the door. So while runs are shared, the next one starts
    when nobody has joined for `quiet_turns`, or when `seconds_max` have passed since the first came. `alone_max` runs
    in a row that nobody joined end the waiting.
    """

    __slots__ = ("_alone", "_at_once", "_probes", "_quiet", "alone_max", "probe_every", "quiet_turns", "seconds_max")

    def __init__(
        self, quiet_turns: int = 8, alone_max: int = 4, seconds_max: float = 0.002, probe_every: int = 8
    ) -> None:
        self.quiet_turns = quiet_turns
        self.alone_max = alone_max
        self.seconds_max = seconds_max
        self.probe_every = probe_every
        self._alone = alone_max
        self._at_once = 0
        self._quiet = 0
        self._probes = False

    def at_once(self) -> bool:
        """Asked for each request that comes while nobody waits: whether it is scored without a turn."""
        if self._alone < self.alone_max:
            return False
        self._at_once += 1
        self._probes = self._at_once % self.probe_every == 0
        return not self._probes

    def joined(self) -> None:
        """A request has come."""
        self._quiet = 0

    def waits(self, seconds: float) -> bool:
        """Asked in every turn; `seconds` since the first request came."""
        self._quiet += 1
        crowd = self._probes or self._alone < self.alone_max
        return crowd and self._quiet <= self.quiet_turns and seconds < self.seconds_max

    def ran(self, requests: int) -> None:
        """So many requests shared a run."""
        self._alone = 0 if requests > 1 else self._alone + 1
        self._probes = False
