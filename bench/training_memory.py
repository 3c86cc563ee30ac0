"""Peak memory of a training with the most labels and very many features, on made-up texts.

    python bench/training_memory.py [--labels 1024] [--features 100000] [--documents 6000] --json

A process of its own trains, exports and checks one model as a trainer does, without a store, with a cache of the usual
size. Its texts are made of made-up words, rare and frequent as in a language, and each label has words of its own.
`train_peak_mb` is the largest resident set of that process, `import_mb` what it took before it had any data, `file_mb`
the model file. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.settings import Settings
from pinfold_server.training.cache import Cache
from pinfold_server.training.contract import Means, TrainingSet
from pinfold_server.training.pipeline import train

WORDS = 60_000
WORDS_A_TEXT = 24
OWN_WORDS = 6
LETTERS = np.array(list("abcdefghiklmnoprstuvwz"))
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output; megabytes of 2**20 bytes."""

    labels: int
    features: int
    documents: int
    import_mb: float
    train_peak_mb: float
    file_mb: float
    seconds: float


def main() -> int:
    """Prints the figures of a child process, whose peak nothing else has raised."""
    arguments = _arguments()
    if arguments.child:
        print(json.dumps(asdict(_measure(arguments.labels, arguments.features, arguments.documents))))
        return 0
    command = [sys.executable, __file__, "--child", *sys.argv[1:]]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()[-1]
    if not arguments.json:
        for name, value in json.loads(told).items():
            print(f"{name:16} {value}")
    print(told)
    return 0


def _measure(labels: int, features: int, documents: int) -> Figures:
    before = _peak_mb()
    data = made_up(labels, documents)
    begun = time.perf_counter()
    config = RunConfig(max_features=features)
    means = Means(cache=Cache(Settings().training_cache_mib << 20))
    trained = train(data, config, report=lambda phase, fraction: None, should_stop=lambda: False, means=means)
    seconds = time.perf_counter() - begun
    file_mb = round(len(trained.onnx) / _MB, 1)
    return Figures(labels, trained.feature_count, documents, before, _peak_mb(), file_mb, round(seconds, 1))


def made_up(labels: int, documents: int) -> TrainingSet:
    """Reviewed documents of one label each: frequent words of the language, and some of their label's own."""
    random = np.random.default_rng(0)
    lengths = random.integers(3, 11, WORDS)
    words = np.array(["".join(random.choice(LETTERS, length)) for length in lengths])
    shares = 1 / np.arange(1, WORDS + 1)
    label_of = np.arange(documents) % labels
    own = random.integers(0, WORDS, (labels, 4 * OWN_WORDS))
    texts = []
    for label in label_of:
        usual = random.choice(WORDS, WORDS_A_TEXT, p=shares / shares.sum())
        texts.append(" ".join(words[[*usual, *random.choice(own[label], OWN_WORDS)]]))
    return TrainingSet(
        source_ids=("made-up",) * documents,
        document_ids=tuple(f"{number:06}" for number in range(documents)),
        texts=tuple(texts),
        label_names=tuple(f"label {number:04}" for number in range(labels)),
        assigned=label_of[:, None] == np.arange(labels),
    )


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (_MB if sys.platform == "darwin" else 1024), 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--labels", type=int, default=1_024)
    parser.add_argument("--features", type=int, default=100_000, help="most features of the model")
    parser.add_argument("--documents", type=int, default=6_000)
    parser.add_argument("--json", action="store_true", help="print the last line only")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
