"""`pinfold keywords` against a real server."""

import json

from typer.testing import CliRunner, Result

from pinfold.cli.app import app
from tests.serving import Trained


def run(trained: Trained, *arguments: str, exit_code: int = 0) -> Result:
    environment = {"PINFOLD_SERVER": trained.server.target}
    result = CliRunner().invoke(app, ["keywords", trained.dataset, *arguments], env=environment)
    assert result.exit_code == exit_code, (arguments, result.output, result.exception)
    return result


def test_the_keywords_of_every_label_are_listed(trained: Trained) -> None:
    lines = run(trained).stdout.splitlines()
    assert lines[0].split() == ["label", "for", "it", "against", "it"]
    assert {line.split("  ")[0] for line in lines[2:]} == trained.labels


def test_json_names_the_version_that_a_tag_stands_for(trained: Trained) -> None:
    told = json.loads(run(trained, "--version", "staging", "--label", "Login", "--limit", "3", "--json").stdout)
    assert told["version"] == trained.second
    assert [label["label"] for label in told["labels"]] == ["Login"]
    assert len(told["labels"][0]["positive"]) == 3
    assert told["labels"][0]["positive"][0]["kind"] in {"word", "word_ngram", "char_ngram"}


def test_an_unknown_label_is_named(trained: Trained) -> None:
    assert "UNKNOWN_LABEL" in run(trained, "--label", "Nonsense", exit_code=1).stderr
    assert "it is empty" in run(trained, "--label", "", exit_code=2).stderr
