"""The commands about streams against a real server."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import pinfold as library
from pinfold.cli.app import app
from tests.serving import Server, Trained, train_tickets


class Streams:
    """`pinfold stream …` for one dataset."""

    def __init__(self, target: str, dataset: str) -> None:
        self._environment = {"PINFOLD_SERVER": target, "COLUMNS": "400"}
        self._dataset = dataset

    def __call__(self, command: str, *arguments: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(app, ["stream", command, self._dataset, *arguments], env=self._environment)
        assert result.exit_code == exit_code, (command, arguments, result.output, result.exception)
        return result

    def json(self, command: str, *arguments: str) -> Any:
        return json.loads(self(command, *arguments, "--json").stdout)


@pytest.fixture(scope="module")
def tickets(server: Server) -> Trained:
    return train_tickets(server, "cli-streams")


@pytest.fixture
def streams(server: Server, tickets: Trained) -> Streams:
    return Streams(server.target, tickets.dataset)


@pytest.fixture
def dataset(server: Server, tickets: Trained) -> Any:
    with library.Client(server.target) as client:
        yield client.dataset(tickets.dataset)


def test_a_stream_is_defined_by_commands(streams: Streams, tickets: Trained) -> None:
    assert "No stream yet" in streams("list").stderr
    made = streams("create", "routing", "live", "-t", "Login=0.7", "--title", "Routing", "--filter", 'text:"refund"')
    assert f"version {tickets.first}" in made.stderr
    assert streams.json("get", "routing")["thresholds"] == {"Login": 0.7}
    changed = streams.json(
        "update", "routing", "--version", str(tickets.second), "--clear", "filter", "--clear", "thresholds"
    )
    assert (changed["version"], changed["filter"], changed["thresholds"]) == (tickets.second, "", {})
    assert changed["title"] == "Routing"
    assert "Routing" in streams("get", "routing").stdout
    assert "routing" in streams("list").stdout
    streams("update", "routing", "--title", "x", "--clear", "title", exit_code=2)
    assert streams.json("delete", "routing") == {"deleted": "routing"}
    assert "STREAM_NOT_FOUND" in streams("get", "routing", exit_code=1).stderr


def test_documents_are_fetched_advanced_over_and_fetched_again(streams: Streams, dataset: Any) -> None:
    streams("create", "work", "live")
    dataset.upload([{"id": f"w-{number}", "text": f"where is my refund {number}"} for number in range(3)])
    batch = streams.json("fetch", "work", "--size", "2")
    assert [item["document"]["id"] for item in batch["items"]] == ["w-0", "w-1"]
    shown = streams("fetch", "work")
    assert "w-2" in shown.stdout
    assert "pinfold stream advance" in shown.stderr
    assert streams.json("advance", "work", batch["sequence_id"]) == {"moved": True}
    assert "already" in streams("advance", "work", batch["sequence_id"]).stderr
    assert [item["document"]["id"] for item in streams.json("fetch", "work")["items"]] == ["w-2"]
    streams("reset", "work", batch["items"][0]["upload_time"])
    assert len(streams.json("fetch", "work")["items"]) == 3
    streams("reset", "work", "yesterday", exit_code=2)
    assert "INVALID_SEQUENCE_ID" in streams("advance", "work", "nonsense", exit_code=1).stderr


def test_what_is_consumed_is_printed_once(streams: Streams, dataset: Any) -> None:
    streams("create", "tail", "live")
    dataset.upload([{"id": f"t-{number}", "text": f"my parcel {number}"} for number in range(3)])
    lines = streams("consume", "tail", "--seconds", "2", "--json").stdout.splitlines()
    assert [json.loads(line)["document"]["id"] for line in lines] == ["t-0", "t-1", "t-2"]
    assert streams("consume", "tail", "--seconds", "0.5").stdout == ""
    assert "advance" not in streams("fetch", "tail").stderr


def test_exceptions_are_told_listed_and_deleted(streams: Streams, dataset: Any) -> None:
    streams("create", "odd", "live")
    dataset.upload([{"id": "odd-1", "text": "asdf"}])
    (told,) = streams.json("exceptions", "odd", "--put", "odd-1", "--type", "No prediction")
    assert (told["document_id"], told["type"]) == ("odd-1", "No prediction")
    assert "No prediction" in streams("exceptions", "odd").stdout
    assert "DOCUMENT_NOT_FOUND" in streams("exceptions", "odd", "--put", "gone", exit_code=1).stderr
    assert streams.json("exceptions", "odd", "--delete", "odd-1") == []
