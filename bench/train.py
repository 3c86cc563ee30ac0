"""Seconds from `Train` to a published version, against scikit-learn's fit alone on the same texts.

    python bench/train.py --data DIR [--dataset clinc150] --json

A server of its own trains through the public client: validation, fit, export, parity and publishing are inside the
time. Then 200 annotations are changed, each document getting the label of another, and it trains again. The reference
is TfidfVectorizer (words 1-2 and char_wb 3-5) with LogisticRegression, its fit alone, in this process, after the
server has stopped. Accuracies are over the test texts that have exactly one label. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.corpora import DATA_FOLDERS, DataMissing, Example, data_folder, read_split
from pinfold.cli.local_server import LocalServer

CHANGES = 200
TEXTS_A_CALL = 2_048


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output."""

    dataset: str
    seconds: float
    reference_seconds: float
    accuracy: float
    reference_accuracy: float
    retrain_seconds: float


def main() -> int:
    """Prints the figures; 3 when the data are absent."""
    options = _arguments()
    try:
        folder = data_folder(options.data)
        train, test = (read_split(folder, options.dataset, part) for part in ("train", "test"))
    except DataMissing as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return 3
    test = [example for example in test if len(example.labels) == 1]
    with tempfile.TemporaryDirectory(prefix="pinfold-train-") as name, LocalServer(Path(name)) as server:
        seconds, accuracy, retrain_seconds = _served(server.target, train, test)
    reference_seconds, reference_accuracy = _reference(train, test)
    figures = Figures(options.dataset, seconds, reference_seconds, accuracy, reference_accuracy, retrain_seconds)
    if not options.json:
        for key, value in asdict(figures).items():
            print(f"{key:20} {value}")
    print(json.dumps(asdict(figures)))
    return 0


def _served(target: str, train: Sequence[Example], test: Sequence[Example]) -> tuple[float, float, float]:
    """Seconds of the first training, the accuracy of its version, and seconds after the changes."""
    with pinfold.Client(target, timeout=300, predict_timeout=120) as client:
        dataset = client.create_dataset("train")
        _upload(dataset, list(enumerate(train)))
        begun = time.perf_counter()
        version = dataset.train().wait().pin()
        seconds = time.perf_counter() - begun
        accuracy = _accuracy(dataset, version, test)
        rows = np.random.default_rng(0).choice(len(train), CHANGES, replace=False).tolist()
        others = np.roll(rows, -1).tolist()
        _upload(
            dataset,
            [(row, replace(train[row], labels=train[other].labels)) for row, other in zip(rows, others, strict=True)],
        )
        begun = time.perf_counter()
        dataset.train().wait()
        return seconds, accuracy, time.perf_counter() - begun


def _upload(dataset: pinfold.Dataset, rows: list[tuple[int, Example]]) -> None:
    report = dataset.upload(
        {"id": f"{row:06}", "text": example.text, "labels": example.labels} for row, example in rows
    )
    if report.failed:
        raise SystemExit(f"{report.failed} rows failed, the first with: {report.failures[0]}")


def _accuracy(dataset: pinfold.Dataset, version: pinfold.Version, test: Sequence[Example]) -> float:
    names = {label for example in test for label in example.labels}
    right = 0
    for begin in range(0, len(test), TEXTS_A_CALL):
        part = test[begin : begin + TEXTS_A_CALL]
        answers = dataset.predict([example.text for example in part], version=version.number, all_scores=True)
        for example, answer in zip(part, answers, strict=True):
            right += next(name for name, _ in answer.labels if name in names) == example.labels[0]
    return right / len(test)


def _reference(train: Sequence[Example], test: Sequence[Example]) -> tuple[float, float]:
    """Seconds of the fit, and the accuracy."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2))
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
    pipeline = make_pipeline(make_union(words, characters), LogisticRegression())
    single = [example for example in train if len(example.labels) == 1]
    texts, labels = [example.text for example in single], [example.labels[0] for example in single]
    begun = time.perf_counter()
    pipeline.fit(texts, labels)
    seconds = time.perf_counter() - begun
    predicted = pipeline.predict([example.text for example in test])
    return seconds, float(np.mean(predicted == np.array([example.labels[0] for example in test])))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", help="folder of the data sets; default: the variable PINFOLD_DATA")
    parser.add_argument("--dataset", default="clinc150", choices=DATA_FOLDERS)
    parser.add_argument("--json", action="store_true", help="print the last line only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
