"""How long the training modes take over many documents.

    python bench/sampling.py [--data DIR] [--documents 100000] [--json]

Trains on labelled texts (banking77 of the data folder, or made-up ones with as many labels), stores so many documents
more, made of the same words, and asks for the first page of each mode: `cold` is from the end of a training to a page
ranked by its version, scoring and the forming of groups included; `again` is the same after a second training; `warm`
the best of several pages afterwards. `cpu`: what trainer and workers took for it, which tells more on a machine that is
busy. Also the status, and predictions of all stored documents. The last line is one JSON object; times in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.corpora import DataMissing, Example, data_folder, made_up, read_split
from bench.processes import children_of, cpu_seconds
from pinfold.cli.local_server import LocalServer

MODES = ("recent", "shuffle", "label", "teach", "low_confidence", "check", "missed", "rebalance", "clusters")
ROUNDS = 5


def main() -> int:
    """Prints the figures."""
    options = _arguments()
    examples = _examples(options.data)
    with (
        tempfile.TemporaryDirectory(prefix="pinfold-sampling-") as folder,
        LocalServer(Path(folder)) as server,
        pinfold.Client(server.target, timeout=300) as client,
    ):
        figures = _measure(client, server.pid, examples, options.documents)
    for name, value in figures.items():
        print(f"{name:28} {value:12,.1f}")
    print(json.dumps(figures))
    return 0


def _measure(client: pinfold.Client, supervisor: int, examples: list[Example], documents: int) -> dict[str, float]:
    dataset = client.create_dataset("sampled")
    dataset.upload({"id": f"l{n}", "text": each.text, "labels": list(each.labels)} for n, each in enumerate(examples))
    dataset.upload(_more(examples, documents - len(examples)))
    cold = _first_page(dataset, supervisor)
    again = _first_page(dataset, supervisor)
    label = examples[0].labels[0]
    warm = {mode: min(_page_ms(dataset, mode, label) for _ in range(ROUNDS)) for mode in MODES}
    began = time.perf_counter()
    predicted = sum(1 for _ in dataset.predict_all(version="latest", top_k=1))
    seconds = time.perf_counter() - began
    return {
        "documents": documents,
        "sample_cold_ms": cold.took,
        "sample_cold_cpu_ms": cold.cpu,
        "sample_again_ms": again.took,
        "sample_again_cpu_ms": again.cpu,
        "sample_warm_ms": max(warm.values()),
        **{f"{mode}_ms": took for mode, took in warm.items()},
        "status_ms": min(_milliseconds_until(lambda: dataset.status().latest_version == 2) for _ in range(20)),
        "predict_all_docs_per_s": predicted / seconds,
    }


@dataclass(frozen=True, slots=True)
class _Page:
    """Milliseconds from the end of a training to a page, by the clock and of the server's processors."""

    took: float
    cpu: float


def _first_page(dataset: pinfold.Dataset, supervisor: int) -> _Page:
    version = dataset.train(algorithm="complement_naive_bayes").wait().number
    before = _cpu_ms(supervisor)
    took = _milliseconds_until(lambda: dataset.status().scoring.ranking_version == version)
    took += _milliseconds_until(lambda: dataset.sample_page("low_confidence").version == version)
    return _Page(took, round(_cpu_ms(supervisor) - before))


def _cpu_ms(supervisor: int) -> float:
    return 1e3 * sum(cpu_seconds(pid) for _, pid in children_of(supervisor))


def _page_ms(dataset: pinfold.Dataset, mode: str, label: str) -> float:
    wanted = label if mode in ("label", "teach") else None
    return _milliseconds_until(lambda: dataset.sample_page(mode, label=wanted).pool_size >= 0)


def _milliseconds_until(done: Callable[[], bool]) -> float:
    began = time.perf_counter()
    while not done():
        time.sleep(0.01)
    return round((time.perf_counter() - began) * 1e3, 2)


def _more(examples: list[Example], count: int) -> Iterator[dict[str, str]]:
    """Unlabelled texts: a labelled one with some words of others."""
    draw = random.Random(1)
    words = [word for each in examples[:2_000] for word in each.text.split()]
    for number in range(count):
        yield {"id": f"u{number}", "text": " ".join([draw.choice(examples).text, *draw.choices(words, k=4)])}


def _examples(folder: str | None) -> list[Example]:
    try:
        return read_split(data_folder(folder), "banking77", "train")
    except DataMissing as missing:
        print(f"{missing}: made-up texts instead", file=sys.stderr)
        return made_up()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", help="folder of the data sets; default: the variable PINFOLD_DATA, else made-up texts"
    )
    parser.add_argument("--documents", type=int, default=100_000, help="documents in the dataset (default: 100,000)")
    parser.add_argument(
        "--json", action="store_true", help="accepted for the other benches' sake: JSON always comes last"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
