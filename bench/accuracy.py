"""Accuracy of the default configuration on published splits, through a running server and the public client.

    python bench/accuracy.py --data DIR --json [--datasets mams_acsa banking77] [--baseline [LinearSVC]]
    python bench/accuracy.py --data DIR --dataset banking77 --json [--baseline]

Uploads `train.jsonl`, trains, pins, predicts `test.jsonl`, and computes every figure from the answers, with
scikit-learn's metrics. The last line is one JSON object: the figures of `--dataset`, or with `--datasets` (all that the
folder has, when neither is given) those of each under its name in `datasets`.

The labels measured are those that annotators wrote: of hierarchical data the paths as they stand in the file
(`travel > translate`), not the parents that follow from them. `accuracy` is the share of texts whose most
probable such label is the right one; it is null where texts have several labels. F1s are at the balanced thresholds
that the version recommends for itself, `macro_f1` and `mean_average_precision` over labels that occur in the test part.
`calibration_error` is the expected calibration error over all pairs of text and label.

With `--baseline` scikit-learn's linear models are fitted on the same split (`bench/baseline.py`): their figures are
under `baseline`, and `leads` has Pinfold's figures less theirs, with the interval that the size of the test part leaves
open. How far they are is told on the way: LogisticRegression takes an hour for seven hundred labels.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench import baseline
from bench.corpora import DATA_FOLDERS, DataMissing, Example, data_folder, read_split
from bench.quality import Answers, Bools, Lead, Quality, leads, quality
from pinfold.cli.local_server import LocalServer
from pinfold_server.domain.quality.metrics import expected_calibration_error

_TEXTS_A_CALL = 2_048
_NOTE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Figures(Quality):
    """What is told of a dataset, but for `baseline` and `leads`."""

    dataset: str
    calibration_error: float
    train_seconds: float


@dataclass(frozen=True, slots=True)
class BaselineFigures(Quality):
    """What is told of a linear model of scikit-learn; `seconds` of processor time, for the fits of all labels."""

    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The training and the test part of published data."""

    name: str
    train: list[Example]
    test: list[Example]

    @classmethod
    def read(cls, folder: Path, name: str) -> Split:
        """Raises `DataMissing`."""
        return cls(name, read_split(folder, name, "train"), read_split(folder, name, "test"))

    @property
    def labels(self) -> list[str]:
        """As annotators wrote them, sorted."""
        return sorted({label for example in (*self.train, *self.test) for label in example.labels})

    @property
    def truth(self) -> Bools:
        """Labels of the test texts, bool [texts, labels]."""
        labels = self.labels
        return np.array([[label in example.labels for label in labels] for example in self.test], np.bool_)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A dataset with what scikit-learn's models make of it, by name; none where they were not asked for."""

    figures: Figures
    baseline: Mapping[str, BaselineFigures]
    leads: Mapping[str, Sequence[Lead]]

    def told(self) -> dict[str, object]:
        """For JSON."""
        told: dict[str, object] = asdict(self.figures)
        if self.baseline:
            told["baseline"] = {model: asdict(figures) for model, figures in self.baseline.items()}
            told["leads"] = {
                model: {each.measure: asdict(each) for each in ahead} for model, ahead in self.leads.items()
            }
        return told

    def lines(self) -> Iterator[str]:
        """For people."""
        titles = ("accuracy", "micro F1", "macro F1", "mean AP", "seconds")
        yield f"{self.figures.dataset:24}" + "".join(f"{title:>10}" for title in titles)
        yield _line("Pinfold", self.figures, self.figures.train_seconds)
        for model, figures in self.baseline.items():
            yield _line(model, figures, figures.seconds)
        for model, ahead in self.leads.items():
            each = (f"{lead.measure} {lead.difference:+.3f} ({lead.low:+.3f} to {lead.high:+.3f})" for lead in ahead)
            yield f"  lead over {model}: {', '.join(each)}"
        yield f"  calibration error {self.figures.calibration_error:.4f}"
        yield ""


def _line(name: str, quality: Quality, seconds: float) -> str:
    share = "-" if quality.accuracy is None else f"{quality.accuracy:.4f}"
    rest = (quality.micro_f1, quality.macro_f1, quality.mean_average_precision)
    return f"  {name:22}{share:>10}" + "".join(f"{value:>10.4f}" for value in rest) + f"{seconds:>10.1f}"


