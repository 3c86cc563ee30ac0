"""A large dataset as people work with it: upload, filtered lists, search, status, samples, annotation by many at once.

    python bench/datasets.py [--documents 100000] [--json]

Made-up short texts, with a time and two properties each, go to a server of its own; client and server share the
machine, and the rows are made before the clock runs. A thousandth of the documents is labelled, at least 4,000, so that
there is a model to sample with. Latencies are those of single calls of a generated stub, pages of 100 documents. The
last line is one JSON object. `--documents 1000000` takes some minutes and 3 GiB of memory.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import grpc

# As a script, Python looks for modules beside it, not where `bench` is.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pinfold
from bench.processes import cpu_seconds, resident_mib, workers_of
from pinfold.cli.local_server import LocalServer
from pinfold.v1 import dataset_service_pb2 as pb
from pinfold.v1 import dataset_service_pb2_grpc as stubs
from pinfold.v1 import dataset_status_pb2, sampling_pb2
from pinfold.v1.annotation_pb2 import RetrievalMode
from pinfold_server.store.env import Store
from pinfold_server.store.tables import sources

_DATASET = "datasets/bench"
_LABELS = 77
_ANNOTATORS = 16
_STORE_GIB = 64  # what the server opens it with by default
_WORDS = [a + b + c for a in ("re", "de", "con", "in", "pro") for b in ("fund", "liver", "tract", "voice") for c in
          ("", "s", "ed", "ing", "able", "er", "ment", "ion", "al", "ly")]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """The last line of the output; times in milliseconds, over all calls of a kind; `upload_cpu_us` of the worker and
    `client_cpu_us` of this process are processor time a document; `worker_mib` is its own memory, without the store's.
    """

    documents: int
    upload_docs_per_s: float
    upload_cpu_us: float
    client_cpu_us: float
    indexed_docs_per_s: float
    list_p50_ms: float
    list_p99_ms: float
    search_p50_ms: float
    search_p99_ms: float
    status_p99_ms: float
    sample_cold_ms: float
    sample_warm_ms: float
    annotate_p50_ms: float
    annotate_p99_ms: float
    annotations_per_s: float
    annotations_per_commit: float
    worker_mib_uploaded: float
    worker_mib_at_the_end: float


def main() -> int:
    """Prints the figures."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="pinfold-datasets-") as folder, LocalServer(Path(folder)) as server:
        store = Store.open(server.data, map_bytes=_STORE_GIB << 30, read_only=True)
        try:
            figures = _measure(server, store, arguments.documents, arguments.calls)
        finally:
            store.close()
    if not arguments.json:
        for name, value in asdict(figures).items():
            print(f"{name:24} {value:12,.1f}")
    print(json.dumps(asdict(figures)))
    return 0


def _measure(server: LocalServer, store: Store, documents: int, calls: int) -> Figures:
    target = server.target
    (worker,) = workers_of(server.pid)
    rows = list(_rows(documents))
    with pinfold.Client(target, timeout=600) as client, grpc.insecure_channel(target) as channel:
        dataset = client.create_dataset("bench")
        cpu_before, own_before = cpu_seconds(worker), time.process_time()
        uploaded = _seconds(lambda: dataset.upload(rows))
        cpu, own_cpu = cpu_seconds(worker) - cpu_before, time.process_time() - own_before
        rows.clear()
        indexed = uploaded + _seconds(lambda: _await_index(store, documents))
        memory = resident_mib(worker)
        dataset.train(algorithm="complement_naive_bayes").wait(timeout=600)
        stub = stubs.DatasetServiceStub(channel)
        cold = _seconds(lambda: _first_sample(stub))
        samples = _times(stub.SampleDocuments, [_sample()] * 20)
        rng = random.Random(1)
        listed = _times(stub.ListDocuments, [_page(filter_) for filter_ in _filters(rng, documents, calls)])
        searched = _times(stub.ListDocuments, [_page(f"text:{phrase}") for phrase in _phrases(rng, documents, calls)])
        status = _times(stub.GetDatasetStatus, [dataset_status_pb2.GetDatasetStatusRequest(name=_DATASET)] * calls)
        before = store.last_change
        began = time.perf_counter()
        annotated = _annotate(target, documents, calls)
        seconds = time.perf_counter() - began
        commits = store.last_change - before
    return Figures(
        documents=documents,
        upload_docs_per_s=documents / uploaded,
        upload_cpu_us=cpu / documents * 1e6,
        client_cpu_us=own_cpu / documents * 1e6,
        indexed_docs_per_s=documents / indexed,
        list_p50_ms=_quantile(listed, 0.5),
        list_p99_ms=_quantile(listed, 0.99),
        search_p50_ms=_quantile(searched, 0.5),
        search_p99_ms=_quantile(searched, 0.99),
        status_p99_ms=_quantile(status, 0.99),
        sample_cold_ms=cold * 1e3,
        sample_warm_ms=_quantile(samples, 0.5),
        annotate_p50_ms=_quantile(annotated, 0.5),
        annotate_p99_ms=_quantile(annotated, 0.99),
        annotations_per_s=len(annotated) / seconds,
        annotations_per_commit=len(annotated) / max(commits, 1),
        worker_mib_uploaded=memory,
        worker_mib_at_the_end=resident_mib(worker),
    )


