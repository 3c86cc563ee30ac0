"""Making and changing datasets on the command line, against a real server."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pinfold.cli.app import app
from tests.serving import Server


@pytest.fixture
def target(server: Server) -> str:
    return server.target


def call(target: str, *arguments: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["dataset", *arguments], env={"PINFOLD_SERVER": target, "COLUMNS": "200"})
    assert result.exit_code == exit_code, (arguments, result.output, result.exception)
    return result


def told(target: str, *arguments: str) -> Any:
    return json.loads(call(target, *arguments, "--json").stdout)


def test_what_is_left_out_stays(target: str, own_name: str) -> None:
    made = told(target, "create", own_name, "--title", "Tickets", "--label-mode", "single_label")
    assert (made["title"], made["label_mode"]) == ("Tickets", "single_label")
    changed = told(target, "update", own_name, "--description", "Of the shop")
    assert (changed["title"], changed["description"], changed["label_mode"]) == (
        "Tickets",
        "Of the shop",
        "single_label",
    )
    assert "changed" in call(target, "update", own_name, "--label-mode", "multi_label", "--title", "New").stderr
    shown = told(target, "show", own_name)["dataset"]
    assert (shown["title"], shown["label_mode"], shown["sources"]) == ("New", "multi_label", [own_name])
    assert "multi_label" in call(target, "show", own_name).stdout


def test_a_change_of_nothing_and_an_unknown_mode_are_wrong_calls(target: str) -> None:
    assert "--label-mode" in call(target, "update", "anything", exit_code=2).stderr
    assert "either" in call(target, "update", "anything", "--label-mode", "either", exit_code=2).stderr
    assert "[DATASET_NOT_FOUND]" in call(target, "update", "nobody-here", "--title", "x", exit_code=1).stderr
