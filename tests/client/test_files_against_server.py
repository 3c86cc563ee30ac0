"""Files into and out of a dataset, through both clients."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import pinfold
from tests.serving import HANG_SECONDS, Server

ROWS = [
    {
        "id": "1",
        "text": "where is my refund",
        "labels": ["Billing > Refund", "a|b"],
        "metadata": {"team": "x", "n": 1.5},
    },
    {"id": "2", "text": 'nothing "of" that,\nü', "labels": []},
    {"id": "3", "text": "not looked at", "timestamp": "2026-01-02T03:04:05Z"},
]


@pytest.fixture
def dataset(dataset: Any) -> Any:
    dataset.upload(ROWS)
    dataset.annotate([{"id": "3", "assigned": ["Billing"], "dismissed": ["a|b"]}])
    dataset.set_splits({"1": "test", "3": "unassigned"})
    return dataset


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_what_is_exported_is_imported_as_it_was(client: Any, dataset: Any, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    states: list[pinfold.UploadProgress] = []
    assert dataset.export_file(path, progress=states.append) == 3
    assert states[-1] == pinfold.UploadProgress(3, 0, 3, finished=True)
    again = client.create_dataset(f"{dataset.id}-again")
    report = again.import_file(path)
    assert (report.upload.new, report.upload.failed, report.bad_lines) == (3, 0, 0)
    before = {each.id: (each.text, each.timestamp, each.metadata) for each in dataset.documents()}
    assert {each.id: (each.text, each.timestamp, each.metadata) for each in again.documents()} == before
    said = {each.document_id: (each.assigned, each.reviewed) for each in again.annotations()}
    assert said == {"1": (("Billing > Refund", "a|b"), True), "2": ((), True)}
    assert {each.document_id: each.split for each in again.splits()} == {"1": "test", "3": "unassigned"}
    assert report.upload.split_changed == 2


def test_what_is_not_reviewed_is_told_apart(dataset: Any, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    dataset.export_file(path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(row.get("labels"), row.get("assigned"), row.get("dismissed")) for row in rows] == [
        (["Billing > Refund", "a|b"], None, []),
        ([], None, []),
        (None, ["Billing"], ["a|b"]),
    ]
    path = tmp_path / "out.parquet"
    dataset.export_file(path)
    assert pq.read_table(path).column("labels").to_pylist() == [["Billing > Refund", "a|b"], [], None]


def test_only_what_matches_is_exported(dataset: Any, tmp_path: Path) -> None:
    assert dataset.export_file(tmp_path / "a.csv", filter='assigned:"Billing"') == 2
    assert dataset.export_file(tmp_path / "b.csv", filter="reviewed = true", source=dataset.id) == 2
    assert dataset.export_file(tmp_path / "c", format="jsonl", filter='id = "none"') == 0
    with pytest.raises(pinfold.InvalidArgument):
        dataset.export_file(tmp_path / "d.csv", filter="nonsense ==")
    with pytest.raises(ValueError, match="csv, tsv, jsonl, parquet"):
        dataset.export_file(tmp_path / "e.xlsx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "c"]


def test_several_sources_side_by_side(client: Any, tmp_path: Path, own_name: str) -> None:
    for source in ("mail", "chat", "empty"):
        client.create_source(f"{own_name}-{source}")
    made = client.create_dataset(own_name, sources=[f"{own_name}-{source}" for source in ("mail", "chat", "empty")])
    for source in ("chat", "mail"):
        rows = [{"id": f"{n:02}", "text": f"{source} {n}", "labels": [source] if n % 2 else None} for n in range(9)]
        made.upload(rows, source=f"{own_name}-{source}")
    path = tmp_path / "out.jsonl"
    assert made.export_file(path) == 18
    exported = [json.loads(line) for line in path.read_text().splitlines()]
    assert all(row.get("labels") == ([row["text"][:4]] if int(row["id"]) % 2 else None) for row in exported)
    assert made.export_file(path, source=f"{own_name}-chat", filter="annotated = true") == 4


def test_records_of_any_columns(dataset: Any) -> None:
    report = dataset.import_records(
        [{"body": "one", "topic": "x", "stars": 5}, {"body": "two", "topic": "y;z", "stars": None}],
        label_columns="topic",
        label_separator=";",
        metadata=True,
    )
    assert (report.upload.new, report.columns) == (2, "text: body · labels: topic · metadata: stars")
    assert {tuple(each.assigned) for each in dataset.annotations()} >= {("x",), ("y", "z")}


def test_an_import_goes_on_where_it_was(dataset: Any, tmp_path: Path) -> None:
    path, kept = tmp_path / "in.csv", tmp_path / "kept"
    path.write_text("text,label\n" + "".join(f"text {n % 7000},l{n % 3}\n" for n in range(12_000)))
    states: list[pinfold.UploadProgress] = []

    def stop(state: pinfold.UploadProgress) -> None:
        states.append(state)
        if state.settled >= 5_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dataset.import_file(path, resume=kept, progress=stop)
    assert json.loads(kept.read_text())["rows"] == states[-1].settled == 5_000
    report = dataset.import_file(path, resume=kept)
    assert (report.resumed_at, report.upload.total) == (5_000, 7_000)
    assert not kept.exists()
    assert sum(1 for _ in dataset.documents()) == 12_000 + 3
    assert dataset.import_file(path).upload.unchanged == 12_000


def test_progress_of_another_import_is_refused(dataset: Any, tmp_path: Path) -> None:
    path, kept = tmp_path / "in.csv", tmp_path / "kept"
    path.write_text("text\none\n")
    for content in ('{"rows": 3}', "nonsense", "[]"):
        kept.write_text(content)
        with pytest.raises(pinfold.InputError, match="delete it to begin anew"):
            dataset.import_file(path, resume=kept)
    with pytest.raises(pinfold.InputError, match="standard input"):
        dataset.import_file("-", resume=kept)
    with pytest.raises(pinfold.InputError, match="No such file"):
        dataset.import_file(tmp_path / "gone.csv")


KILLED = """
import os, signal, sys
import pinfold

