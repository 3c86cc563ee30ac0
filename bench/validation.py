"""Are the figures of GetValidation those of scikit-learn, and how long do GetValidation and CompareVersions take?

    python bench/validation.py --data DIR [--calls 15] --json

banking77 (one label a text) and goemotions (several) are uploaded, trained and validated through a running server. What
the validation held out is then read from the store of that server, and scikit-learn's own functions are asked about
these very predictions: precision, recall and F1 of each label, micro and macro, average precision, every point of every
curve, the confusion matrix; calibration is computed as it is defined. All that at the version's own thresholds, at one
half and at the high-precision ones. `max_metric_error` is the largest difference of all.

`get_validation_ms` and `compare_ms` are medians of warm calls through the client on clinc150 (15,000 x 150; 3,000 held
out): with curves of 100 points, and with 1,000 bootstrap trials between two versions. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.corpora import DataMissing, Example, data_folder, read_split
from bench.validation_metrics import Reference
from pinfold.cli.local_server import LocalServer
from pinfold_server.domain.names import VersionRef
from pinfold_server.services.quality.held_outs import HeldOutCache
from pinfold_server.settings import Settings
from pinfold_server.store.env import Store

COMPARED = ("banking77", "goemotions")
TIMED = "clinc150"
THRESHOLDS: tuple[dict[str, Any], ...] = ({}, {"default_threshold": 0.5}, {"policy": "high_precision"})


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output; milliseconds of one call."""

    max_metric_error: float
    get_validation_ms: float
    compare_ms: float


def main() -> int:
    """Prints the figures; 3 when the data are absent."""
    options = _arguments()
    try:
        folder = data_folder(options.data)
        texts = {name: read_split(folder, name, "train") for name in (*COMPARED, TIMED)}
    except DataMissing as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return 3
    with (
        tempfile.TemporaryDirectory(prefix="pinfold-validation-") as name,
        LocalServer(Path(name)) as server,
        pinfold.Client(server.target, timeout=120) as client,
    ):
        tell = _silent if options.json else print
        worst = max(_largest_error(client, server.data, name, texts[name], tell) for name in COMPARED)
        validation_ms, compare_ms = _times(client, texts[TIMED], options.calls)
    figures = Figures(worst, validation_ms, compare_ms)
    tell(
        f"GetValidation {validation_ms:.1f} ms, CompareVersions {compare_ms:.1f} ms, {TIMED}, median of {options.calls}"
    )
    print(json.dumps(asdict(figures)))
    return 0


def _largest_error(
    client: pinfold.Client, data: Path, name: str, examples: Sequence[Example], tell: Callable[[str], None]
) -> float:
    version = _uploaded(client, name, examples).train().wait(timeout=600).refresh()
    store = Store.open(data, map_bytes=Settings(data=data).map_bytes, read_only=True)
    try:
        kept = HeldOutCache(store).get(name, VersionRef(version.number, None))
    finally:
        store.close()
    single = version.info.label_mode == pinfold.LabelMode.SINGLE_LABEL
    largest: dict[str, float] = {}
    for thresholds in THRESHOLDS:
        found = version.validation(curve_points=0, **thresholds)
        for what, error in Reference(kept.held_out, single).errors(found):
            largest[what] = max(largest.get(what, 0.0), error)
    tell(f"{name}: {len(kept.held_out):,} held-out documents, {len(found.labels)} labels")
    for what, error in largest.items():
        tell(f"  {what:28} {error:.1e}")
    return max(largest.values())


def _times(client: pinfold.Client, examples: Sequence[Example], calls: int) -> tuple[float, float]:
    dataset = _uploaded(client, TIMED, examples)
    dataset.train().wait(timeout=600).pin()
    version = dataset.train(algorithm="complement_naive_bayes").wait(timeout=600)
    return (
        _milliseconds(lambda: version.validation(), calls),
        _milliseconds(lambda: dataset.compare(1, version), calls),
    )


def _milliseconds(call: Callable[[], object], calls: int) -> float:
    """The median of so many calls, after one that is not counted."""
    call()
    taken = []
    for _ in range(calls):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return 1_000 * statistics.median(taken)


def _uploaded(client: pinfold.Client, name: str, examples: Sequence[Example]) -> pinfold.Dataset:
    dataset = client.create_dataset(name)
    report = dataset.upload(
        {"id": f"{row:06}", "text": example.text, "labels": example.labels} for row, example in enumerate(examples)
    )
    if report.failed:
        raise SystemExit(f"{report.failed} rows failed, the first with: {report.failures[0]}")
    return dataset


def _silent(_: str) -> None:
    """Tells nothing."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", help="folder of the data sets; default: the variable PINFOLD_DATA")
    parser.add_argument("--calls", type=int, default=15, help="calls to time of each kind")
    parser.add_argument("--json", action="store_true", help="print the last line only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
