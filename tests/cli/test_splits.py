"""`pinfold dataset split` and `splits` against a real server."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

import pinfold
from pinfold.cli.app import app
from tests.serving import Server


def run(server: Server, *arguments: str, exit_code: int = 0, stdin: str | None = None) -> Result:
    environment = {"PINFOLD_SERVER": server.target}
    result = CliRunner().invoke(app, ["dataset", *arguments], env=environment, input=stdin)
    assert result.exit_code == exit_code, (arguments, result.output, result.exception)
    return result


def test_documents_are_given_to_a_part_and_taken_back(server: Server, tmp_path: Path) -> None:
    with pinfold.Client(server.target) as client:
        client.create_dataset("parts").upload([{"id": f"d{number}", "text": "some text"} for number in range(5)])
    assert "No part" in run(server, "splits", "parts").stderr
    assert "2 documents changed" in run(server, "split", "parts", "test", "d0", "d1").stderr
    (tmp_path / "ids").write_text("d2\n\nd3\n")
    run(server, "split", "parts", "unassigned", "--file", str(tmp_path / "ids"))
    run(server, "split", "parts", "train", "--file", "-", stdin="d4\n")
    told = json.loads(run(server, "splits", "parts", "--json").stdout)
    assert [one["split"] for one in told] == ["test", "test", "unassigned", "unassigned", "train"]
    assert "unassigned" in run(server, "splits", "parts").stdout
    report = json.loads(run(server, "split", "parts", "default", "d0", "nobody", "--json", exit_code=1).stdout)
    assert (report["changed"], report["failed"]) == (1, 1)
    assert "nobody" in run(server, "split", "parts", "test", "nobody", exit_code=1).stderr


def test_a_call_without_documents_or_with_a_bad_file_is_refused(server: Server, tmp_path: Path) -> None:
    assert "name documents" in run(server, "split", "parts", "test", exit_code=2).stderr
    missing = run(server, "split", "parts", "test", "--file", str(tmp_path / "none"), exit_code=2)
    assert "No such file" in missing.stderr
