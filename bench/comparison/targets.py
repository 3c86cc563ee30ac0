"""What is loaded, and how much: three measures of two figures each, the same for every server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bench.beside import MARK, cores
from bench.comparison.wires import Wire
from bench.load import Work
from bench.processes import marked_cpu_seconds

_WARM_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Measure:
    """`texts` a request, `calls` under way at any time.

    Its two figures by their names: texts a second, which are requests a second where a request has one text, and
    microseconds of processor time that all processes of the server took for a text.
    """

    texts: int
    calls: int
    rate: str
    processor: str


MEASURES = (
    Measure(1, 1, "unary_c1_rps", "unary_c1_cpu_us"),
    Measure(1, 64, "unary_c64_rps", "unary_c64_cpu_us"),
    Measure(64, 8, "batch64_texts_per_s", "batch64_cpu_us"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """A server that runs, and the messages that it is loaded with: by texts a request, with the answer that it gave.

    `mark` is that of its processes.
    """

    address: str
    mark: str
    wire: Wire
    works: Mapping[int, Work]

    @classmethod
    def of(cls, address: str, mark: str, wire: Wire, texts: Sequence[str]) -> Self:
        """Asks the server what it will be asked. Raises `NotAnswered`."""
        works = {}
        for size in {measure.texts for measure in MEASURES}:
            request = wire.loaded([texts[place % len(texts)] for place in range(size)])
            works[size] = Work(request, wire.transport.ask(address, request))
        return cls(address, mark, wire, works)

    def labels(self, texts: Sequence[str]) -> list[str]:
        """The most probable label of each text, asked for 64 at a time. Raises `NotAnswered`."""
        found: list[str] = []
        for begin in range(0, len(texts), 64):
            found += self.wire.ask(self.address, texts[begin : begin + 64])
        return found

    def warm(self) -> None:
        """A moment of load whose figures nobody reads: some servers change their mind about batches under it."""
        with cores(first=False):
            self._measure(MEASURES[1], _WARM_SECONDS)

    def figures(self, seconds: int) -> dict[str, float]:
        """All measures, one after another; processor time only on Linux. Raises `load.WrongAnswers`."""
        found: dict[str, float] = {}
        with cores(first=False):
            for measure in MEASURES:
                found |= self._measure(measure, seconds)
        return found

    def _measure(self, measure: Measure, seconds: int) -> dict[str, float]:
        before = marked_cpu_seconds(MARK, self.mark)
        load = self.wire.transport.load(self.address, self.works[measure.texts], measure.calls, seconds)
        taken = marked_cpu_seconds(MARK, self.mark) - before
        rate = load.rps * measure.texts
        return {measure.rate: rate} | ({measure.processor: taken / (rate * seconds) * 1e6} if taken > 0 else {})
