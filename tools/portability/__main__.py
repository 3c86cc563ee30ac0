"""A pinned version's file gives the bits of the server in other runtimes, with the code that docs/examples shows.

    python -m tools.portability [--texts 1000] [--json]

Trains five kinds of model on a server of its own, asks that server, downloads the files, and runs them with
onnxruntime-node and onnxruntime-web (WebAssembly) from npm: 1 and 4 threads, the graph optimised and as it stands,
texts alone and in batches. Before that, every code point of Unicode is read by both sides. Ends with one JSON line for
each runtime; the exit status is 1 when any bit differs, 2 when Node or npm are missing.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

import pinfold
from pinfold.cli.local_server import LocalServer
from pinfold_server.engine.session import Model
from pinfold_server.engine.text import Folding, encode
from tools.portability.samples import SAMPLES, documents, texts

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "docs" / "examples"
RUNTIMES = ("onnxruntime-node", "onnxruntime-web")
THREADS = (1, 4)
LEVELS = ("all", "disabled")
RUN_SECONDS = 300
NODE_MAJOR = 20
CODE_POINTS = 0x110000

Floats = npt.NDArray[np.float32]


class ToolMissing(Exception):
    """Node or npm is not installed, or too old."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--texts", type=int, default=1_000, help="texts to ask each model (default: 1,000)")
    parser.add_argument("--json", action="store_true", help="print the last lines only")
    options = parser.parse_args()
    try:
        installed = install()
    except ToolMissing as missing:
        print(f"nothing was measured: {missing}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="pinfold-portability-") as name:
        folder = prepare(Path(name))
        tell = (lambda *_: None) if options.json else print
        points = differing_code_points(folder)
        tell(f"{CODE_POINTS:,} code points, each alone and among others: {points} read differently")
        expected = ask_server(folder, texts(options.texts))
        total = points
        for runtime in RUNTIMES:
            differences = 0
            for threads in THREADS:
                for level in LEVELS:
                    found = compare(folder, (runtime, str(threads), level), expected)
                    differences += found
                    tell(f"{runtime}, {threads} threads, optimisation {level}: {found} answers differ")
            total += differences
            pairs = options.texts * len(SAMPLES) * len(THREADS) * len(LEVELS)
            print(json.dumps({
                "runtime": f"{runtime} {installed[runtime]}", "texts": options.texts, "models": len(SAMPLES),
                "pairs": pairs, "differences": differences,
            }))  # fmt: skip
    return 1 if total else 0


def install() -> dict[str, str]:
    """Puts the locked runtimes beside this file; their versions. Raises ToolMissing."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise ToolMissing(f"{tool} is not installed; Node {NODE_MAJOR} or newer brings both node and npm")
    major = int(_run(["node", "--version"], HERE).lstrip("v").partition(".")[0])
    if major < NODE_MAJOR:
        raise ToolMissing(f"Node {NODE_MAJOR} or newer is needed, this is {major}")
    lock = HERE / "package-lock.json"
    mark = HERE / "node_modules" / ".installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != digest:
        # Scripts would fetch libraries for graphics cards.
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], HERE)
        mark.write_text(digest)
    packages = json.loads(lock.read_text())["packages"]
    return {runtime: packages[f"node_modules/{runtime}"]["version"] for runtime in RUNTIMES}


def prepare(folder: Path) -> Path:
    """A folder in which the examples find the runtimes."""
    for path in [*EXAMPLES.glob("*.mjs"), HERE / "run.mjs"]:
        shutil.copy(path, folder)
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    return folder


def differing_code_points(folder: Path) -> int:
    """How many of the texts made of every code point are read differently by the example and the server."""
    _node(folder, "points", "0", str(CODE_POINTS))
    theirs = np.fromfile(folder / "points.i32", np.int32)
    each = map(chr, range(CODE_POINTS))
    ours = encode((text for one in each for text in (one, f"A\u03a3{one}\u0301{one}\u0334 7")), tuple(Folding))
    if np.array_equal(ours, theirs):
        return 0
    pairs = zip(_parted(ours), _parted(theirs), strict=True)
    return sum(not np.array_equal(own, other) for own, other in pairs)


def ask_server(folder: Path, asked: list[str]) -> dict[str, Floats]:
    """Trains and downloads every kind of model; what the server answers to the texts, by name of the model."""
    expected = {}
    with LocalServer(folder / "server") as server, pinfold.Client(server.target, timeout=120) as client:
        for sample in SAMPLES:
            dataset = client.create_dataset(sample.name)
            dataset.upload(documents(sample))
            version = dataset.train(**sample.options).wait().pin()
            blob = version.download(folder / f"{sample.name}.onnx").read_bytes()
            model = Model.load(blob, hashlib.sha256(blob).hexdigest())
            expected[sample.name] = _answers(dataset, version.number, model, asked)
    task = {"models": [sample.name for sample in SAMPLES], "texts": asked}
    (folder / "task.json").write_text(json.dumps(task))
    return expected


def compare(folder: Path, way: Sequence[str], expected: dict[str, Floats]) -> int:
    """Runs all models in one way; how many texts got another bit than from the server."""
    _node(folder, *way)
    differences = 0
    for name, answers in expected.items():
        found = np.fromfile(folder / f"{name}.answers.f32", np.float32).reshape(answers.shape)
        differences += int((found.view(np.int32) != answers.view(np.int32)).any(axis=1).sum())
    return differences


def _answers(dataset: pinfold.Dataset, version: int, model: Model, asked: list[str]) -> Floats:
    """By the server; texts that a server refuses (empty, or no UTF-8) by its engine."""
    answers = model.score(asked).probabilities
    column = {label: place for place, label in enumerate(model.labels)}
    sendable = [place for place, text in enumerate(asked) if text.strip() and _is_utf8(text)]
    predictions = dataset.predict([asked[place] for place in sendable], version=version, all_scores=True)
    for place, prediction in zip(sendable, predictions, strict=True):
        answers[place] = np.nan
        for name, probability in prediction.labels:
            answers[place, column[name]] = probability
    return answers


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _parted(codes: npt.NDArray[np.int32]) -> list[npt.NDArray[np.int32]]:
    return np.split(codes, np.flatnonzero(codes == 0) + 1)


def _node(folder: Path, *arguments: str) -> None:
    _run(["node", "run.mjs", *arguments], folder)


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=RUN_SECONDS)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
