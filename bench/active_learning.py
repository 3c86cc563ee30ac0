"""Does it pay to choose what is annotated next? Macro F1 against the number of annotations, by training mode.

    python bench/active_learning.py --data DIR [--dataset banking77] [--seeds 3] [--svg FILE] [--json]

A made-up annotator who is always right reviews documents of the training split, a batch at a time. Every strategy
begins with the same shuffled batch; then each batch is the top of the ranking that its modes give by the newest model,
which is trained and calibrated as the server does. The recommended mix takes its batch from the modes in `MIX`, each
by its share. F1 is that of the most probable label, over the test split. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.corpora import DataMissing, data_folder, read_split
from bench.curves import Curve, draw
from pinfold_server.domain.documents.fingerprints import tie_of
from pinfold_server.domain.quality.metrics import Bools, macro_f1
from pinfold_server.domain.runs import sampling
from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine.session import Model
from pinfold_server.training.contract import TrainingSet
from pinfold_server.training.pipeline import train
from pinfold_server.training.scoring.clusters import form_groups

Ints = NDArray[np.int64]

SIZES = (150, 300, 500, 750, 1_000, 1_500)
MIX = {"rebalance": 0.5, "teach": 0.3, "low_confidence": 0.2}
STRATEGIES: Mapping[str, Mapping[str, float]] = {
    "shuffle": {"shuffle": 1.0},
    "teach": {"teach": 1.0},
    "low_confidence": {"low_confidence": 1.0},
    "rebalance": {"rebalance": 1.0},
    "mix": MIX,
}


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Texts that have exactly one label; `truth` int64 [n] its column."""

    texts: tuple[str, ...]
    truth: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A data set, with what the trainer would keep of its documents: ties and groups, [n] of the pool."""

    labels: tuple[str, ...]
    pool: Split
    test: Split
    ties: NDArray[np.uint64]
    groups: NDArray[np.uint16]


def main() -> int:
    """Prints the curves; 3 when the data are absent, 1 when the mix is not better than the shuffle."""
    options = _arguments()
    try:
        task = _task(data_folder(options.data), options.dataset)
    except DataMissing as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return 3
    sizes = [size for size in SIZES if size <= len(task.pool.texts)]
    scores = {name: _scores(task, shares, sizes, options.seeds) for name, shares in STRATEGIES.items()}
    for name, rows in scores.items():
        told = "  ".join(f"{size}: {mean:.3f}" for size, mean in zip(sizes, rows.mean(axis=0), strict=True))
        print(f"{name:>15}  {told}")
    if options.svg:
        curves = [Curve(name, sizes, rows.mean(axis=0).tolist()) for name, rows in scores.items()]
        options.svg.write_text(draw(f"{options.dataset}: macro F1 by annotations", curves), encoding="utf-8")
    areas = {name: float(rows[:, 1:].mean()) for name, rows in scores.items()}
    means = {name: [round(float(mean), 4) for mean in rows.mean(axis=0)] for name, rows in scores.items()}
    better = bool((scores["mix"][:, 1:].mean(axis=1) > scores["shuffle"][:, 1:].mean(axis=1)).all())
    line = {"dataset": options.dataset, "seeds": options.seeds, "annotations": sizes, "macro_f1": means}
    print(json.dumps({**line, "mean_after_first": areas, "mix_beats_shuffle_with_every_seed": better}))
    return 0 if areas["mix"] > areas["shuffle"] else 1


def _scores(task: Task, shares: Mapping[str, float], sizes: Sequence[int], seeds: int) -> NDArray[np.float64]:
    """Macro F1 of each seed at each size, float64 [seeds, sizes]."""
    return np.array([_run(task, shares, sizes, seed) for seed in range(seeds)])


def _run(task: Task, shares: Mapping[str, float], sizes: Sequence[int], seed: int) -> list[float]:
    reviewed = np.zeros(len(task.pool.texts), np.bool_)
    order = np.argsort(sampling.uniform(task.ties, seed))
    reviewed[order[: sizes[0]]] = True
    found = []
    for size, following in zip(sizes, [*sizes[1:], 0], strict=True):
        model = _train(task, reviewed, seed)
        found.append(_quality(task, model))
        if following:
            _review(task, model, reviewed, shares, following - size, seed)
    return found


def _review(task: Task, model: Model, reviewed: Bools, shares: Mapping[str, float], count: int, seed: int) -> None:
    """Adds `count` documents to the reviewed ones."""
    probabilities = model.score(task.pool.texts).probabilities.T
    left = count
    for place, (mode, share) in enumerate(shares.items(), 1):
        wanted = left if place == len(shares) else round(count * share)
        keys = _keys(task, mode, probabilities, reviewed, seed)
        keys[reviewed] = np.nan
        chosen = sampling.in_order(keys, task.ties, None, wanted)
        reviewed[chosen] = True
        left -= len(chosen)


def _keys(task: Task, mode: str, probabilities: NDArray[np.float32], reviewed: Bools, seed: int) -> NDArray[np.float64]:
    match mode:
        case "teach":
            return sampling.teach(probabilities, None).keys
        case "low_confidence":
            return sampling.low_confidence(probabilities).keys
        case "rebalance":
            groups = int(task.groups.max()) + 1
            sizes = np.bincount(task.groups, minlength=groups)
            weights = sampling.group_weights(sizes, np.bincount(task.groups[reviewed], minlength=groups))
            return sampling.rebalance(task.ties, task.groups, weights, seed).keys
        case _:
            return sampling.shuffle(task.ties, seed).keys


def _train(task: Task, reviewed: Bools, seed: int) -> Model:
    rows = np.flatnonzero(reviewed)
    truth = task.pool.truth[rows]
    seen = np.unique(truth)
    data = TrainingSet(
        source_ids=("pool",) * len(rows),
        document_ids=tuple(map(str, rows.tolist())),
        texts=tuple(task.pool.texts[row] for row in rows),
        label_names=tuple(task.labels[column] for column in seen),
        assigned=truth[:, None] == seen[None, :],
    )
    made = train(data, RunConfig(seed=seed), report=lambda _phase, _fraction: None, should_stop=lambda: False)
    return Model.load(made.onnx, made.sha256)


def _quality(task: Task, model: Model) -> float:
    columns = np.array([task.labels.index(name) for name in model.labels])
    best = columns[model.score(task.test.texts).probabilities.argmax(axis=1)]
    every = np.arange(len(task.labels))
    truth, predicted = task.test.truth[:, None] == every, best[:, None] == every
    return macro_f1(truth, predicted, np.ones_like(truth))


def _task(folder: Path, dataset: str) -> Task:
    examples = {
        part: [each for each in read_split(folder, dataset, part) if len(each.labels) == 1]
        for part in ("train", "test")
    }
    labels = tuple(sorted({each.labels[0] for part in examples.values() for each in part}))
    column = {name: place for place, name in enumerate(labels)}
    splits = {
        part: Split(tuple(each.text for each in found), np.array([column[each.labels[0]] for each in found], np.int64))
        for part, found in examples.items()
    }
    texts = splits["train"].texts
    ties = np.array([tie_of(str(place).encode()) for place in range(len(texts))], np.uint64)
    return Task(labels, splits["train"], splits["test"], ties, form_groups(texts).assign(texts)[0])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", help="folder of the data sets; default: the variable PINFOLD_DATA")
    parser.add_argument("--dataset", default="banking77", choices=("banking77", "clinc150"))
    parser.add_argument("--seeds", type=int, default=3, help="runs that are averaged (default: 3)")
    parser.add_argument("--svg", type=Path, help="also draw the curves into this file")
    parser.add_argument(
        "--json", action="store_true", help="accepted for the other benches' sake: JSON always comes last"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
