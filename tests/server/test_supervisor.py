"""The process tree, as an operator sees it."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

import pinfold
from pinfold_server.write_mark import WriteMark
from tests.crash.test_kills import children
from tests.serving import HANG_SECONDS, Server, until


def run_server(*flags: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pinfold_server", *flags]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=HANG_SECONDS, check=False, env=os.environ | (environ or {})
    )


def test_a_port_in_use_is_refused_instead_of_shared(server: Server, tmp_path: Path):
    ended = run_server("--data", str(tmp_path / "other"), "--port", str(server.port))

    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{server.port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_data_folder_in_use_is_refused(server: Server):
    ended = run_server("--data", str(server.data), "--port", "0")

    assert ended.returncode == 1
    assert "another server uses the data folder" in ended.stderr


def test_a_wrong_setting_is_told_before_anything_starts(tmp_path: Path):
    ended = run_server("--data", str(tmp_path / "data"), environ={"PINFOLD_SERVER_WORKERS": "none"})

    assert ended.returncode == 2
    assert "--workers (PINFOLD_SERVER_WORKERS)" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_is_not_ours_stops_the_start_with_a_reason(tmp_path: Path):
    import lmdb

    with lmdb.open(str(tmp_path / "data")) as env, env.begin(write=True) as txn:
        txn.put(b"somebody", b"else's")
    ended = run_server("--data", str(tmp_path / "data"), "--port", "0")

    assert ended.returncode == 1
    assert "is not Pinfold's" in ended.stderr
    assert "giving up" in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_and_ends_with_status_0(start_server, number):
    server = start_server(workers=2)
    server.process.send_signal(number)

    assert server.process.wait(HANG_SECONDS) == 0
    assert "stopped" in server.log.read_text()


def test_what_was_answered_during_a_drain_is_stored(start_server):
    server = start_server(trainers=0)
    answered = 0
    with pinfold.Client(server.target, retry=pinfold.RetryPolicy(max_attempts=1)) as client:
        dataset = client.create_dataset("drain")
        with suppress(pinfold.Unavailable):
            for batch in itertools.count():
                if batch == 20:
                    server.process.send_signal(signal.SIGTERM)
                answered += dataset.upload([{"id": f"{batch}", "text": f"text {batch}"}]).new
    assert server.process.wait(HANG_SECONDS) == 0
    assert answered >= 20
    again = start_server("again", trainers=0, data=server.data)
    with pinfold.Client(again.target) as client:
        assert client.get_source("drain").info.document_count >= answered


def test_a_killed_worker_is_replaced_and_serves(start_server):
    server = start_server(workers=1, trainers=0)
    (worker,) = [pid for role, pid in children(server) if role == "worker"]
    os.kill(worker, signal.SIGKILL)

    with grpc.insecure_channel(server.target, options=[("grpc.initial_reconnect_backoff_ms", 50)]) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=HANG_SECONDS, wait_for_ready=True)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    assert worker not in [pid for _, pid in children(server)]


def test_a_worker_loads_none_of_the_trainer_s_libraries():
    heavy = "{'sklearn', 'skl2onnx', 'onnx', 'scipy', 'joblib', 'pickle5'}"
    program = f"import sys, pinfold_server.app; print(sorted({heavy} & set(sys.modules)))"
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=HANG_SECONDS, check=True
    )

    assert printed.stdout.strip() == "[]"


def test_workers_run_without_onnx_runtime_s_telemetry(server: Server):
    for role, pid in children(server):
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert b"ORT_DISABLE_TELEMETRY=1" in environment, role


def test_check_and_backup_of_a_store_that_is_served(server: Server, trained, tmp_path: Path):
    target = tmp_path / "copy"
    made = run_server("backup", str(target), "--data", str(server.data))
    assert made.returncode == 0, made.stderr

    checked = run_server("check", "--data", str(target))
    assert checked.returncode == 0, checked.stdout
    assert "no problems" in checked.stdout
    assert run_server("backup", str(target), "--data", str(server.data)).returncode == 1


def test_a_backup_serves_the_same_answers(server: Server, trained, start_server, tmp_path: Path):
    target = tmp_path / "copy"
    assert run_server("backup", str(target), "--data", str(server.data)).returncode == 0
    restored = start_server("restored", trainers=0, data=target)
    texts = ["where is my refund", "I lost my password"]
    with pinfold.Client(server.target) as before, pinfold.Client(restored.target) as after:
        expected = before.dataset(trained.dataset).predict(texts, version=trained.first, all_scores=True)
        assert after.dataset(trained.dataset).predict(texts, version=trained.first, all_scores=True) == expected


def test_a_writer_that_was_paused_is_ended_and_the_others_go_on(start_server):
    server = start_server(workers=1, trainers=0, flags=["--write-seconds-max", "5"])
    with pinfold.Client(server.target, timeout=HANG_SECONDS, retry=pinfold.RetryPolicy(max_attempts=10_000)) as client:
        dataset = client.create_dataset("paused")

        def upload() -> None:
            for batch in range(40):
                dataset.upload({"id": f"{batch}-{n}", "text": f"text {n}"} for n in range(1_000))

        uploads = threading.Thread(target=upload)
        uploads.start()
        (worker,) = [pid for role, pid in children(server) if role == "worker"]
        pause_while_it_writes(worker, server.data)
        uploads.join(HANG_SECONDS)
        assert client.get_source("paused").info.document_count == 40_000
    assert worker not in [pid for _, pid in children(server)]
    assert "has held the write lock" in server.log.read_text()


def pause_while_it_writes(pid: int, data: Path) -> None:
    """Returns when the process is stopped and holds the write lock."""
    with closing(WriteMark(data)) as mark:
        for _ in range(2_000):
            os.kill(pid, signal.SIGSTOP)
            until(lambda: stopped(pid))  # a stop takes effect a little later
            if mark.held()[0] == pid:
                return
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.003)
    raise AssertionError("the worker was never seen writing")


def stopped(pid: int) -> bool:
    """True when no thread of the process runs any more."""
    states = [path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    return set(states) == {"T"}


def test_check_names_a_folder_without_a_store(tmp_path: Path):
    ended = run_server("check", "--data", str(tmp_path))

    assert ended.returncode == 1
    assert "there is no store" in ended.stderr
