"""The figures of all rounds, and what they come to: medians, and Pinfold's multiples of each peer."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: What the ratios compare, by their names in the result: figures of which more is better, and of which less is.
RATES = {"unary_c64": "unary_c64_rps", "batch64": "batch64_texts_per_s"}
PROCESSOR = {"unary_c64_cpu": "unary_c64_cpu_us", "batch64_cpu": "batch64_cpu_us"}

Figures = Mapping[str, float]


@dataclass(slots=True)
class Board:
    """Figures by server and measure, one for each time that it was measured; ratios are those of one visit."""

    figures: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    ratios: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    skipped: dict[str, str] = field(default_factory=dict)

    def enter(self, name: str, found: Figures) -> None:
        """The figures of a server, measured once."""
        for measure, figure in found.items():
            self.figures[name][measure].append(figure)

    def enter_beside(self, peer: str, found: Figures, home: Mapping[str, Figures]) -> None:
        """The figures of a peer and what Pinfold, by name of its model, had right after them."""
        self.enter(peer, found)
        for name, ours in home.items():
            self.enter(name, ours)
            for ratio, measure in RATES.items():
                self.ratios[peer][f"{ratio}_{name}"].append(ours[measure] / found[measure])
            for ratio, measure in PROCESSOR.items():
                # Not known everywhere.
                if measure in ours and measure in found:
                    self.ratios[peer][f"{ratio}_{name}"].append(found[measure] / ours[measure])

    def skip(self, name: str, why: str) -> None:
        """No figure of this server counts, not even those of earlier rounds."""
        self.skipped[name] = why
        self.figures.pop(name, None)
        self.ratios.pop(name, None)

    def medians(self, name: str) -> dict[str, float]:
        """The figures of a server."""
        return {measure: round(statistics.median(values), 1) for measure, values in self.figures[name].items()}

    def multiples(self, peer: str) -> dict[str, float]:
        """How many times better than a peer Pinfold is."""
        return {name: round(statistics.median(values), 2) for name, values in self.ratios[peer].items()}

    def result(self, facts: Mapping[str, Mapping[str, Any]], home: Sequence[str]) -> dict[str, Any]:
        """The JSON object of the bench; `facts` of a server stand beside its figures."""
        told = {name: self.medians(name) | dict(facts.get(name, {})) for name in self.figures}
        peers = {name: found for name, found in told.items() if name in self.ratios}
        return {
            "peers": peers,
            "pinfold": {name: told[name] for name in home},
            "echo": told["echo"],
            "ratios": {name: self.multiples(name) for name in peers},
            "skipped": self.skipped,
        }
