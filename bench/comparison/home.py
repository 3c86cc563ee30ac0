"""Pinfold itself, one worker with two datasets of the same texts, and the bare echo of its answers."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pinfold
from bench.beside import MARK, cores, echo_of, variables
from bench.comparison import wires
from bench.comparison.targets import Target
from bench.corpora import Example
from pinfold.cli.local_server import LocalServer

#: `words` reads what the peers' pipeline reads: words and pairs of them; the default configuration reads letters too.
CONFIGS: Mapping[str, pinfold.RunConfig] = {
    "words": pinfold.RunConfig(char_ngram_min=0, char_ngram_max=0, min_df=1),
    "default": pinfold.RunConfig(),
}
_TRAIN_SECONDS = 900


@contextmanager
def running(rows: Sequence[Example], texts: Sequence[str], folder: Path) -> Iterator[dict[str, Target]]:
    """The two datasets, trained, pinned and served on the first core, and `echo`, which does nothing for them."""
    # Once for an installation; else the server would compile beside the first measures.
    subprocess.run([sys.executable, "-m", "pinfold_server.engine.compilation"], check=True, stdout=subprocess.DEVNULL)
    with ExitStack() as stack:
        with cores(first=True), variables(**{MARK: _mark("server"), "PINFOLD_SERVER_ENGINE": "compiled"}):
            server = stack.enter_context(LocalServer(folder / "server"))
        _train(server.target, rows)
        targets = {name: Target.of(server.target, _mark("server"), wires.pinfold(name), texts) for name in CONFIGS}
        default = targets["default"]
        with variables(**{MARK: _mark("echo")}):
            address = stack.enter_context(echo_of(folder / "echo", default.works.values()))
        yield targets | {"echo": Target(address, _mark("echo"), default.wire, default.works)}


def _mark(name: str) -> str:
    """Not that of another run of the bench."""
    return f"{os.getpid()}/{name}"


def _train(address: str, rows: Sequence[Example]) -> None:
    documents = [{"id": str(place), "text": row.text, "labels": list(row.labels)} for place, row in enumerate(rows)]
    with pinfold.Client(address, timeout=120) as client:
        for name, config in CONFIGS.items():
            dataset = client.create_dataset(name)
            dataset.upload(documents)
            dataset.set_tag("live", dataset.train(config).wait(timeout=_TRAIN_SECONDS).pin())
