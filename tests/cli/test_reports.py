"""`pinfold report` against a real server."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pinfold.cli.app import app
from tests.serving import Trained


def run(trained: Trained, *arguments: str, exit_code: int = 0) -> Result:
    environment = {"PINFOLD_SERVER": trained.server.target}
    result = CliRunner().invoke(app, ["report", trained.dataset, *arguments], env=environment)
    assert result.exit_code == exit_code, (arguments, result.output, result.exception)
    return result


def test_a_report_is_written_where_it_was_asked_for(trained: Trained, tmp_path: Path) -> None:
    file = tmp_path / "two.html"
    told = json.loads(run(trained, "staging", "--compare", "live", "-o", str(file), "--json").stdout)
    assert told == {"path": str(file), "version": trained.second}
    assert f"Compared with version {trained.first}" in file.read_text()


def test_a_report_is_named_after_its_version(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"{trained.dataset}-{trained.first}.html"
    assert f"The report of version {trained.first} is in {name}." in run(trained, "live").stderr
    assert (tmp_path / name).read_text().endswith("</html>")


def test_what_cannot_be_written_or_compared_is_told(trained: Trained, tmp_path: Path) -> None:
    assert "No such file" in run(trained, "-o", str(tmp_path / "none" / "x.html"), exit_code=2).stderr
    refused = run(trained, "live", "--compare", "999", "-o", str(tmp_path / "x.html"), exit_code=1)
    assert "VERSION_NOT_FOUND" in refused.stderr
    assert list(tmp_path.iterdir()) == []
