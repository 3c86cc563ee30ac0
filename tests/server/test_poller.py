"""gRPC's poller thread gives way to the event loop while calls come together, and only then.

On Linux, of workers that keep to one core.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import grpc

import pinfold
from bench.processes import workers_of
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictStreamRequest
from pinfold.v1.prediction_service_pb2_grpc import PredictionServiceStub
from tests.serving import HANG_SECONDS, Server, Trained, until

CALLERS = 8
OWN = ("--worker-cores", "own")


def batch_threads(server: Server) -> int:
    """How many threads of the only worker interrupt nobody."""
    (worker,) = workers_of(server.process.pid)
    threads = map(int, os.listdir(f"/proc/{worker}/task"))
    return sum(os.sched_getscheduler(thread) == os.SCHED_BATCH for thread in threads)


def test_the_poller_is_a_batch_thread_while_calls_overlap(start_trained: Callable[..., Trained]) -> None:
    trained = start_trained(flags=OWN)
    with pinfold.Client(trained.server.target, timeout=HANG_SECONDS) as client, ThreadPoolExecutor(CALLERS) as callers:
        dataset, enough = client.dataset(trained.dataset), Event()

        def call_again_and_again() -> None:
            while not enough.is_set():
                dataset.predict(["where is my parcel"])

        assert batch_threads(trained.server) == 0
        calling = [callers.submit(call_again_and_again) for _ in range(CALLERS)]
        until(lambda: batch_threads(trained.server) == 1)
        enough.set()
        for each in calling:
            each.result()

        def calls_alone() -> bool:
            dataset.predict(["where is my parcel"])
            return batch_threads(trained.server) == 0

        until(calls_alone)


def test_a_stream_whose_batches_overlap_counts_as_many_calls(start_trained: Callable[..., Trained]) -> None:
    trained, enough = start_trained(flags=OWN), Event()

    def batches() -> Iterator[PredictStreamRequest]:
        yield PredictStreamRequest(options=PredictRequest(dataset=f"datasets/{trained.dataset}"))
        while not enough.is_set():
            yield PredictStreamRequest(texts=["where is my parcel"])

    with grpc.insecure_channel(trained.server.target) as channel:
        for _ in PredictionServiceStub(channel).PredictStream(batches(), timeout=HANG_SECONDS):
            if not enough.is_set() and batch_threads(trained.server) == 1:
                enough.set()

    assert enough.is_set()
