"""Documents a second that a consumer gets out of a stream: by Fetch and Advance, and by Consume.

    python bench/streams.py --json

A server of its own with a small model and made-up texts. Every way reads all documents in order and advances over each
batch, which is a write to disk. Client and server share the machine. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.processes import cpu_seconds, workers_of
from pinfold.cli.local_server import LocalServer

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
TOPICS = {"Billing": "refund invoice {}", "Delivery": "parcel courier {}", "Login": "password account {}"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output; rates in documents a second, milliseconds of the median, microseconds of processor
    time that the worker takes for a document of Consume.
    """

    documents: int
    fetch_128: float
    fetch_1024: float
    consume_128: float
    consume_1024: float
    worker_us: float
    advance_ms: float
    upload_to_consumer_ms: float


def main() -> int:
    """Prints the figures."""
    arguments = _arguments()
    with (
        tempfile.TemporaryDirectory(prefix="pinfold-streams-") as folder,
        LocalServer(Path(folder)) as server,
        pinfold.Client(server.target, timeout=120) as client,
    ):
        dataset, stream = _prepare(client, arguments.documents)
        (worker,) = workers_of(server.pid)
        figures = Figures(
            documents=arguments.documents,
            fetch_128=_rate(stream, arguments.documents, _fetched(stream, 128)),
            fetch_1024=_rate(stream, arguments.documents, _fetched(stream, 1_024)),
            consume_128=_rate(stream, arguments.documents, stream.consume(128, timeout=600)),
            consume_1024=_rate(stream, arguments.documents, stream.consume(1_024, timeout=600)),
            worker_us=_worker_us(stream, arguments.documents, worker),
            advance_ms=_advance_ms(stream, arguments.calls),
            upload_to_consumer_ms=_delay_ms(dataset, stream, arguments.calls),
        )
    if not arguments.json:
        for name, value in asdict(figures).items():
            print(f"{name:24} {value:12,.1f}")
    print(json.dumps(asdict(figures)))
    return 0


def _prepare(client: pinfold.Client, documents: int) -> tuple[pinfold.Dataset, pinfold.Stream]:
    dataset = client.create_dataset("streams")
    dataset.upload(
        {"id": f"{label}-{number}", "text": text.format(number), "labels": label}
        for label, text in TOPICS.items()
        for number in range(30)
    )
    version = dataset.train().wait(timeout=300).pin()
    stream = dataset.create_stream("all", version)
    dataset.upload(
        {"id": f"d{number}", "text": f"Where is my refund for order {number:08}? I have waited for two weeks now."}
        for number in range(documents)
    )
    return dataset, stream


def _fetched(stream: pinfold.Stream, size: int) -> Iterator[pinfold.StreamBatch]:
    while True:
        yield stream.fetch(size)


def _rate(stream: pinfold.Stream, documents: int, batches: Iterator[pinfold.StreamBatch]) -> float:
    """Documents a second, all of them from the first on."""
    stream.reset(BEGINNING)
    expected = documents + len(TOPICS) * 30
    ids: list[str] = []
    start = time.perf_counter()
    for batch in batches:
        with stream.processing(batch):
            ids += [item.document.id for item in batch.items]
        if len(ids) >= expected:
            break
    seconds = time.perf_counter() - start
    assert ids[-documents:] == [f"d{number}" for number in range(documents)]
    return documents / seconds


def _worker_us(stream: pinfold.Stream, documents: int, worker: int) -> float:
    before = cpu_seconds(worker)
    _rate(stream, documents, stream.consume(1_024, timeout=600))
    return (cpu_seconds(worker) - before) / documents * 1e6


def _advance_ms(stream: pinfold.Stream, calls: int) -> float:
    """One Advance of a single item."""
    stream.reset(BEGINNING)
    took = []
    for item in stream.fetch(min(calls, 1_024)).items:
        start = time.perf_counter()
        stream.advance(item)
        took.append(time.perf_counter() - start)
    return _median_ms(took)


def _delay_ms(dataset: pinfold.Dataset, stream: pinfold.Stream, calls: int) -> float:
    """From the start of an upload of one document until a waiting consumer has it, predicted."""
    stream.reset(datetime.now(UTC))
    batches = stream.consume(timeout=600)
    took = []
    for number in range(calls):
        start = time.perf_counter()
        dataset.upload([{"id": f"late-{number}", "text": f"One more refund {number}"}])
        batch = next(batches)
        took.append(time.perf_counter() - start)
        stream.advance(batch)
    return _median_ms(took)


def _median_ms(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2] * 1e3


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=50_000, help="documents to read (default: 50,000)")
    parser.add_argument("--calls", type=int, default=100, help="calls of which the median is told (default: 100)")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