def die(state):
    if state.settled >= 10_000:
        os.kill(os.getpid(), signal.SIGKILL)

with pinfold.Client(sys.argv[1]) as client:
    client.dataset(sys.argv[2]).import_file(sys.argv[3], resume=sys.argv[4], progress=die)
"""


def test_a_killed_import_loses_and_doubles_nothing(server: Server, tmp_path: Path, own_name: str) -> None:
    path, kept = tmp_path / "in.jsonl", tmp_path / "kept"
    path.write_text("".join(f'{{"text": "text {n}", "labels": ["l{n % 3}"]}}\n' for n in range(25_000)))
    with pinfold.Client(server.target) as client:
        dataset = client.create_dataset(own_name)
        arguments = [sys.executable, "-c", KILLED, server.target, dataset.id, str(path), str(kept)]
        done = subprocess.run(arguments, check=False, timeout=HANG_SECONDS, env=os.environ)
        assert done.returncode == -signal.SIGKILL
        report = dataset.import_file(path, resume=kept)
        assert report.resumed_at >= 5_000
        assert report.upload.total == 25_000 - report.resumed_at
        info = dataset.refresh().info
        assert info.annotated_count == sum(1 for _ in dataset.documents()) == 25_000


def test_files_of_a_published_split_go_each_to_their_part(dataset: Any, tmp_path: Path) -> None:
    path = tmp_path / "test.csv"
    path.write_text("id,text,label,split\n10,one,x,\n11,two,x,TRAIN\n12,three,x,holdout\n2,again,x,\n")
    with pytest.raises(pinfold.InputError, match=r"test\.csv, line 4: split must be one of .*'holdout'"):
        dataset.import_file(path, split="test")
    report = dataset.import_file(path, split="test", skip_bad_lines=True)
    assert (report.bad_lines, report.upload.split_changed) == (1, 3)
    chosen = {each.document_id: each.split for each in dataset.splits()}
    assert chosen == {"1": "test", "3": "unassigned", "10": "test", "11": "train", "2": "test"}
    back = dataset.import_records([{"id": 2, "text": "again"}], split="default")
    assert back.upload.split_changed == 1
    with pytest.raises(ValueError, match="split must be one of"):
        dataset.import_file(path, split="holdout")


def test_uploaded_rows_name_their_split(client: Any, dataset: Any) -> None:
    rows = [{"id": "4", "text": "four", "split": "test"}, {"id": "5", "text": "five", "split": "dev"}]
    report = dataset.upload(rows)
    assert (report.new, report.split_changed, report.failed) == (1, 1, 1)
    assert (report.failures[0].reason, report.failures[0].field) == ("INVALID_SPLIT", "rows[1].split")
    alone = client.source(dataset.id).upload([{"id": "6", "text": "six", "split": "test"}])
    assert [(each.reason, each.field) for each in alone.failures] == [("DATASET_REQUIRED", "rows[0].split")]
