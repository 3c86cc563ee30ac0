"""The commands against a real server, in the order in which a user would meet them."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pinfold.cli.app import app
from tests.serving import Server, Trained

TEMPLATES = {
    "Billing > Refund": ("Where is my refund for order {}?", "I want my money back for number {}"),
    "Billing > Double charge": ("You charged me twice for order {}", "There are two charges on card {}"),
    "Returns": ("How do I send parcel {} back?", "I need a return label for item {}"),
}


def rows() -> list[tuple[str, str, str]]:
    return [
        (f"{label}-{number}-{place}", text.format(number), label)
        for label, texts in TEMPLATES.items()
        for number in range(15)
        for place, text in enumerate(texts)
    ]


class Pinfold:
    """Calls the command line in this process."""

    def __init__(self, target: str) -> None:
        self.environment = {"PINFOLD_SERVER": target}

    def __call__(self, *arguments: str, stdin: str | bytes | None = None, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments), input=stdin, env=self.environment)
        assert result.exit_code == exit_code, (arguments, result.output, result.exception)
        assert "Traceback" not in result.output
        return result

    def json(self, *arguments: str, stdin: str | None = None) -> Any:
        return json.loads(self(*arguments, "--json", stdin=stdin).stdout)


@pytest.fixture
def pinfold(server: Server) -> Pinfold:
    return Pinfold(server.target)


@pytest.fixture
def dataset(pinfold: Pinfold, own_name: str) -> str:
    pinfold("dataset", "create", own_name, "--title", "Tickets")
    return own_name


@pytest.fixture
def table(tmp_path: Path) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([("id", "message", "category"), *rows()])
    file = tmp_path / "tickets.csv"
    file.write_text(written.getvalue())
    return str(file)


def test_the_main_job(pinfold: Pinfold, dataset: str, table: str, tmp_path: Path) -> None:
    uploaded = pinfold("upload", dataset, table)
    assert "text: message · labels: category · id: id" in uploaded.stderr
    assert "90 rows: 90 new; 90 annotated (4 labels created)" in uploaded.stderr
    assert pinfold.json("upload", dataset, table)["unchanged"] == 90
    counts = {label["name"]: label["assigned_count"] for label in pinfold.json("labels", dataset)}
    assert counts == {"Billing": 60, "Billing > Refund": 30, "Billing > Double charge": 30, "Returns": 30}

    trained = pinfold.json("train", dataset, "--seed", "3")
    assert (trained["run"]["state"], trained["version"]["number"]) == ("succeeded", 1)
    assert trained["run"]["config"]["seed"] == 3
    shown = pinfold("version", dataset, "latest").stdout
    assert "Billing > Refund" in shown
    assert "macro F1" in shown

    assert "not pinned" in pinfold("tag", "set", dataset, "live", "1", exit_code=1).stderr
    pinfold("pin", dataset, "latest")
    pinfold("tag", "set", dataset, "live", "1", "--actor", "ada")
    pinfold("train", dataset, "--algorithm", "logistic_regression", "--char-ngram-min", "0", "--char-ngram-max", "0")
    comparison = pinfold.json("compare", dataset, "live", "latest")
    assert (comparison["base"], comparison["candidate"]) == (1, 2)
    assert {label["label"] for label in comparison["labels"]} == set(counts)
    told = pinfold("compare", dataset, "live", "2", "--thresholds", "--flipped", "broken").stdout
    assert told.startswith("Version 2 ")
    assert "same recall" in told
    both = pinfold.json("compare", dataset, "live", "2", "--label", "Returns", "--flipped", "fixed")
    assert [label["label"] for label in both["comparison"]["labels"]] == ["Returns"]
    assert len(both["flipped"]) == both["comparison"]["fixed"]

    pinfold("pin", dataset, "2")
    pinfold("tag", "set", dataset, "staging", "latest")
    assert pinfold.json("promote", dataset)["version"] == 2
    assert pinfold.json("rollback", dataset, "--actor", "bob")["version"] == 1
    events = pinfold.json("tag", "history", dataset, "live")
    assert [(event["kind"], event["to_version"], event["actor"]) for event in events] == [
        ("rollback", 1, "bob"),
        ("promote", 2, ""),
        ("set", 1, "ada"),
    ]
    assert [version["tags"] for version in pinfold.json("versions", dataset)] == [["staging"], ["live"]]
    assert len(pinfold("runs", dataset, "--limit", "1").stdout.splitlines()) == 3

    refused = pinfold("unpin", dataset, "1", exit_code=1)
    assert "VERSION_IN_USE" in refused.stderr
    saved = pinfold.json("download", dataset, "--output", str(tmp_path / "model.onnx"))
    assert hashlib.sha256((tmp_path / "model.onnx").read_bytes()).hexdigest() == saved["sha256"]

    pinfold("tag", "clear", dataset, "staging")
    assert [tag["name"] for tag in pinfold.json("tag", "list", dataset)] == ["live"]
    pinfold("unpin", dataset, "2")
    assert "live → 1" in pinfold("dataset", "show", dataset).stdout
    assert dataset in [info["id"] for info in pinfold.json("dataset", "list")]
    pinfold("dataset", "delete", dataset, "--yes", "--force")
    assert "[DATASET_NOT_FOUND]" in pinfold("labels", dataset, exit_code=1).stderr


def test_texts_are_predicted_from_arguments_files_and_standard_input(
    pinfold: Pinfold, trained: Trained, tmp_path: Path
) -> None:
    def lines(*arguments: str, stdin: str | None = None) -> list[dict[str, Any]]:
        told = pinfold("predict", trained.dataset, *arguments, "--json", stdin=stdin).stdout
        return [json.loads(line) for line in told.splitlines()]

    text = "where is my refund"
    (answer,) = lines(text, "--top-k", "1", "--label", "Billing > Refund", "--label", "Login")
    assert [label["name"] for label in answer["labels"]] == ["Billing > Refund"]
    assert (answer["version"], answer["tag"], answer["truncated"]) == (trained.first, "live", False)
    everything = lines(text, "--all-scores", "--version", str(trained.second))[0]
    assert {label["name"] for label in everything["labels"]} == trained.labels
    assert everything["tag"] is None
    (cut,) = lines("where is my", "-t", "Billing > Refund=1")
    assert "Billing > Refund" not in [label["name"] for label in cut["labels"]]
    assert [line["text"] for line in lines(stdin=f"{text}\n\nmy parcel\n")] == [text, "my parcel"]

    file = tmp_path / "new.jsonl"
    file.write_text(json.dumps({"id": "a1", "text": text}) + "\n" + json.dumps({"text": "my parcel"}) + "\n")
    assert [line.get("id") for line in lines("--file", str(file), "--policy", "high_recall")] == ["a1", None]
    shown = pinfold("predict", trained.dataset, text).stdout.splitlines()
    assert shown[0] == text
    assert any(line.endswith("Billing > Refund") for line in shown[1:])


def test_texts_that_cannot_be_answered_are_told_and_the_others_are_answered(
    pinfold: Pinfold, trained: Trained, tmp_path: Path
) -> None:
    file = tmp_path / "new.jsonl"
    file.write_text('{"text": "where is my refund"}\n{"text": " "}\n')
    result = pinfold("predict", trained.dataset, "--file", str(file), "--json", exit_code=1)
    good, bad = (json.loads(line) for line in result.stdout.splitlines())
    assert good["error"] is None
    assert bad["error"]["reason"] == "EMPTY_TEXT"
    assert "1 texts could not be answered" in result.stderr


def test_rows_that_fail_are_told_with_their_place_and_the_others_are_stored(pinfold: Pinfold, dataset: str) -> None:
    lines = ['{"text": "fine", "labels": ["A"]}', '{"text": "bad label", "labels": ["A>B"]}', '{"text": "also fine"}']
    result = pinfold("upload", dataset, "-", stdin="\n".join(lines), exit_code=1)
    assert "3 rows: 2 new, 1 failed; 1 annotated" in result.stderr
    assert "row 2" in result.stderr


def test_a_repeated_text_without_an_id_is_stored_each_time_and_once_only(pinfold: Pinfold, dataset: str) -> None:
    text = "text,label\nthe same,A\nthe same,B\n"
    assert pinfold.json("upload", dataset, "-", stdin=text)["new"] == 2
    assert pinfold.json("upload", dataset, "-", stdin=text)["unchanged"] == 2


def test_upload_creates_the_dataset_when_asked(pinfold: Pinfold, own_name: str) -> None:
    pinfold("upload", own_name, "-", "--create", stdin="text,label\none,A\n")
    assert pinfold.json("dataset", "show", own_name)["dataset"]["annotated_count"] == 1


def test_a_run_is_started_without_waiting_and_cancelled(pinfold: Pinfold, dataset: str, table: str) -> None:
    pinfold("upload", dataset, table)
    run = pinfold.json("train", dataset, "--no-wait")
    assert run["number"] == 1
    assert run["state"] in ("queued", "running")
    cancelled = pinfold("cancel", dataset, "1", "--json").stdout
    assert json.loads(cancelled)["cancel_requested"] or json.loads(cancelled)["state"] in ("cancelled", "succeeded")


def test_a_training_that_cannot_work_says_why(pinfold: Pinfold, dataset: str) -> None:
    assert "[NO_ANNOTATIONS]" in pinfold("train", dataset, exit_code=1).stderr


def test_wrong_options_name_the_field(pinfold: Pinfold, dataset: str) -> None:
    pinfold("upload", dataset, "-", stdin="text,label\none,A\n")
    told = pinfold("train", dataset, "--max-features", "5", exit_code=1).stderr
    assert "max_features" in told
    assert len(told.splitlines()) <= 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("predict", "x", "a", "-t", "Refund"), "LABEL=0.4"),
        (("predict", "x", "a", "--file", "b"), "not both"),
        (("upload", "x", "/nowhere.csv"), "No such file"),
        (("cancel", "x", "zero"), "RUN"),
        (("predict", "x", "lone \udc80 surrogate"), "surrogate"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_wrong_call_ends_with_code_2(pinfold: Pinfold, arguments: tuple[str, ...], message: str) -> None:
    assert message in pinfold(*arguments, exit_code=2).stderr


def test_a_server_that_is_not_there_is_told_in_two_lines() -> None:
    told = Pinfold("127.0.0.1:1")("dataset", "list", exit_code=1).stderr.splitlines()
    assert "no server answers at 127.0.0.1:1" in told[0]
    assert "pinfold serve" in told[1]
    assert len(told) == 2


def test_options_under_a_name(pinfold: Pinfold, dataset: str) -> None:
    made = pinfold.json(
        "config", "create", f"{dataset}-a", "--algorithm", "complement_naive_bayes", "--stop-word", "the"
    )
    assert (made["config"]["algorithm"], made["config"]["stop_words"]) == ("complement_naive_bayes", ["the"])
    pinfold("config", "create", f"{dataset}-b", "--fold-numbers", "--stop-word", "the", "--description", "other")
    assert "other" in pinfold("config", "list").stdout
    assert "0.7" in pinfold("config", "show", f"{dataset}-a").stdout
    assert pinfold.json("config", "compare", f"{dataset}-a", f"{dataset}-b") == {
        "algorithm": ["complement_naive_bayes", "linear_svm"],
        "fold_numbers": [False, True],
    }
    assert "linear_svm" in pinfold("config", "compare", f"{dataset}-a", f"{dataset}-b").stdout
    both = pinfold("train", dataset, "--config", f"{dataset}-a", "--seed", "1", exit_code=2)
    assert "takes no further options" in both.stderr
    pinfold("config", "delete", f"{dataset}-a")
    assert "RUN_CONFIGURATION_NOT_FOUND" in pinfold("config", "show", f"{dataset}-a", exit_code=1).stderr


def test_who_said_what_of_a_document(pinfold: Pinfold, dataset: str) -> None:
    pinfold("upload", dataset, "-", "--annotator", "ann", stdin="id,text,label\nd1,one,A\n")
    pinfold("upload", dataset, "-", "--annotator", "bob", stdin="id,text,label\nd1,one,B\n")
    events = pinfold.json("history", dataset, "d1")
    assert [(event["annotator"], event["newly_assigned"], event["no_longer_assigned"]) for event in events] == [
        ("bob", ["B"], ["A"]),
        ("ann", ["A"], []),
    ]
    told = pinfold("history", dataset, "d1", "--limit", "1").stdout
    assert "+B, -A" in told
    assert "ann" not in told
    assert "Nobody" in pinfold("history", dataset, "never").stderr


def test_a_dataset_moves_as_one_file(pinfold: Pinfold, dataset: str, table: str, tmp_path: Path) -> None:
    pinfold("upload", dataset, table)
    path = tmp_path / "saved.pinfold"
    saved = pinfold.json("archive", "save", dataset, str(path))
    assert saved["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "--force replaces it" in pinfold("archive", "save", dataset, str(path), exit_code=2).stderr
    assert f"{len(rows()):,} documents" in pinfold("archive", "save", dataset, str(path), "--force").stderr
    assert "[DATASET_EXISTS]" in pinfold("archive", "load", str(path), exit_code=1).stderr
    made = pinfold.json(
        "archive", "load", str(path), "--as", f"{dataset}-copy", "--source", f"{dataset}={dataset}-docs"
    )
    assert made["dataset"]["sources"] == [f"{dataset}-docs"]
    assert made["summary"] == saved["summary"]
    path.write_bytes(path.read_bytes()[:-10])
    assert "[ARCHIVE_TRUNCATED]" in pinfold("archive", "load", str(path), "--as", "x", exit_code=1).stderr
    assert "OLD=NEW" in pinfold("archive", "load", str(path), "--source", "x", exit_code=2).stderr
    assert "No such file" in pinfold("archive", "load", str(tmp_path / "gone"), exit_code=2).stderr


def test_documents_go_out_and_come_back(pinfold: Pinfold, dataset: str, table: str, tmp_path: Path) -> None:
    pinfold("upload", dataset, table)
    path = tmp_path / "out.jsonl"
    assert pinfold.json("export", dataset, str(path), "--filter", 'assigned:"Returns"') == {
        "path": str(path),
        "rows": 30,
    }
    assert "--force replaces it" in pinfold("export", dataset, str(path), exit_code=2).stderr
    assert f"{len(rows()):,} documents" in pinfold("export", dataset, str(path), "--force").stderr
    assert pinfold.json("upload", dataset, str(path))["unchanged"] == len(rows())
    assert "format must be" in pinfold("export", dataset, str(tmp_path / "out.xlsx"), exit_code=2).stderr


def test_bad_lines_are_told_by_number_and_skipped_on_demand(pinfold: Pinfold, dataset: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("text,label\neins für alle,a\nzwei,b,c\nGröße und Maß,a\n".encode("cp1252"))
    assert "line 3: 3 cells" in pinfold("upload", dataset, str(path), exit_code=2).stderr
    told = pinfold(
        "upload", dataset, str(path), "--skip-bad-lines", "--resume", str(tmp_path / "kept"), exit_code=1
    ).stderr
    assert "line 3: 3 cells" in told
    assert "2 rows: 2 new" in told
    assert "--encoding" in told


def test_annotations_are_taken_back(pinfold: Pinfold, dataset: str) -> None:
    pinfold("upload", dataset, "-", stdin="id,text,label\nd1,one,A\n")
    pinfold("upload", dataset, "-", stdin="id,text,label\nd1,one,B\n")
    told = pinfold("restore", dataset, "--revision", "1", "--yes").stderr
    assert "1 annotations and 1 labels changed" in told
    assert "No pinned version was trained on what was left behind." in told
    assert f"pinfold restore {dataset} --revision 2" in told
    assert [label["name"] for label in pinfold.json("labels", dataset)] == ["A"]
    assert pinfold.json("restore", dataset, "--revision", "2", "--yes")["revision"] == 4
    assert "VERSION_NOT_FOUND" in pinfold("restore", dataset, "7", "--yes", exit_code=1).stderr
    assert "--revision" in pinfold("restore", dataset, "--yes", exit_code=2).stderr


def test_a_sweep_is_trained_shown_and_tidied_up(pinfold: Pinfold, dataset: str, tmp_path: Path) -> None:
    table = tmp_path / "tickets.csv"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([("id", "text", "label"), *rows()])
    pinfold("upload", dataset, str(table))
    fixed = ("--set", "algorithm=complement_naive_bayes", "--set", "char_ngram_min=0", "--set", "char_ngram_max=0")
    done = pinfold.json("sweep", dataset, "words", "--vary", "word-ngram-max=1,2", *fixed, "--metric", "macro_f1")
    assert (done["experiment"]["succeeded"], done["experiment"]["metric"]) == (2, "macro_f1")
    assert sorted(run["config"]["word_ngram_max"] for run in done["runs"]) == [1, 2]
    assert "word_ngram_max" in pinfold("experiment", "show", dataset, "words").stdout
    assert "words" in pinfold("experiment", "list", dataset).stdout
    pinfold("run", "update", dataset, "1", "--title", "plain words", "--star", "--metadata", "by=ada")
    run = pinfold.json("run", "update", dataset, "1", "--notes", "again")
    assert (run["title"], run["notes"], run["starred"], run["metadata"]) == (
        "plain words",
        "again",
        True,
        {"by": "ada"},
    )
    assert "newest" in pinfold("run", "delete", dataset, "2", "--yes", exit_code=1).stderr
    assert pinfold.json("experiment", "cancel", dataset, "words")["cancelled"] == 0
    pinfold("sweep", dataset, "wrong", "--vary", "word-ngram-max", exit_code=2)
    pinfold("sweep", dataset, "wrong", "--vary", "nonsense=1", exit_code=2)


def test_the_version_of_what_is_taken_back_is_pinned_and_told(pinfold: Pinfold, dataset: str, tmp_path: Path) -> None:
    table = tmp_path / "tickets.csv"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([("id", "text", "label"), *rows()])
    pinfold("upload", dataset, str(table))
    pinfold("train", dataset)
    pinfold("upload", dataset, "-", stdin="id,text,label\nlater,another text,A\n")
    told = pinfold("restore", dataset, "--revision", "0", "--yes").stderr
    assert "Version 1, which was trained on what was left behind, is pinned now." in told
    assert "trained at revision 1; what was changed from there to revision 2 is in no version" in told
    assert "went back from revision 2 to 0" in pinfold("version", dataset, "1").stdout
    again = pinfold.json("restore", dataset, "--revision", "2", "--skip-pin", "--yes")
    assert (again["kept_version"], again["pinned"]) == (None, False)
