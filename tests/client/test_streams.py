"""Watching runs and downloading files from a server that breaks off as told."""

from pathlib import Path
from typing import Any

import grpc
import pytest

import pinfold
from pinfold import _methods as methods
from pinfold.v1 import run_pb2, version_pb2
from pinfold.v1.model_service_pb2 import DownloadModelResponse
from tests.client.scripted import FAST, Fail, MakeClient, ScriptedServer, Stall


def run(state: str, fraction: float = 0.0, **fields: Any) -> run_pb2.Run:
    return run_pb2.Run(name="datasets/support/runs/3", state=state, fraction=fraction, **fields)


QUEUED, HALF, DONE = run("STATE_QUEUED"), run("STATE_RUNNING", 0.5), run("STATE_SUCCEEDED", 1.0, version=9)
VERSION = version_pb2.Version(name="datasets/support/versions/9", number=9, run="datasets/support/runs/3")


def test_a_watch_that_breaks_is_opened_again_and_tells_nothing_twice(
    scripted: ScriptedServer, make_client: MakeClient
) -> None:
    scripted.answer(methods.TRAIN, QUEUED)
    scripted.answer(
        methods.WATCH_RUN,
        Fail(grpc.StatusCode.UNAVAILABLE, after=(QUEUED, HALF)),
        [HALF],
        [HALF, DONE],
    )
    scripted.answer(methods.GET_VERSION, VERSION)
    seen: list[pinfold.RunInfo] = []
    with make_client(scripted.target, retry=FAST) as client:
        training = client.dataset("support").train()
        version = training.wait(progress=seen.append)
        assert (training.done, training.version_number, version.number) == (True, 9, 9)
        assert [info.fraction for info in seen] == [0.0, 0.5, 1.0]
        assert training.wait().number == 9
        assert training.refresh().done
    assert len(scripted.calls(methods.WATCH_RUN)) == 3
    assert scripted.calls(methods.GET_RUN) == []


def test_waiting_ends_at_its_timeout_and_the_run_goes_on(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_RUN, HALF)
    scripted.answer(methods.WATCH_RUN, Stall())
    with make_client(scripted.target) as client:
        training = client.dataset("support").run(3)
        with pytest.raises(pinfold.DeadlineExceeded, match="time to wait for run 3 is over; it goes on"):
            training.wait(timeout=1.5)


def test_a_run_that_fails_raises_why(scripted: ScriptedServer, make_client: MakeClient) -> None:
    failed = run("STATE_FAILED", error=run_pb2.RunError(reason="ONE_CLASS", message="label more"))
    scripted.answer(methods.GET_RUN, QUEUED)
    scripted.answer(methods.WATCH_RUN, [QUEUED, failed])
    with make_client(scripted.target) as client, pytest.raises(pinfold.TrainingFailed, match="label more") as raised:
        client.dataset("support").run(3).wait()
    assert raised.value.reason == "ONE_CLASS"


FILE = version_pb2.ModelFile(
    sha256="b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c", size=4, feature_count=1
)
PARTS = (DownloadModelResponse(file=FILE), DownloadModelResponse(data=b"fo"), DownloadModelResponse(data=b"o\n"))


def test_a_download_that_breaks_starts_again(scripted: ScriptedServer, make_client: MakeClient, tmp_path: Path) -> None:
    scripted.answer(methods.GET_VERSION, VERSION)
    scripted.answer(methods.DOWNLOAD_MODEL, Fail(grpc.StatusCode.UNAVAILABLE, after=PARTS[:2]), PARTS)
    with make_client(scripted.target, retry=FAST) as client:
        path = client.dataset("support").version(9).download(tmp_path / "model.onnx")
    assert path.read_bytes() == b"foo\n"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("parts", [PARTS[:2], (*PARTS, PARTS[1]), PARTS[1:], (PARTS[0], PARTS[1], PARTS[1])])
def test_a_file_that_is_not_what_was_announced_leaves_the_old_one(
    scripted: ScriptedServer, make_client: MakeClient, tmp_path: Path, parts: tuple[DownloadModelResponse, ...]
) -> None:
    scripted.answer(methods.GET_VERSION, VERSION)
    scripted.answer(methods.DOWNLOAD_MODEL, parts)
    path = tmp_path / "model.onnx"
    path.write_bytes(b"old")
    with make_client(scripted.target) as client, pytest.raises(pinfold.DataLoss):
        client.dataset("support").version(9).download(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
