"""Accuracy of the default configuration on a published split, through a running server and the public client.

    python bench/accuracy.py --data DIR --dataset banking77 --json [--baseline]

Uploads `train.jsonl`, trains, pins, predicts `test.jsonl`, and computes every figure from the answers, with
scikit-learn's metrics. The last line is one JSON object.

The labels measured are those that annotators wrote: of hierarchical data the paths as they stand in the file
(`travel > translate`), not the parents that follow from them. `accuracy` is the share of texts whose most
probable such label is the right one; it is null where texts have several labels. F1s are at the balanced thresholds
that the version recommends for itself, `macro_f1` and `mean_average_precision` over labels that occur in the test part.

With `--baseline` scikit-learn's linear models are fitted on the same split (`bench/baseline.py`), and the last line has
their figures under `baseline`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, f1_score

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench import baseline
from bench.corpora import DATA_FOLDERS, DataMissing, Example, data_folder, read_split
from pinfold.cli.local_server import LocalServer

_TEXTS_A_CALL = 2_048

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quality:
    """How good scores and decisions are."""

    accuracy: float | None
    micro_f1: float
    macro_f1: float
    mean_average_precision: float


@dataclass(frozen=True, slots=True)
class Figures(Quality):
    """The last line of the output, but for `baseline`."""

    dataset: str
    train_seconds: float


def main() -> int:
    """Prints the figures; 3 when the data are absent."""
    arguments = _arguments()
    try:
        folder = data_folder(arguments.data)
        train, test = (read_split(folder, arguments.dataset, part) for part in ("train", "test"))
    except DataMissing as error:
        print(f"accuracy.py: {error}", file=sys.stderr)
        return 3
    with _server(arguments.server) as target, pinfold.Client(target, timeout=120, predict_timeout=120) as client:
        figures = measure(client, arguments.dataset, train, test)
    told: dict[str, object] = asdict(figures)
    if arguments.baseline:
        told["baseline"] = {model: asdict(_baseline(model, train, test)) for model in baseline.MODELS}
    if not arguments.json:
        for name, value in told.items():
            print(f"{name:24} {value}")
    print(json.dumps(told))
    return 0


def measure(client: pinfold.Client, name: str, train: Sequence[Example], test: Sequence[Example]) -> Figures:
    """Uploads, trains and pins a dataset of its own; it is left there when the server is the user's."""
    dataset = client.create_dataset(f"accuracy-{name.replace('_', '-')}-{int(time.time())}")
    report = dataset.upload(
        {"id": f"{row:06}", "text": example.text, "labels": example.labels} for row, example in enumerate(train)
    )
    if report.failed:
        raise SystemExit(f"{report.failed} rows failed, the first with: {report.failures[0]}")
    start = time.perf_counter()
    version = dataset.train().wait()
    train_seconds = time.perf_counter() - start
    version.pin()

    labels = _labels(train, test)
    scores, predicted = _answers(dataset, version, [example.text for example in test], labels)
    quality = _quality(_truth(test, labels), scores, predicted)
    return Figures(**asdict(quality), dataset=name, train_seconds=train_seconds)


def _baseline(model: str, train: Sequence[Example], test: Sequence[Example]) -> Quality:
    labels = _labels(train, test)
    answers = baseline.answers(model, train, test, labels)
    return _quality(_truth(test, labels), answers.scores, answers.predicted)


def _labels(train: Sequence[Example], test: Sequence[Example]) -> list[str]:
    return sorted({label for example in (*train, *test) for label in example.labels})


def _truth(test: Sequence[Example], labels: Sequence[str]) -> npt.NDArray[np.bool_]:
    return np.array([[label in example.labels for label in labels] for example in test], bool)


def _quality(truth: npt.NDArray[np.bool_], scores: Matrix, predicted: npt.NDArray[np.bool_]) -> Quality:
    present = truth.any(axis=0)
    return Quality(
        accuracy=_accuracy(truth, scores),
        micro_f1=float(f1_score(truth, predicted, average="micro")),
        macro_f1=float(f1_score(truth[:, present], predicted[:, present], average="macro")),
        mean_average_precision=float(
            np.mean([average_precision_score(truth[:, place], scores[:, place]) for place in np.flatnonzero(present)])
        ),
    )


def _answers(
    dataset: pinfold.Dataset, version: pinfold.Version, texts: Sequence[str], labels: Sequence[str]
) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """Probability and decision for every text and label; 0 and no for a label that the version does not know."""
    place = {label: index for index, label in enumerate(labels)}
    scores = np.zeros((len(texts), len(labels)))
    predicted = np.zeros((len(texts), len(labels)), bool)
    for start in range(0, len(texts), _TEXTS_A_CALL):
        part = texts[start : start + _TEXTS_A_CALL]
        everything = dataset.predict(part, version=version.number, all_scores=True)
        decided = dataset.predict(part, version=version.number, policy=pinfold.ThresholdPolicy.BALANCED)
        for row, (all_scores, cut) in enumerate(zip(everything, decided, strict=True), start):
            for name, probability in all_scores.labels:
                if name in place:
                    scores[row, place[name]] = probability
            for name, _ in cut.labels:
                if name in place:
                    predicted[row, place[name]] = True
    return scores, predicted


def _accuracy(truth: npt.NDArray[np.bool_], scores: Matrix) -> float | None:
    if (truth.sum(axis=1) != 1).any():
        return None
    return float(np.mean(scores.argmax(axis=1) == truth.argmax(axis=1)))


@contextlib.contextmanager
def _server(target: str | None) -> Iterator[str]:
    """The address of a running server, or of one started for the measurement."""
    if target is not None:
        yield target
        return
    with tempfile.TemporaryDirectory(prefix="pinfold-accuracy-") as folder, LocalServer(Path(folder)) as server:
        yield server.target


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", help="folder of the data sets; default: the variable PINFOLD_DATA")
    parser.add_argument("--dataset", required=True, choices=DATA_FOLDERS)
    parser.add_argument("--server", metavar="HOST:PORT", help="a running server; default: one is started")
    parser.add_argument("--baseline", action="store_true", help="measure scikit-learn's linear models as well")
    parser.add_argument("--json", action="store_true", help="print the last line only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
