"""The page for Prometheus of a whole server."""

import os
import signal
import urllib.error
from pathlib import Path

import grpc
import pytest

import pinfold
from tests.crash.test_kills import children
from tests.promises.load import TEXTS
from tests.scraping import Series, fetch, free_port, page_when, parse, until_up, value
from tests.server.test_supervisor import run_server
from tests.serving import HANG_SECONDS, Server, serving, train_tickets

PREDICT = {"grpc_service": "pinfold.v1.PredictionService", "grpc_method": "Predict", "grpc_type": "unary"}


@pytest.fixture(scope="module")
def measured(tmp_path_factory, bring_tickets):
    """A server of two workers with a trained dataset, and the port of its page."""
    port = free_port()
    flags = ["--metrics-port", str(port)]
    with serving(tmp_path_factory.mktemp("measured"), workers=2, trainers=0, flags=flags) as server:
        bring_tickets(server)
        yield server, port


def both_workers_answer(page: dict[Series, float]) -> bool:
    return all(value(page, "pinfold_process_up", process=f"worker-{slot}") == 1 for slot in range(2))


def worker_zero(server: Server) -> int:
    """Process id of the worker in place 0, as its command line says: process ids wrap round."""
    for role, pid in children(server):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if role == "worker" and words[words.index(b"--slot") + 1] == b"0":
            return pid
    raise AssertionError("no worker 0")


def test_calls_are_counted_by_method_and_code_over_all_workers(measured, trained):
    server, port = measured
    before = page_when(port, both_workers_answer)
    for _ in range(4):  # a connection each: some on either worker
        with pinfold.Client(server.target, predict_timeout=HANG_SECONDS) as client:
            dataset = client.dataset(trained.dataset)
            for _ in range(5):
                dataset.predict(TEXTS[:3])
            with pytest.raises(pinfold.NotFound):
                dataset.predict(TEXTS[:1], version="no-such-tag")
    # A call that fails is answered a moment before it has ended.
    ended = value(before, "grpc_server_handling_seconds_count", **PREDICT) + 24
    after = page_when(
        port,
        lambda page: (
            both_workers_answer(page) and value(page, "grpc_server_handling_seconds_count", **PREDICT) >= ended
        ),
    )

    def rise(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    assert rise("grpc_server_started_total", **PREDICT) == 24
    assert rise("grpc_server_handled_total", grpc_code="OK", **PREDICT) == 20
    assert rise("grpc_server_handled_total", grpc_code="NOT_FOUND", **PREDICT) == 4
    assert rise("grpc_server_handling_seconds_count", **PREDICT) == 24
    assert 0 < rise("grpc_server_handling_seconds_sum", **PREDICT) < HANG_SECONDS
    assert rise("pinfold_predict_run_texts_sum") == 60
    assert rise("pinfold_predict_run_texts_count") == rise("pinfold_predict_run_seconds_count") <= 20
    assert rise("pinfold_predict_queue_seconds_count") == rise("pinfold_predict_run_seconds_count")


def test_the_state_of_store_models_and_trainer_is_told(start_server):
    port = free_port()
    train_tickets(start_server(workers=2, flags=["--metrics-port", str(port)]))
    # The last version is loaded, and the trainer idle again, a moment after the run has ended.
    figures = page_when(
        port,
        lambda page: (
            both_workers_answer(page)
            and value(page, "pinfold_versions_loaded") >= 2
            and value(page, "pinfold_trainer_runs_total", process="trainer-0") >= 2
            and value(page, "pinfold_trainer_busy", process="trainer-0") == 0
        ),
    )

    assert value(figures, "pinfold_versions_loaded") >= 2
    assert value(figures, "pinfold_versions_loaded_bytes") > 10_000
    assert 10_000 < value(figures, "pinfold_store_used_bytes") < value(figures, "pinfold_store_map_bytes")
    assert value(figures, "pinfold_store_readers") >= 1
    assert value(figures, "pinfold_runs_waiting") == 0
    assert value(figures, "pinfold_trainer_runs_total", process="trainer-0") == 2
    assert value(figures, "pinfold_trainer_busy", process="trainer-0") == 0
    assert value(figures, "process_resident_memory_bytes", process="worker-1") > 10 << 20


async def test_a_restart_of_a_worker_is_seen(measured):
    server, port = measured
    await until_up(port, 2)
    zero, one = starts(parse(fetch(port)))
    os.kill(worker_zero(server), signal.SIGKILL)
    page_when(port, lambda page: starts(page)[0] > zero)
    await until_up(port, 2)

    assert starts(parse(fetch(port))) == [zero + 1, one]


def starts(page: dict[Series, float]) -> list[float]:
    return [value(page, "pinfold_process_starts_total", process=f"worker-{slot}") for slot in range(2)]


def test_a_worker_that_does_not_answer_holds_up_nobody_and_is_told_as_down(measured):
    server, port = measured
    stuck = worker_zero(server)
    os.kill(stuck, signal.SIGSTOP)
    try:
        figures = page_when(port, lambda page: value(page, "pinfold_process_up", process="worker-1") == 1)
    finally:
        os.kill(stuck, signal.SIGCONT)

    assert value(figures, "pinfold_process_up", process="worker-0") == 0
    assert value(figures, "pinfold_process_up", process="worker-1") == 1


def test_how_many_series_there_are_does_not_depend_on_what_callers_send(measured):
    server, port = measured
    with grpc.insecure_channel(server.target) as channel:
        for number in range(20):
            for path in (f"/pinfold.v1.PredictionService/Nothing{number}", f"/no.such.Service{number}/Call"):
                with pytest.raises(grpc.RpcError):
                    channel.unary_unary(path)(b"", timeout=HANG_SECONDS)
    page = fetch(port)

    assert "Nothing" not in page
    assert "no.such" not in page


def test_only_the_page_is_there(measured):
    _, port = measured
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(port, "/")


def test_a_port_in_use_is_refused_at_the_start(measured, tmp_path):
    _, port = measured
    ended = run_server("--data", str(tmp_path / "other"), "--port", "0", "--metrics-port", str(port))

    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port} for metrics" in ended.stderr
