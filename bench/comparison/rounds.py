"""Rounds over Pinfold, the echo and the peers: what is measured when, and whose answers are trusted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.comparison import home
from bench.comparison.board import Board
from bench.comparison.entrants import Entrant
from bench.comparison.environments import CannotRun
from bench.comparison.shared_model import SharedModel
from bench.comparison.targets import Target
from bench.comparison.wires import NotAnswered
from bench.load import WrongAnswers

#: Pinfold trains a model of its own: it has to be about as often right as the pipeline that the peers serve.
ACCURACY_BELOW = 0.03


@dataclass(slots=True)
class Rounds:
    """Measures again and again; `say` gets a line on what is being done. `facts` stand beside a server's figures."""

    model: SharedModel
    homes: Mapping[str, Target]
    seconds: int
    folder: Path
    say: Callable[[str], None]
    board: Board = field(default_factory=Board)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, entrants: Sequence[Entrant], rounds: int) -> None:
        """All rounds. Raises `CannotRun` when Pinfold itself is not to be trusted."""
        for name in home.CONFIGS:
            self._check_home(name)
        for number in range(1, rounds + 1):
            self.say(f"round {number} of {rounds}: Pinfold and the echo")
            for name, target in self.homes.items():
                target.warm()
                self.board.enter(name, target.figures(self.seconds))
            for entrant in entrants:
                if entrant.name not in self.board.skipped:
                    self.say(f"round {number} of {rounds}: {entrant.name}")
                    self.measure(entrant)

    def measure(self, entrant: Entrant) -> None:
        """A peer, then Pinfold when the peer has ended: some take processor time even when nobody asks them anything.

        What goes wrong with a peer takes it out of the result.
        """
        try:
            with self._checked(entrant) as target:
                target.warm()
                found = target.figures(self.seconds)
        except (CannotRun, NotAnswered, WrongAnswers) as why:
            reason = str(why).partition("\n")[0]
            self.say(f"skipped: {entrant.name}: {reason}")
            self.board.skip(entrant.name, reason)
            return
        ours = {name: self.homes[name].figures(self.seconds) for name in home.CONFIGS}
        self.board.enter_beside(entrant.name, found, ours)

    def result(self) -> dict[str, Any]:
        """The JSON object of the bench, but for its setting."""
        return self.board.result(self.facts, tuple(home.CONFIGS))

    @contextmanager
    def _checked(self, entrant: Entrant) -> Iterator[Target]:
        """A running peer whose answers are those of the pipeline. Raises `CannotRun`."""
        folder = self.folder / entrant.name.replace("/", "-")
        with entrant.running(self.model.folder, folder) as address:
            target = Target.of(address, entrant.mark, entrant.peer.wire, self.model.texts)
            answers = target.labels(self.model.texts)
            accuracy = self.model.accuracy_of(answers)
            if not self.model.agrees(answers):
                raise CannotRun(f"answers other labels than the pipeline: right on {accuracy:.1%} of the sample")
            self._tell(entrant.name, entrant.version, entrant.peer.wire.transport.words, accuracy)
            yield target

    def _check_home(self, name: str) -> None:
        accuracy = self.model.accuracy_of(self.homes[name].labels(self.model.texts))
        if accuracy < self.model.accuracy - ACCURACY_BELOW:
            raise CannotRun(f"Pinfold's {name} is right on {accuracy:.1%}, the pipeline on {self.model.accuracy:.1%}")
        self._tell(name, version("pinfold-server"), "gRPC", accuracy)

    def _tell(self, name: str, release: str, over: str, accuracy: float) -> None:
        self.facts[name] = {"version": release, "over": over, "accuracy": round(accuracy, 4)}
