"""`pinfold validation`, `thresholds`, `errors` and `rating` against a real server."""

import json

from typer.testing import CliRunner, Result

from pinfold.cli.app import app
from tests.serving import Trained


def run(trained: Trained, command: str, *arguments: str, exit_code: int = 0) -> Result:
    environment = {"PINFOLD_SERVER": trained.server.target}
    result = CliRunner().invoke(app, [command, trained.dataset, *arguments], env=environment)
    assert result.exit_code == exit_code, (arguments, result.output, result.exception)
    return result


def test_a_validation_is_shown_label_by_label(trained: Trained) -> None:
    shown = run(trained, "validation", str(trained.first)).stdout
    assert "micro P / R / F1" in shown
    assert all(label in shown for label in trained.labels)
    told = json.loads(run(trained, "validation", "staging", "--label", "Login", "--curve-points", "4", "--json").stdout)
    assert told["version"] == trained.second
    assert [label["name"] for label in told["labels"]] == ["Login"]
    assert 2 <= len(told["labels"][0]["curve"]["thresholds"]) <= 4


def test_thresholds_are_found_for_a_precision_or_a_recall(trained: Trained) -> None:
    told = json.loads(run(trained, "thresholds", str(trained.first), "--recall", "0.9", "--json").stdout)
    assert all(label["quality"]["recall"] >= 0.9 for label in told["labels"])
    lines = run(trained, "thresholds", str(trained.first), "--precision", "0.9").stdout.splitlines()
    assert {line.split("  ")[0] for line in lines[2:]} == trained.labels
    assert "either" in run(trained, "thresholds", str(trained.first), exit_code=2).stderr


def test_the_documents_of_an_outcome_are_listed_with_their_texts(trained: Trained) -> None:
    arguments = (str(trained.first), "Login", "--outcome", "true_positive", "--limit", "3")
    told = json.loads(run(trained, "errors", *arguments, "--json").stdout)
    assert len(told["documents"]) == 3
    assert all("Login" in one["true_labels"] and one["document"]["text"] for one in told["documents"])
    assert told["documents"][0]["document"]["text"][:20] in run(trained, "errors", *arguments).stdout
    none = run(trained, "errors", str(trained.first), "Login", "--threshold", "1")
    assert "No false positive of 'Login'" in none.stderr
    assert "UNKNOWN_LABEL" in run(trained, "errors", str(trained.first), "Nonsense", exit_code=1).stderr


def test_a_rating_tells_its_factors_and_what_to_do(trained: Trained) -> None:
    told = json.loads(run(trained, "rating", str(trained.first), "--json").stdout)
    assert told["version"] == trained.first
    assert [factor["kind"] for factor in told["factors"]] == [
        "all_labels",
        "underperforming_labels",
        "coverage",
        "balance",
    ]
    shown = run(trained, "rating", str(trained.first))
    assert "of 100" in shown.stdout
    assert "underperforming labels" in shown.stdout
    for action in told["actions"]:
        assert f"--mode {action['mode']}" in shown.stdout
