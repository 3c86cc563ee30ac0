"""What an operator finds in the log, and what must never be there."""

import asyncio
import json
import logging

import grpc
import pytest

import pinfold
from pinfold.v1 import dataset_service_pb2 as pb
from pinfold.v1.dataset_service_pb2_grpc import DatasetServiceStub
from pinfold_server.logs import JsonLines, TextLines
from pinfold_server.services.datasets.datasets import DatasetService
from tests.serving import HANG_SECONDS, train_tickets

SECRET = "the caller's own words, and nobody else's"


async def failure(call) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


def request_id(error: grpc.aio.AioRpcError) -> str:
    return str(error.trailing_metadata()["x-request-id"])


async def test_a_failure_carries_the_id_that_its_caller_gave(channel):
    stub = DatasetServiceStub(channel)
    ask = pb.GetDatasetRequest(name="datasets/none")

    error = await failure(stub.GetDataset(ask, metadata=[("x-request-id", "checkout-7/42")], timeout=HANG_SECONDS))
    assert request_id(error) == "checkout-7/42"


@pytest.mark.parametrize("given", [None, "", "a" * 129, "two words", "forged level=error"])
async def test_a_failure_without_a_usable_id_gets_one(channel, given):
    metadata = [("x-request-id", given)] if given is not None else []
    ask = pb.GetDatasetRequest(name="datasets/none")

    error = await failure(DatasetServiceStub(channel).GetDataset(ask, metadata=metadata, timeout=HANG_SECONDS))
    assert len(request_id(error)) == 16
    assert int(request_id(error), 16) >= 0


async def test_an_unexpected_failure_is_logged_with_the_id_of_its_request(channel, caplog, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(DatasetService, "get", broken)
    ask = pb.GetDatasetRequest(name="datasets/any")
    error = await failure(
        DatasetServiceStub(channel).GetDataset(ask, metadata=[("x-request-id", "r-1")], timeout=HANG_SECONDS)
    )

    assert error.code() is grpc.StatusCode.INTERNAL
    (record,) = [found for found in caplog.records if found.levelno == logging.ERROR]
    assert (record.request_id, record.exc_info[0]) == ("r-1", ZeroDivisionError)
    assert request_id(error) == "r-1"
    assert "(request r-1)" in TextLines("worker 0").format(record)
    line = JsonLines("worker 0").format(record)
    fields = json.loads(line)
    assert "\n" not in line
    assert fields["request_id"] == "r-1"
    assert fields["traceback"].endswith("ZeroDivisionError")


def test_json_lines_are_objects_and_hold_no_words_of_callers(start_server):
    server = start_server(flags=["--log-format", "json", "--log-level", "debug"])
    trained = train_tickets(server)
    with pinfold.Client(server.target) as client:
        dataset = client.dataset(trained.dataset)
        dataset.upload([{"id": "secret", "text": SECRET, "labels": [f"Secrets > {SECRET}"]}])
        dataset.predict([SECRET, ""])
        with pytest.raises(pinfold.InvalidArgument):
            dataset.predict(["a"], thresholds={SECRET: 0.5})
    assert server.stop() == 0
    written = server.log.read_text()
    lines = [json.loads(line) for line in written.splitlines()]

    assert SECRET not in written
    assert {"time", "level", "process", "pid", "logger", "message"} <= set.intersection(*map(set, lines))
    assert {"pinfold", "worker 0", "trainer 0"} <= {line["process"] for line in lines}
    assert any("PredictionService.Predict ended with OK" in line["message"] for line in lines)


async def test_calls_are_not_logged_unless_asked_for(channel, caplog):
    caplog.set_level(logging.INFO)
    await DatasetServiceStub(channel).ListDatasets(pb.ListDatasetsRequest(), timeout=HANG_SECONDS)
    await asyncio.sleep(0)

    # Whether compiled code has come meanwhile is another matter.
    assert [record for record in caplog.records if record.name.startswith("pinfold_server.rpc")] == []
