"""Does a comparison take chance for a difference, and does it see damage?

    python bench/seeds.py --data DIR [--corpus banking77] [--trials 100] --json

Trains a corpus through a running server: twice with the same configuration and two seeds, and once more after a fifth
of the labels were replaced at random. The second is compared with the first by so many bootstrap seeds, of which at
least 95 in 100 must say "no significant difference"; the damaged version must be seen to be worse every time. The truth
of a comparison is that of the candidate: the good version stands there, and must be called better than the damaged one.
The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.corpora import DataMissing, Example, data_folder, read_split
from pinfold.cli.local_server import LocalServer

DAMAGED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output: verdicts of the trials, and how much the seeds differ."""

    trials: int
    no_difference: int
    damage_seen: int
    seeds_fixed: int
    seeds_broken: int
    damaged_f1_change: float


def main() -> int:
    """Prints the figures; 3 when the data are absent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--corpus", default="banking77")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="only the last line")
    options = parser.parse_args()
    try:
        examples = read_split(data_folder(options.data), options.corpus, "train")
    except DataMissing as missing:
        print(missing, file=sys.stderr)
        return 3
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalServer(Path(folder)) as server,
        pinfold.Client(server.target, timeout=120) as client,
    ):
        figures = _measure(client.create_dataset("seeds"), examples, options.trials)
    if not options.json:
        print(
            f"{figures.no_difference} of {figures.trials}: no significant difference between two seeds"
            f" ({figures.seeds_fixed} documents fixed, {figures.seeds_broken} broken)\n"
            f"{figures.damage_seen} of {figures.trials}: {DAMAGED_SHARE:.0%} wrong labels seen"
            f" (micro F1 {figures.damaged_f1_change:+.3f})"
        )
    print(json.dumps(asdict(figures)))
    return 0


def _measure(dataset: pinfold.Dataset, examples: list[Example], trials: int) -> Figures:
    dataset.upload(_rows(examples, damaged=False))
    first, second = (dataset.train(seed=seed).wait(timeout=600).number for seed in (0, 1))
    dataset.upload(_rows(examples, damaged=True))
    damaged = dataset.train().wait(timeout=600).number
    alike = [dataset.compare(first, second, seed=seed) for seed in range(trials)]
    # The truth is that of the candidate: the good version stands there, and must be called better.
    worse = [dataset.compare(damaged, first, seed=seed) for seed in range(trials)]
    return Figures(
        trials=trials,
        no_difference=sum(each.verdict is pinfold.Verdict.NO_SIGNIFICANT_DIFFERENCE for each in alike),
        damage_seen=sum(each.verdict is pinfold.Verdict.BETTER for each in worse),
        seeds_fixed=alike[0].fixed,
        seeds_broken=alike[0].broken,
        damaged_f1_change=-worse[0].micro_f1.difference,
    )


def _rows(examples: list[Example], *, damaged: bool) -> list[dict[str, object]]:
    """With `damaged`, a fifth of the documents get the labels of others."""
    chance = random.Random(0)  # not for secrets
    rows: list[dict[str, object]] = []
    for place, example in enumerate(examples):
        wrong = damaged and chance.random() < DAMAGED_SHARE
        labels = chance.choice(examples).labels if wrong else example.labels
        rows.append({"id": str(place), "text": example.text, "labels": list(labels)})
    return rows


if __name__ == "__main__":
    sys.exit(main())