def main() -> int:
    """Prints the figures; 3 when the data are absent."""
    arguments = _arguments()
    try:
        folder = data_folder(arguments.data)
        splits = [Split.read(folder, name) for name in _chosen(arguments, folder)]
    except DataMissing as error:
        print(f"accuracy.py: {error}", file=sys.stderr)
        return 3
    told = {}
    with _server(arguments.server) as target, pinfold.Client(target, timeout=120, predict_timeout=120) as client:
        for split in splits:
            compared = compare(client, split, _models(arguments.baseline))
            told[split.name] = compared.told()
            if not arguments.json:
                print("\n".join(compared.lines()))
    print(json.dumps(told[arguments.dataset] if arguments.dataset else {"datasets": told}))
    return 0


def _models(named: list[str] | None) -> Sequence[str]:
    """Of `--baseline`: all when it names none, none when it is absent."""
    return () if named is None else named or baseline.MODELS


def _chosen(arguments: argparse.Namespace, folder: Path) -> list[str]:
    """Names of the datasets to measure. Raises `DataMissing` when none is named and the folder has none."""
    if arguments.dataset or arguments.datasets:
        return [arguments.dataset] if arguments.dataset else arguments.datasets
    present = [name for name in DATA_FOLDERS if (folder / name).is_dir()]
    for name in sorted({*DATA_FOLDERS} - {*present}):
        print(f"accuracy.py: {name} is left out: it is not in {folder}", file=sys.stderr)
    if not present:
        raise DataMissing(f"nothing was measured: {folder} has none of {', '.join(DATA_FOLDERS)}")
    return present


def compare(client: pinfold.Client, split: Split, models: Sequence[str]) -> Comparison:
    """Measures Pinfold, then each of the `models` of `baseline.MODELS`."""
    figures, answers = measure(client, split)
    beside, ahead = {}, {}
    for model in models:
        beside[model], theirs = _baseline(model, split)
        ahead[model] = leads(split.truth, answers, theirs)
    return Comparison(figures, beside, ahead)


def measure(client: pinfold.Client, split: Split) -> tuple[Figures, Answers]:
    """Uploads, trains and pins a dataset of its own; it is left there when the server is the user's.

    Which documents are held out follows from its name, and with them thresholds, by some thousandths of F1.
    """
    dataset = client.create_dataset(_free_name(client, f"accuracy-{split.name.replace('_', '-')}"))
    rows = enumerate(split.train)
    report = dataset.upload({"id": f"{row:06}", "text": each.text, "labels": each.labels} for row, each in rows)
    if report.failed:
        raise SystemExit(f"{report.failed} rows failed, the first with: {report.failures[0]}")
    start = time.perf_counter()
    version = dataset.train().wait()
    train_seconds = time.perf_counter() - start
    version.pin()
    answers, truth = _answers(dataset, version, split), split.truth
    error = expected_calibration_error(truth.ravel(), answers.scores.ravel())
    figures = Figures(
        **asdict(quality(truth, answers)), dataset=split.name, calibration_error=error, train_seconds=train_seconds
    )
    return figures, answers


def _free_name(client: pinfold.Client, wanted: str) -> str:
    """The same in every run on a server of its own, so that figures repeat."""
    taken = {dataset.id for dataset in client.list_datasets()}
    return wanted if wanted not in taken else f"{wanted}-{int(time.time())}"


def _baseline(model: str, split: Split) -> tuple[BaselineFigures, Answers]:
    started, noted = time.process_time(), time.monotonic()

    def note(fraction: float) -> None:
        nonlocal noted
        if time.monotonic() - noted >= _NOTE_SECONDS:
            noted = time.monotonic()
            print(f"accuracy.py: {model} on {split.name}: {fraction:.0%} of its fits", file=sys.stderr)

    answers = baseline.answers(model, split.train, split.test, split.labels, note)
    seconds = time.process_time() - started
    return BaselineFigures(**asdict(quality(split.truth, answers)), seconds=seconds), answers


def _answers(dataset: pinfold.Dataset, version: pinfold.Version, split: Split) -> Answers:
    """Probability and decision for every test text and label; 0 and no for a label that the version does not know."""
    texts, labels = [example.text for example in split.test], split.labels
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
    return Answers(scores, predicted)


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
    named = parser.add_mutually_exclusive_group()
    named.add_argument("--dataset", choices=DATA_FOLDERS, help="one, whose figures are the last line")
    named.add_argument("--datasets", nargs="+", choices=DATA_FOLDERS, help="several; default: all in the folder")
    parser.add_argument("--server", metavar="HOST:PORT", help="a running server; default: one is started")
    parser.add_argument(
        "--baseline", nargs="*", choices=baseline.MODELS, help="measure scikit-learn's linear models, or these, as well"
    )
    parser.add_argument("--json", action="store_true", help="print the last line only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
