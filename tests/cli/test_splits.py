"""`pinfold dataset split` and `splits` against a real server."""

import csv
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


def test_files_are_uploaded_to_their_part_and_exported_with_it(server: Server, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,text,split\na,one,test\nb,two,\n")
    environment = {"PINFOLD_SERVER": server.target}
    upload = ["upload", "uploaded-parts", str(tmp_path / "in.csv"), "--create", "--split", "train"]
    told = CliRunner().invoke(app, upload, env=environment)
    assert told.exit_code == 0, told.output
    assert "split: split" in told.stderr
    assert "2 given to another split" in told.stderr
    CliRunner().invoke(app, ["export", "uploaded-parts", str(tmp_path / "out.csv")], env=environment)
    with (tmp_path / "out.csv").open() as file:
        assert {row["id"]: row["split"] for row in csv.DictReader(file)} == {"a": "test", "b": "train"}
    ruled_out = CliRunner().invoke(app, [*upload[:-2], "--split-column", "", "--json"], env=environment)
    assert json.loads(ruled_out.stdout)["split_changed"] == 0
