"""The same text has the same bits everywhere: counts (text, placement) pairs, and the answers that differ.

    python bench/exact.py [--data DIR] [--pairs 200000] --json

Trains the default configuration through the public client (banking77 with --data or PINFOLD_DATA, made-up texts
without), downloads the pinned file, and takes the answer of ONNX Runtime for each text alone as the reference.
Placements are batches of random sizes in random order: in the file with 1 and with 4 threads, with the graph optimised
and as it stands, in both lanes of the server's own engine, and through a server with two workers. A pair differs when
any bit of any probability does. The last line is one JSON object; the exit status is 1 when anything differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.corpora import DataMissing, Example, data_folder, read_split
from bench.placements import file_ways
from pinfold.cli.local_server import LocalServer
from pinfold_server.engine import compilation
from pinfold_server.engine.session import Model

DATASET = "banking77"
BATCH_SIZES = (1, 2, 3, 7, 16, 64, 128)
LARGE_BATCHES = (500, 2_000)
SERVER_SHARE = 0.05  # a Python client takes a hundred times as long for all scores of a text as the engine
WORKERS = 2

Floats = npt.NDArray[np.float32]
Way = Callable[[list[str]], Floats]


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output."""

    pairs: int
    differences: int


def main() -> int:
    options = _arguments()
    train, texts = _data(options.data)
    with tempfile.TemporaryDirectory(prefix="pinfold-exact-") as name:
        folder = Path(name)
        server = LocalServer(folder / "server", workers=WORKERS)
        with server, pinfold.Client(server.target, timeout=300, predict_timeout=60) as client:
            dataset = client.create_dataset("exact")
            version = _trained(dataset, train)
            blob = version.download(folder / "model.onnx").read_bytes()
            model = Model.load(blob, hashlib.sha256(blob).hexdigest())
            ways: dict[str, Way] = dict(file_ways(blob))
            compiled = model.compiled(compilation.build())
            if compiled is None:
                raise SystemExit("the file has no tables that compiled code could read")
            ways |= {f"engine, {lane.lane}": _scorer(lane) for lane in (model, compiled)}
            ways["server"] = _through(dataset, version.number, model.labels)
            results = compare(ways, texts, options.pairs)
    total = Figures(sum(each.pairs for each in results.values()), sum(each.differences for each in results.values()))
    if not options.json:
        for way, figures in results.items():
            print(f"{way:28} {figures.pairs:>9,} pairs {figures.differences:>6,} differ")
    print(json.dumps(asdict(total)))
    return 1 if total.differences else 0


def compare(ways: dict[str, Way], texts: list[str], pairs: int) -> dict[str, Figures]:
    """At least `pairs` in all, about equally many of each way but the server."""
    random = np.random.default_rng(7)
    first = next(iter(ways.values()))
    reference = np.concatenate([first([text]) for text in texts]).view(np.int32)
    fast = -(-int(pairs * (1 - SERVER_SHARE)) // (len(ways) - 1))
    quota = {name: int(pairs * SERVER_SHARE) if name == "server" else fast for name in ways}
    return {
        name: _compare_way(way, texts, reference, quota[name], random, name.startswith(("engine", "server")))
        for name, way in ways.items()
    }


def _compare_way(
    way: Way, texts: list[str], reference: npt.NDArray[np.int32], quota: int, random: np.random.Generator, large: bool
) -> Figures:
    pairs = differences = 0
    sizes = BATCH_SIZES + (LARGE_BATCHES if large else ())
    while pairs < quota:
        chosen = random.permutation(len(texts))[: random.choice(sizes)]
        answers = way([texts[place] for place in chosen]).view(np.int32)
        differences += int((answers != reference[chosen]).any(axis=1).sum())
        pairs += len(chosen)
    return Figures(pairs, differences)


def _scorer(model: Model) -> Way:
    return lambda texts: model.score(texts).probabilities


def _through(dataset: pinfold.Dataset, version: int, labels: Sequence[str]) -> Way:
    column = {label: place for place, label in enumerate(labels)}

    def ask(texts: list[str]) -> Floats:
        rows = np.zeros((len(texts), len(labels)), np.float32)
        for row, prediction in enumerate(dataset.predict(texts, version=version, all_scores=True)):
            for name, probability in prediction.labels:
                rows[row, column[name]] = probability
        return rows

    return ask


def _trained(dataset: pinfold.Dataset, train: Sequence[Example]) -> pinfold.Version:
    report = dataset.upload(
        {"id": f"{row:06}", "text": example.text, "labels": example.labels} for row, example in enumerate(train)
    )
    if report.failed:
        raise SystemExit(f"{report.failed} rows failed, the first with: {report.failures[0]}")
    return dataset.train().wait().pin()


def _data(given: str | None) -> tuple[list[Example], list[str]]:
    """Training examples, and texts to ask: ordinary, odd, long, and of many scripts."""
    try:
        folder = data_folder(given)
        train = read_split(folder, DATASET, "train")
        ordinary = [example.text for example in read_split(folder, DATASET, "test")]
    except DataMissing:
        train = _made_up()
        ordinary = [f"{example.text}, {place}" for place, example in enumerate(train)]
    return train, [*ordinary, *_odd_texts()]


def _made_up() -> list[Example]:
    topics = ("refund", "invoice", "password", "parcel", "card", "account", "delivery", "payment")
    frames = ("where is my {}", "the {} is wrong", "help with a {} please", "my {}s came twice", "no {} again {}")
    return [
        Example(f"{frame.format(topic, copy)} {copy}", (topic,))
        for copy in range(40)
        for topic in topics
        for frame in frames
    ]


def _odd_texts() -> list[str]:
    """Any code points that a message can carry, and words of up to 5,000 letters."""
    random = np.random.default_rng(11)
    alphabets = [(0x21, 0x7F), (0xA1, 0x250), (0x390, 0x530), (0x5D0, 0x700), (0x900, 0xE80), (0x3041, 0x3100)]
    alphabets += [(0x4E00, 0x9FA0), (0xAC00, 0xD7A4), (0xFB00, 0xFB07), (0xFF01, 0xFFE0), (0x1F300, 0x1F700)]
    odd = []
    for number in range(550):
        low, high = alphabets[number % len(alphabets)]
        points = random.integers(low, high, 1 + number // 5)
        points[random.random(len(points)) < 0.15] = 0x20
        odd.append("x" + "".join(map(chr, points)))
    return [*odd, "unheardofword " * 300, "x" * 5_000, "e\u0301" * 2_000, "a b " * 2_000]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", help="folder of the data sets; default: the variable PINFOLD_DATA, or made-up texts")
    parser.add_argument("--pairs", type=int, default=200_000, help="pairs to compare at least (default: 200,000)")
    parser.add_argument("--json", action="store_true", help="print the last line only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
