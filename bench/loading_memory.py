"""What a loaded model costs in memory, beside the size of its file.

    python bench/loading_memory.py [--features 100000] [--labels 1024] [--json]

Writes a file of random weights in a process of its own, then loads it as a worker does, golden check and compiled code
included, in another one. `load_mb` is the rise of that process's resident memory once the file's bytes are let go of,
`peak_mb` the highest rise meanwhile, both from /proc (Linux only). The last line is one JSON object; the exit status is
1 when the ratio of `load_mb` to `file_mb` is above 2.5.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pinfold_server.domain.runs.configs import RunConfig
from pinfold_server.engine import compilation, features, sigmoid
from pinfold_server.engine.model import ROW_LIMIT, CompiledModel, FeatureOptions
from pinfold_server.engine.session import Model
from pinfold_server.engine.tables import KeyTable
from pinfold_server.engine.text import encode, word_characters
from pinfold_server.services.versions.golden import compare

RATIO_MAX = 2.5
GRAM_SHARE = 2  # every second feature is a character n-gram
MIB = 1 << 20


def main() -> int:
    options = _arguments()
    if options.write:
        _write(options.write, options.features, options.labels)
        return 0
    if options.load:
        print(json.dumps(_load(options.load)))
        return 0
    with tempfile.TemporaryDirectory(prefix="pinfold-memory-") as folder:
        file = str(Path(folder) / "model.onnx")
        sizes = ["--features", str(options.features), "--labels", str(options.labels)]
        _run("--write", file, *sizes)
        figures = json.loads(_run("--load", file))
    if not options.json:
        print(f"{options.features:,} features x {options.labels:,} labels: {figures['lane']} lane, {figures}")
    print(json.dumps(figures))
    return 1 if figures["ratio"] > RATIO_MAX else 0


def _run(*arguments: str) -> str:
    command = [sys.executable, str(Path(__file__).resolve()), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _write(file: str, feature_count: int, labels: int) -> None:
    """A model of made-up words and of n-grams of their letters."""
    from pinfold_server.training.export.estimator import NgramClassifier
    from pinfold_server.training.export.export import export

    random = np.random.default_rng(1)
    codes, table = encode(f"word{number}" for number in random.permutation(10 * feature_count)), word_characters()
    found = features.find_words(codes, table)
    grams = np.unique(features.char_ngrams(codes, found, 3, 6).keys)[: feature_count // GRAM_SHARE]
    keys = np.unique(found.keys)[: feature_count - len(grams)]
    config = RunConfig()
    model = CompiledModel(
        labels=tuple(f"label {number}" for number in range(labels)),
        options=FeatureOptions(config.word_ngram_max, config.char_ngram_min, config.char_ngram_max),
        word_class=table,
        words=KeyTable.build(keys),
        word_rows=_rows(len(keys), labels, random),
        grams=KeyTable.build(grams),
        gram_rows=_rows(len(grams), labels, random),
        steps=np.full(labels, sigmoid.STEPS / 256),
        offsets=sigmoid.place(np.zeros(labels)),
        closure=np.zeros((0, 2), np.int64),
    )
    estimator = NgramClassifier(model.labels, config)
    estimator.compiled_ = model
    Path(file).write_bytes(export(estimator))


def _rows(count: int, labels: int, random: np.random.Generator) -> npt.NDArray[np.float32]:
    rows = random.integers(-ROW_LIMIT, ROW_LIMIT, (count + 1, labels + 1), np.int32).astype(np.float32)
    rows[:, -1] = 1
    rows[0] = 0
    return rows


def _load(file: str) -> dict[str, object]:
    kernel = compilation.build()
    small = Path(__file__).read_bytes()  # what importing and hashing cost is not the model's
    hashlib.sha256(small).hexdigest()
    gc.collect()
    before = _resident("VmRSS")
    blob = Path(file).read_bytes()
    by_file = Model.load(blob, hashlib.sha256(blob).hexdigest())
    size = len(blob)
    del blob
    model = by_file.compiled(kernel)
    if model is None:
        raise SystemExit("the file has no tables that compiled code could read")
    compare(by_file, model)
    with_both = _resident("VmRSS")
    del by_file
    gc.collect()
    model.score(["warm up"])
    after, peak = _resident("VmRSS"), _resident("VmHWM")
    return {
        "file_mb": round(size / MIB, 1),
        "load_mb": round((after - before) / MIB, 1),
        "both_lanes_mb": round((with_both - before) / MIB, 1),
        "peak_mb": round((peak - before) / MIB, 1),
        "ratio": round((after - before) / size, 2),
        "peak_ratio": round((peak - before) / size, 2),
        "lane": model.lane,
    }


def _resident(field: str) -> int:
    """Bytes of resident memory now (VmRSS) or at most so far (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(field))) << 10


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--features", type=int, default=100_000)
    parser.add_argument("--labels", type=int, default=1_024)
    parser.add_argument("--json", action="store_true", help="print the last line only")
    parser.add_argument("--write", help=argparse.SUPPRESS)
    parser.add_argument("--load", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
