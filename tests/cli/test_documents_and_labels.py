"""Commands about documents and labels, against a real server."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Pinfold
from tests.serving import Server

ROWS = """id,text,label
1,My refund is late,Billing > Refund
2,A late refund again,Billing > Refund
3,Where is my parcel?,Delivery
"""


@pytest.fixture
def pinfold(server: Server) -> Pinfold:
    return Pinfold(server.target)


@pytest.fixture
def dataset(pinfold: Pinfold, own_name: str) -> str:
    pinfold("dataset", "create", own_name)
    pinfold("upload", own_name, "-", stdin=ROWS)
    return own_name


def test_documents_are_listed_searched_and_shown(pinfold: Pinfold, dataset: str) -> None:
    lines = pinfold("document", "list", dataset, "--filter", "assigned:Billing", "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["1", "2"]
    lines = pinfold("document", "search", dataset, "LATE refund", "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["2"]
    lines = pinfold(
        "document", "search", dataset, "refund", "--filter", "id = 1 OR id = 3", "--json"
    ).stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["1"]
    assert "parcel" in pinfold("document", "list", dataset).stdout
    assert len(pinfold("document", "list", dataset, "--limit", "2", "--json").stdout.splitlines()) == 2
    assert pinfold.json("document", "show", dataset, "3")["text"] == "Where is my parcel?"
    wrong = pinfold("document", "list", dataset, "--filter", "text", exit_code=1)
    assert "at character 5" in wrong.output


def test_labels_are_imported_renamed_copied_and_deleted(pinfold: Pinfold, dataset: str, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("label,description,id\nBilling,All about bills,B-1\nReturns > Shoes,,\n")
    assert len(pinfold.json("label", "import", dataset, str(file))) == 2
    found = {label["name"]: label for label in pinfold.json("labels", dataset)}
    assert (found["Billing"]["description"], found["Billing"]["external_id"]) == ("All about bills", "B-1")
    assert "Returns > Shoes" in found

    moved = pinfold.json("label", "rename", dataset, "Billing > Refund", "Payments > Refund", "--actor", "ann")
    assert (moved["renamed"], moved["label"]["assigned_count"]) == (1, 2)
    events = pinfold.json("label", "history", dataset, "Payments > Refund")
    assert [(event["kind"], event["from_label"], event["actor"]) for event in events][:1] == [
        ("renamed", "Billing > Refund", "ann")
    ]
    assert "renamed" in pinfold("label", "history", dataset).stdout

    other = f"{dataset}-copy"
    pinfold("dataset", "create", other, "--source", dataset)
    assert pinfold.json("label", "copy", other, dataset, "--annotations")["annotations"] == 3
    refused = pinfold("label", "delete", dataset, "Payments", exit_code=1)
    assert "LABEL_IN_USE" in refused.output
    assert pinfold.json("label", "delete", dataset, "Payments", "--move-to", "Billing")["annotations"] == 2
    assert {label["name"]: label["assigned_count"] for label in pinfold.json("labels", dataset)}["Billing"] == 2


def test_a_file_without_labels_is_refused_with_its_line(pinfold: Pinfold, dataset: str) -> None:
    wrong = pinfold("label", "import", dataset, "-", stdin="name,description\nA,x\n,y\n", exit_code=2)
    assert "line 3" in wrong.output


def test_an_addition_fails_for_other_documents_under_stored_ids(pinfold: Pinfold, dataset: str) -> None:
    more = "id,text,label\n1,My refund is late,Billing > Refund\n2,Another text,Delivery\n4,New here,Delivery\n"
    report = json.loads(pinfold("upload", dataset, "-", "--add", "--json", stdin=more, exit_code=1).stdout)
    assert (report["new"], report["unchanged"], report["failed"]) == (1, 1, 1)
    assert (report["failures"][0]["index"], report["failures"][0]["reason"]) == (1, "DOCUMENT_EXISTS")
    assert pinfold.json("document", "show", dataset, "2")["text"] == "A late refund again"


def test_texts_that_are_stored_under_another_id_are_told_apart(pinfold: Pinfold, dataset: str) -> None:
    more = "id,text,label\n8,MY REFUND  is late,Delivery\n9,Something new,Delivery\n"
    report = pinfold.json("upload", dataset, "-", "--duplicates", "merge", stdin=more)
    assert (report["new"], report["duplicates"]) == (1, 1)
    lines = pinfold("document", "list", dataset, "--filter", "assigned:Delivery", "--json").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["1", "3", "9"]
    again = pinfold("upload", dataset, "-", "--duplicates", "keep_first", stdin=more)
    assert "1 with a text that is stored under another id" in again.output


FELT = "id,text,label,mood\n1,slow,Time,-\n"


def test_labels_have_a_sentiment_where_the_dataset_asks_for_it(pinfold: Pinfold, dataset: str) -> None:
    felt = f"{dataset}-felt"
    assert pinfold.json("dataset", "create", felt, "--label-sentiment")["label_sentiment"]
    report = pinfold.json(
        "upload", felt, "-", "--sentiment-column", "mood", stdin="id,text,label,mood\n1,slow,Time,-\n"
    )
    assert report["annotated"] == 1
    pinfold("annotate", felt, "1", "--negative", "Time", "--positive", "Time > Night", exit_code=1)
    pinfold("label", "import", felt, "-", stdin="name\nPrice\n")
    pinfold("annotate", felt, "1", "--negative", "Time", "--positive", "Price")
    events = pinfold.json("history", felt, "1")
    assert events[0]["sentiments"] == {"Price": "positive", "Time": "negative"}
    refused = pinfold("annotate", felt, "1", "--label", "Price", exit_code=1)
    assert "SENTIMENT_REQUIRED" in refused.output
