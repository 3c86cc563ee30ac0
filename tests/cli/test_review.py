"""The commands around annotation against a real server: sample, annotate, predict-documents, status, auto."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import pinfold as library
from pinfold.cli.app import app
from tests.serving import HANG_SECONDS, Server, ticket_rows

ROWS = ticket_rows()


class Pinfold:
    def __init__(self, target: str) -> None:
        self.environment = {"PINFOLD_SERVER": target, "COLUMNS": "400"}

    def __call__(self, *arguments: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments), env=self.environment)
        assert result.exit_code == exit_code, (arguments, result.output, result.exception)
        return result

    def lines(self, *arguments: str) -> list[Any]:
        return [json.loads(line) for line in self(*arguments, "--json").stdout.splitlines()]


@pytest.fixture
def pinfold(server: Server) -> Pinfold:
    return Pinfold(server.target)


@pytest.fixture
def dataset(server: Server, own_name: str) -> str:
    """Half of the tickets reviewed, and a version."""
    with library.Client(server.target, timeout=HANG_SECONDS) as client:
        made = client.create_dataset(own_name)
        made.upload(row if place % 2 else {"id": row["id"], "text": row["text"]} for place, row in enumerate(ROWS))
        made.train().wait(timeout=HANG_SECONDS)
    return own_name


def test_documents_are_sampled_annotated_and_gone_from_the_next_sample(pinfold: Pinfold, dataset: str) -> None:
    found = pinfold.lines("sample", dataset, "--mode", "teach", "--label", "Login", "--limit", "3")
    assert [one["label"] for one in found] == ["Login"] * 3
    first = found[0]["document"]["id"]
    pinfold("annotate", dataset, first, "--label", "Login", "--mode", "teach", "--actor", "ann")
    again = pinfold.lines("sample", dataset, "-m", "teach", "--label", "Login", "-n", "100")
    assert first not in [one["document"]["id"] for one in again]
    assert len(again) == len(ROWS) // 2 - 1
    (reviewed,) = pinfold.lines(
        "sample", dataset, "-m", "recent", "--include-reviewed", "--filter", 'annotator = "ann"'
    )
    assert reviewed["annotation"]["assigned"] == ["Login"]
    assert reviewed["annotation"]["retrieval_mode"] == "teach"


def test_tables_for_people(pinfold: Pinfold, dataset: str) -> None:
    shown = pinfold("sample", dataset, "--mode", "clusters", "--limit", "2").stdout
    assert "words" in shown
    assert "group" in shown
    assert "predicted" in pinfold("sample", dataset, "--mode", "low_confidence").stdout
    assert "No document fits" in pinfold("sample", dataset, "--filter", 'text:"nowhere"').stderr


def test_annotating_in_part_leaves_the_rest_open(pinfold: Pinfold, dataset: str) -> None:
    document = str(ROWS[0]["id"])
    told = json.loads(pinfold("annotate", dataset, document, "--partial", "--dismiss", "Delivery", "--json").stdout)
    assert told["changed"] == 1
    (found,) = pinfold.lines("sample", dataset, "--filter", f'id = "{document}"')
    assert (found["annotation"]["dismissed"], found["annotation"]["reviewed"]) == (["Delivery"], False)
    pinfold("annotate", dataset, document)
    (found,) = pinfold.lines("sample", dataset, "--include-reviewed", "--filter", f'id = "{document}"')
    assert (found["annotation"]["assigned"], found["annotation"]["reviewed"]) == ([], True)
    assert "DOCUMENT_NOT_FOUND" in pinfold("annotate", dataset, "nobody", exit_code=1).stderr


def test_stored_documents_are_predicted(pinfold: Pinfold, dataset: str) -> None:
    first = str(ROWS[0]["id"])
    (one,) = pinfold.lines("predict-documents", dataset, first, "--version", "latest", "--all-scores")
    assert one["document_id"] == first
    assert len(one["prediction"]["labels"]) == 5
    assert len(pinfold.lines("predict-documents", dataset, "--version", "latest")) == len(ROWS)
    some = pinfold("predict-documents", dataset, "--version", "latest", "--filter", "text:refund").stdout
    assert 0 < len(some.splitlines()) < len(ROWS)
    assert "1 documents could not" in pinfold("predict-documents", dataset, "x", "--version", "1", exit_code=1).stderr
    pinfold("predict-documents", dataset, first, "--filter", "text:refund", exit_code=2)


def test_the_status_says_how_far_behind_the_version_is_and_when_the_dataset_trains(
    pinfold: Pinfold, dataset: str
) -> None:
    pinfold("annotate", dataset, str(ROWS[0]["id"]), "--label", "Login")
    assert "1, 1 changes behind" in pinfold("status", dataset).stdout
    told = pinfold("auto", dataset, "--after-changes", "0", "--after-quiet", "3600").stderr
    assert "trains by itself 3,600 s after the last change" in told
    status = json.loads(pinfold("status", dataset, "--json").stdout)
    assert status["auto_training"]["enabled"]
    assert status["changes_behind"] == 1
    assert "when asked to" in pinfold("auto", dataset, "--off").stderr
