"""How fast one caller is answered, measured through the public client."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_WARM_UP_CALLS = 20
_MAX_CALLS = 5_000

Predict = Callable[[list[str]], object]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a call with one text: median and 99th percentile."""

    p50: float
    p99: float
    calls: int


def measure_latency(predict: Predict, texts: Sequence[str], seconds: float) -> Latency:
    """One text a call, one call after the other."""
    spent = sorted(_durations(predict, texts, 1, seconds))
    return Latency(p50=1e3 * spent[len(spent) // 2], p99=1e3 * spent[int(len(spent) * 0.99)], calls=len(spent))


def measure_throughput(predict: Predict, texts: Sequence[str], batch: int, seconds: float) -> float:
    """Texts a second with `batch` texts a call, one call after the other."""
    spent = list(_durations(predict, texts, batch, seconds))
    return batch * len(spent) / sum(spent)


def _durations(predict: Predict, texts: Sequence[str], batch: int, seconds: float) -> Iterator[float]:
    """Seconds of each call after a warm-up."""
    supply = itertools.cycle(texts)
    for _ in range(_WARM_UP_CALLS):
        predict(list(itertools.islice(supply, batch)))
    end = time.perf_counter() + seconds
    for call in range(_MAX_CALLS):
        asked = list(itertools.islice(supply, batch))
        start = time.perf_counter()
        predict(asked)
        now = time.perf_counter()
        yield now - start
        if now > end and call:
            return
