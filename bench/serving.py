"""Requests and texts a second of a server, beside a bare `grpc.aio` echo of the very same messages in the same run.

    python bench/serving.py [--data DIR] [--seconds 2] [--rounds 5] [--json]

Trains on banking77 of the data folder, or else on made-up texts of 77 labels; loads one worker and the echo in turn,
round by round, servers on the first core and load on the last; then one worker and two workers, on the first two cores
where there are more of them. A figure is the median of its rounds, a ratio the median of the rounds' ratios. Workers
say that they serve once compiled code answers. The last line is one JSON object.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import grpc

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench import load
from bench.beside import cores, echo_of, load_cores, second_core, variables, workers_cores
from bench.corpora import DataMissing, data_folder, made_up, read_split
from bench.load import Load, Shape, Work
from bench.processes import cpu_seconds, workers_of
from pinfold.cli.local_server import LocalServer
from pinfold.v1.prediction_pb2 import RESPONSE_FORM_COMPACT
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictStreamRequest

DATASET = "bench"
UNARY = {"c1": Shape(1), "c8": Shape(8), "c64": Shape(8, 8)}
BATCH = Shape(4, 2)
BATCHES = (64, 512)

Figures = dict[str, float]


def main() -> int:
    """Prints the figures."""
    options = _arguments()
    os.environ.setdefault("PINFOLD_SERVER_ENGINE", "compiled")
    rows = _rows(options.data)
    with tempfile.TemporaryDirectory(prefix="pinfold-serving-") as name:
        folder = Path(name)
        with ExitStack() as running:
            with cores(first=True):
                server = running.enter_context(LocalServer(folder / "one"))
            _train(server.target, rows)
            works = _works(server.target, [str(row["text"]) for row in rows])
            echo = running.enter_context(echo_of(folder / "echo", works.values()))
            with cores(first=False):
                results = _one_worker({"echo": echo, "server": server.target}, works, options)
        results |= _two_workers(folder, works, options)
        results["workers2_over_1"] = results["workers2"]["over_1"]
        results["cores2_over_1"] = round(second_core(), 2)
    results["load"] = load.tool()
    if not options.json:
        _print(results)
    print(json.dumps(results))
    return 0


def _one_worker(targets: Mapping[str, str], works: Mapping[str, Work], options: argparse.Namespace) -> dict[str, Any]:
    """Everything that is measured of one worker, beside the echo."""

    def rounds(work: Work, shape: Shape, figure: Callable[[Load], float]) -> Figures:
        return _rounds(targets, lambda target: figure(load.run(target, work, shape, options.seconds)), options.rounds)

    results: dict[str, Any] = {}
    for name, shape in UNARY.items():
        results[f"unary_{name}_rps"] = rounds(works["unary"], shape, lambda found: found.rps)
    results["unary_rps"] = results["unary_c64_rps"]
    results["unary_p50_us"] = rounds(works["unary"], UNARY["c1"], lambda found: found.p50_us)
    for size in BATCHES:
        for form in ("", "_compact"):
            texts = lambda found, size=size: found.rps * size  # noqa: E731
            results[f"batch{size}{form}_texts_per_s"] = rounds(works[f"{size}{form}"], BATCH, texts)
    first = PredictStreamRequest(options=_request(form=True)).SerializeToString()
    batch = works["stream64"].request

    def streamed(target: str) -> float:
        return asyncio.run(load.stream(target, first, batch, options.seconds)) * 64

    results["stream64_compact_texts_per_s"] = _rounds(targets, streamed, options.rounds)
    return results


def _rounds(targets: Mapping[str, str], measure: Callable[[str], float], rounds: int) -> Figures:
    """Median of each target, and of what the server has of the echo in each round."""
    found: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            found[name].append(measure(target))
    ratios = [server / echo for server, echo in zip(found["server"], found["echo"], strict=True)]
    figures = {name: round(statistics.median(values), 1) for name, values in found.items()}
    return figures | {"ratio": round(statistics.median(ratios), 3)}


def _two_workers(folder: Path, works: Mapping[str, Work], options: argparse.Namespace) -> dict[str, Figures]:
    """Two workers beside one with the same model, each target loaded in turn.

    `over_1` is requests a second of two over those of one; every worker keeps to a core. Where there are three cores or
    more, the load has the others; with two it takes part of what the second worker would need: least with large
    requests, of which it sends few. So there are also `cpu_us_1` and `cpu_us_2`, processor time of the workers for one
    request, and `capacity_over_1`: what two workers on two cores of their own would answer over what one does on one.
    """
    shutil.copytree(folder / "one" / "data", folder / "two" / "data")
    one, two = LocalServer(folder / "one"), LocalServer(folder / "two", workers=2)
    with ExitStack() as running:
        with workers_cores(1):
            running.enter_context(one)
        with workers_cores(2), variables(PINFOLD_SERVER_WORKER_CORES="own"):
            running.enter_context(two)
        pair = [one, two]
        with load_cores():
            return {
                "workers2": _second_worker(pair, works["unary"], Shape(32, 2), options),
                "workers2_batch512_compact": _second_worker(pair, works["512_compact"], Shape(32), options),
            }


def _second_worker(pair: Sequence[LocalServer], work: Work, shape: Shape, options: argparse.Namespace) -> Figures:
    """What the second server of a pair has of the first one."""
    servers = dict(zip(("echo", "server"), pair, strict=True))
    cpu: dict[str, list[float]] = {name: [] for name in servers}

    def measure(target: str) -> float:
        (name, server) = next(item for item in servers.items() if item[1].target == target)
        before = sum(map(cpu_seconds, workers_of(server.pid)))
        found = load.run(target, work, shape, options.seconds)
        spent = sum(map(cpu_seconds, workers_of(server.pid))) - before
        cpu[name].append(spent / (found.rps * options.seconds) * 1e6)
        return found.rps

    ratio = _rounds({name: server.target for name, server in servers.items()}, measure, options.rounds)["ratio"]
    first, second = statistics.median(cpu["echo"]), statistics.median(cpu["server"])
    return {
        "over_1": ratio,
        "cpu_us_1": round(first, 1),
        "cpu_us_2": round(second, 1),
        "capacity_over_1": round(2 * first / second, 2),
    }


def _works(target: str, texts: Sequence[str]) -> dict[str, Work]:
    """Every message that is sent, with the answer that the server gives to it now."""
    requests = {"unary": _request(texts[:1])}
    for size in BATCHES:
        chosen = [texts[place % len(texts)] for place in range(size)]
        requests |= {f"{size}": _request(chosen), f"{size}_compact": _request(chosen, form=True)}
    works = {}
    with grpc.insecure_channel(target) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(load.METHOD)
        for name, request in requests.items():
            raw = request.SerializeToString()
            works[name] = Work(raw, call(raw, timeout=30))
        stream: grpc.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(load.STREAM)
        first = PredictStreamRequest(options=_request(form=True)).SerializeToString()
        batch = PredictStreamRequest(texts=requests["64"].texts).SerializeToString()
        works["stream64"] = Work(batch, next(stream(iter([first, batch]), timeout=30)))
    return works


def _request(texts: Sequence[str] = (), *, form: bool = False) -> PredictRequest:
    request = PredictRequest(dataset=f"datasets/{DATASET}", texts=texts)
    if form:
        request.response_form = RESPONSE_FORM_COMPACT
    return request


def _train(target: str, rows: Sequence[Mapping[str, object]]) -> None:
    with pinfold.Client(target, timeout=120) as client:
        dataset = client.create_dataset(DATASET)
        dataset.upload(rows)
        dataset.set_tag("live", dataset.train().wait(timeout=600).pin())
        dataset.predict(["warm up"])


def _rows(given: str | None) -> list[dict[str, object]]:
    try:
        examples = read_split(data_folder(given), "banking77", "train")
    except DataMissing:
        examples = made_up()
    return [
        {"id": str(place), "text": example.text, "labels": list(example.labels)}
        for place, example in enumerate(examples)
    ]


def _print(results: Mapping[str, Any]) -> None:
    for name, value in results.items():
        if isinstance(value, dict):
            value = "  ".join(f"{who} {figure:>12,.2f}" for who, figure in value.items())
        print(f"{name:32} {value}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", help="folder of the data sets; default: the variable PINFOLD_DATA, else made-up texts"
    )
    parser.add_argument("--seconds", type=int, default=2, help="seconds of each load (default: 2)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median counts (default: 5)")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
