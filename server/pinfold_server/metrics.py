"""Figures of one process: plain numbers that the hot path raises, gathered only when somebody asks.

A figure is changed by one thread only (the event loop of a worker, the main thread of a trainer), so it needs no lock;
whoever reads it from another thread sees a number that was right a moment ago. Names and units follow Prometheus.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: Upper bounds in seconds; the first are where a prediction of one text lies.
SECONDS = (
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
)  # fmt: skip

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One time series now. A histogram has `counts`, one for each bound and one above all, and `value` is its sum."""

    labels: Labels
    value: float
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """All series of a name. `kind` is counter, gauge or histogram.

    `shared` means that every process reads the same thing, such as the size of the store: one of them speaks for all.
    """

    name: str
    kind: str
    help: str
    samples: tuple[Sample, ...]
    bounds: tuple[float, ...] = ()
    shared: bool = False


@dataclass(slots=True)
class Histogram:
    """How often values fell between the bounds, and their sum."""

    bounds: Sequence[float] = SECONDS
    total: float = 0.0
    counts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def sample(self, labels: Labels = ()) -> Sample:
        return Sample(labels, self.total, tuple(self.counts))


Source = Callable[[], Iterable[Family]]


class Registry:
    """Who in this process has figures."""

    def __init__(self) -> None:
        self._sources: list[Source] = []

    def add(self, source: Source) -> None:
        """`source` is called for each report, from any thread."""
        self._sources.append(source)

    def collect(self) -> list[Family]:
        return [family for source in self._sources for family in source()]

    def report(self) -> bytes:
        """Everything now, in one line that `decode` reads."""
        return encode(self.collect())


def counter(name: str, text: str, value: float) -> Family:
    """A family of one series without labels."""
    return Family(name, "counter", text, (Sample((), value),))


def gauge(name: str, text: str, value: float, *, shared: bool = False) -> Family:
    """A family of one series without labels."""
    return Family(name, "gauge", text, (Sample((), value),), shared=shared)


def histogram(name: str, text: str, found: Histogram) -> Family:
    """A family of one series without labels."""
    return Family(name, "histogram", text, (found.sample(),), tuple(found.bounds))


def encode(families: Iterable[Family]) -> bytes:
    """A report of one process, for `decode` in another one; one line."""
    return json.dumps([asdict(family) for family in families], separators=(",", ":")).encode()


def decode(report: bytes) -> list[Family]:
    """What was encoded. Raises ValueError, KeyError or TypeError for anything else."""
    return [_family(**fields) for fields in json.loads(report)]


def _family(samples: list[dict[str, Any]], bounds: list[float], **fields: Any) -> Family:
    found = tuple(
        Sample(tuple((name, value) for name, value in sample["labels"]), sample["value"], tuple(sample["counts"]))
        for sample in samples
    )
    return Family(samples=found, bounds=tuple(bounds), **fields)
