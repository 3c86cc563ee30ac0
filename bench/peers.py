"""Pinfold beside what a user would otherwise pick to serve the same texts and labels, on one core each.

    python bench/peers.py [--data DIR] [--only NAME …] [--seconds 2] [--rounds 2] [--json] [--markdown FILE]

One scikit-learn pipeline (words 1-2 under logistic regression) is served by each peer in two ways: `onnx`, its stock
export by skl2onnx in ONNX Runtime, and `sklearn`, the pipeline itself. Pinfold is trained on the same texts, once with
words 1-2 only (`words`) and once with its default configuration (`default`). Peers answer the most probable label of
each text and its probability, Pinfold the labels above their thresholds, about one a text. Peers come from the package
registry into environments of their own, which are kept.

Round by round, each peer is started, asked for its answers to texts that it was not trained on, warmed, measured and
ended, and Pinfold measured after it; a peer that cannot be installed or started, or whose answers are not the
pipeline's, is skipped and the reason told. Servers run on the first core, the load on the last. Figures are medians of
the rounds, ratios medians of Pinfold's figure over the peer's just before it. The last line is one JSON object.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import load
from bench.comparison import environments, home, report, shared_model
from bench.comparison.entrants import PEERS, WAYS, Entrant
from bench.comparison.environments import CannotRun
from bench.comparison.rounds import Rounds
from bench.comparison.shared_model import SharedModel
from bench.comparison.wires import NotAnswered
from bench.corpora import DataMissing, Example, data_folder, made_up, read_split
from bench.load import WrongAnswers
from pinfold.cli.local_server import LocalServerError

SAMPLE = 320
NEEDS_H2LOAD = "its load needs h2load (Debian: nghttp2-client)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; 3 when the data are absent, 1 when Pinfold itself could not be measured."""
    options = _arguments(arguments)
    try:
        data, rows, sample = _examples(options.data)
    except DataMissing as missing:
        print(f"skipped: {missing}", file=sys.stderr)
        return 3
    try:
        result = _measured(options, data, rows, sample)
    except (CannotRun, NotAnswered, WrongAnswers, LocalServerError) as why:
        print(f"nothing was measured, because of Pinfold itself: {why}", file=sys.stderr)
        return 1
    if not options.json:
        print(report.text(result))
    print(json.dumps(result))
    if options.markdown:
        report.write(Path(options.markdown), report.markdown(result, _command(options)))
    return 0


def _measured(
    options: argparse.Namespace, data: str, rows: Sequence[Example], sample: Sequence[Example]
) -> dict[str, Any]:
    """The result. Raises what keeps Pinfold from being measured; what keeps a peer is told in the result."""
    entrants, skipped = _entrants(options.only, Path(options.environments))
    with tempfile.TemporaryDirectory(prefix="pinfold-peers-") as name:
        folder = Path(name)
        _say(f"training on {len(rows)} texts of {data}")
        model = shared_model.fit(rows, sample, folder / "model")
        with home.running(rows, model.texts, folder) as homes:
            rounds = Rounds(model, homes, options.seconds, folder, _say)
            rounds.board.skipped |= skipped
            rounds.run(entrants, options.rounds)
        return rounds.result() | {"setting": _setting(model, rows, data)}


def _entrants(only: Sequence[str] | None, folder: Path) -> tuple[list[Entrant], dict[str, str]]:
    """What can be measured, installed one after another; and why the others cannot, by name."""
    entrants: list[Entrant] = []
    skipped: dict[str, str] = {}
    for peer in PEERS:
        ways = [way for way in WAYS if only is None or peer.name in only or f"{peer.name}/{way}" in only]
        if not ways:
            continue
        if peer.wire.transport.needs_h2load and load.tool() != "h2load":
            skipped |= dict.fromkeys((f"{peer.name}/{way}" for way in ways), NEEDS_H2LOAD)
            continue
        _say(f"installing {peer.name}, unless it is there")
        try:
            environment = environments.installed(peer.name, folder)
        except CannotRun as why:
            skipped |= dict.fromkeys((f"{peer.name}/{way}" for way in ways), str(why))
            continue
        entrants += [Entrant(peer, way, environment) for way in ways]
    return entrants, skipped


def _examples(given: str | None) -> tuple[str, list[Example], list[Example]]:
    """Name of the data, training texts, and a sample of texts that are not among them."""
    try:
        folder = data_folder(given)
        name, rows, tests = "banking77", *(read_split(folder, "banking77", split) for split in ("train", "test"))
    except DataMissing:
        if given:
            raise
        examples = made_up(texts=30)
        name, rows, tests = "made-up data", examples[: -2 * SAMPLE], examples[-2 * SAMPLE :]
    # Banking77 is sorted by label.
    random.Random(1).shuffle(tests)
    return name, rows, tests[:SAMPLE]


def _setting(model: SharedModel, rows: Sequence[Example], data: str) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "data": data,
        "texts": len(rows),
        "labels": len({label for row in rows for label in row.labels}),
        "features": model.features,
        "accuracy": model.accuracy,
        "onnxruntime": version("onnxruntime"),
        "grpcio": version("grpcio"),
        "load": load.tool(),
    }


def _command(options: argparse.Namespace) -> list[str]:
    """What to type for the same again; the folder of the data is everybody's own."""
    words = ["python", "bench/peers.py", "--seconds", str(options.seconds), "--rounds", str(options.rounds)]
    return words + ["--data", "DIR"] * bool(options.data) + (["--only", *options.only] if options.only else [])


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [name for peer in PEERS for name in (peer.name, *(f"{peer.name}/{way}" for way in WAYS))]
    parser.add_argument(
        "--data", help="folder of the data sets; default: the variable PINFOLD_DATA, else made-up texts"
    )
    parser.add_argument(
        "--only",
        nargs="*",
        metavar="NAME",
        choices=known,
        help=f"these peers; none for Pinfold alone: {', '.join(known)}",
    )
    parser.add_argument("--seconds", type=int, default=2, help="seconds of each load (default: 2)")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of which the median counts (default: 2)")
    parser.add_argument(
        "--environments",
        metavar="DIR",
        default=environments.default_folder(),
        help="folder that keeps what the peers are installed into (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    parser.add_argument("--markdown", metavar="FILE", help="also put the table between the markers of this page")
    options = parser.parse_args(arguments)
    if options.markdown:
        try:
            report.require_markers(Path(options.markdown))
        except ValueError as error:
            parser.error(str(error))
    return options


if __name__ == "__main__":
    raise SystemExit(main())
