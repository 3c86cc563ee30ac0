"""What is loaded, and how much: three measures, the same for every server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bench.beside import cores
from bench.comparison.wires import Wire
from bench.load import Work

_WARM_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Measure:
    """`texts` a request, `calls` under way at any time; the figure is texts a second."""

    texts: int
    calls: int


#: By the name of the figure. With one text a request, texts a second are requests a second.
MEASURES: Mapping[str, Measure] = {
    "unary_c1_rps": Measure(1, 1),
    "unary_c64_rps": Measure(1, 64),
    "batch64_texts_per_s": Measure(64, 8),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A server that runs, and the messages that it is loaded with: by texts a request, with the answer that it gave."""

    address: str
    wire: Wire
    works: Mapping[int, Work]

    @classmethod
    def of(cls, address: str, wire: Wire, texts: Sequence[str]) -> Self:
        """Asks the server what it will be asked. Raises `NotAnswered`."""
        works = {}
        for size in {measure.texts for measure in MEASURES.values()}:
            request = wire.request([texts[place % len(texts)] for place in range(size)])
            works[size] = Work(request, wire.transport.ask(address, request))
        return cls(address, wire, works)

    def labels(self, texts: Sequence[str]) -> list[str]:
        """The most probable label of each text, asked for 64 at a time. Raises `NotAnswered`."""
        found: list[str] = []
        for begin in range(0, len(texts), 64):
            request = self.wire.request(texts[begin : begin + 64])
            found += self.wire.labels(self.wire.transport.ask(self.address, request))
        return found

    def warm(self) -> None:
        """A moment of load whose figure nobody reads: some servers change their mind about batches under it."""
        with cores(first=False):
            self.figure(MEASURES["unary_c64_rps"], _WARM_SECONDS)

    def figures(self, seconds: int) -> dict[str, float]:
        """All measures, one after another. Raises `load.WrongAnswers`."""
        with cores(first=False):
            return {name: self.figure(measure, seconds) for name, measure in MEASURES.items()}

    def figure(self, measure: Measure, seconds: int) -> float:
        """Texts a second. Raises `load.WrongAnswers`."""
        found = self.wire.transport.load(self.address, self.works[measure.texts], measure.calls, seconds)
        return found.rps * measure.texts