def _rows(documents: int) -> Iterator[dict[str, Any]]:
    """Texts of 80 characters; word n is about 1/n as frequent as the first."""
    rng = random.Random(0)
    weights = [1 / (place + 1) for place in range(len(_WORDS))]
    labelled = max(1, documents // max(4_000, documents // 1_000))
    for number in range(documents):
        words = rng.choices(_WORDS, weights, k=6)
        row: dict[str, Any] = {
            "id": f"{number * 7_919 % documents:08}-{number}",
            "text": f"Where is my {' '.join(words)} for order {number:08}?"[:80],
            "timestamp": f"{2000 + number % 25}-{number % 12 + 1:02}-{number % 28 + 1:02}T00:00:{number % 60:02}Z",
            "metadata": {"team": f"team-{number % 10}", "score": float(number % 1_000)},
        }
        if number % labelled == 0:
            question = number // labelled % _LABELS
            row["labels"] = f"Topic {question % 7} > Question {question}"
            row["text"] += f" question{question}"
        yield row


def _filters(rng: random.Random, documents: int, calls: int) -> list[str]:
    kinds: Sequence[Callable[[], str]] = (
        lambda: f'assigned:"Topic {rng.randrange(7)}"',
        lambda: f'timestamp >= "{rng.randrange(2000, 2025)}-03-05" AND metadata.team = "team-{rng.randrange(10)}"',
        lambda: f"metadata.team IN (team-1, team-{rng.randrange(10)}) AND NOT reviewed = true",
        lambda: f"metadata.score = {rng.randrange(1_000)}",
        lambda: f"reviewed = true AND metadata.score < {rng.randrange(1_000)}",
    )
    return [kinds[number % len(kinds)]() for number in range(calls)]


def _phrases(rng: random.Random, documents: int, calls: int) -> list[str]:
    kinds: Sequence[Callable[[], str]] = (
        lambda: f"{rng.randrange(documents):08}",
        lambda: rng.choice(_WORDS),
        lambda: f'"{rng.choice(_WORDS)} {rng.choice(_WORDS)}"',
        lambda: f'"is my {rng.choice(_WORDS)}" AND text:{rng.choice(_WORDS)}',
        lambda: f"question{rng.randrange(_LABELS)}",
    )
    return [kinds[number % len(kinds)]() for number in range(calls)]


def _page(filter_: str) -> pb.ListDocumentsRequest:
    return pb.ListDocumentsRequest(dataset=_DATASET, filter=filter_, page_size=100)


def _sample() -> sampling_pb2.SampleDocumentsRequest:
    return sampling_pb2.SampleDocumentsRequest(
        dataset=_DATASET, mode=RetrievalMode.RETRIEVAL_MODE_TEACH, label="Topic 1 > Question 1", page_size=20
    )


def _first_sample(stub: stubs.DatasetServiceStub) -> None:
    """Returns with the first page that the new version ranked; a call waits some seconds for it, and is repeated."""
    while True:
        try:
            stub.SampleDocuments(_sample())
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.FAILED_PRECONDITION:
                raise
        else:
            return


def _annotate(target: str, documents: int, calls: int) -> list[float]:
    """Each annotator has a connection of its own, and annotates one document after the other."""

    def work(annotator: int) -> list[float]:
        with grpc.insecure_channel(target, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            stub = stubs.DatasetServiceStub(channel)
            return _times(stub.Annotate, [_change(annotator, number, documents) for number in range(calls)])

    with ThreadPoolExecutor(_ANNOTATORS) as pool:
        return [seconds for times in pool.map(work, range(_ANNOTATORS)) for seconds in times]


def _change(annotator: int, number: int, documents: int) -> pb.AnnotateRequest:
    order = (number * _ANNOTATORS + annotator) % documents
    request = pb.AnnotateRequest(dataset=_DATASET, annotator=f"annotator-{annotator}")
    change = request.annotations.add(document=f"sources/bench/documents/{order * 7_919 % documents:08}-{order}")
    change.assigned.labels.append(f"Topic {number % 7}")
    change.reviewed = number % 2 == 0
    return request


def _await_index(store: Store, documents: int) -> None:
    while True:
        with store.read() as txn:
            source = sources.get(txn, "bench")
        if source is not None and source.indexed_number >= documents:
            return
        time.sleep(0.05)


def _times(call: Callable[[Any], object], requests: Sequence[object]) -> list[float]:
    return [_seconds(lambda request=request: call(request)) for request in requests]  # type: ignore[misc]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _quantile(seconds: Sequence[float], part: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(part * len(seconds)))] * 1e3


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=100_000, help="documents of the dataset (default: 100,000)")
    parser.add_argument("--calls", type=int, default=200, help="calls of each kind (default: 200)")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
