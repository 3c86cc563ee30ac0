import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinfold._files.bad_lines import InputError
from pinfold._files.records import FileFormat, read_records


def write(folder: Path, name: str, content: str | bytes) -> str:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


def values(path: str, file_format: FileFormat | None = None) -> list[dict[str, object]]:
    return [dict(record.values) for record in read_records(path, file_format)]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_of_a_csv_is_found(tmp_path: Path, mark: str) -> None:
    path = write(tmp_path, "a.csv", f'text{mark}label\n"one, two; three"{mark}x\n')
    assert values(path) == [{"text": "one, two; three", "label": "x"}]


def test_the_delimiter_can_be_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text:label\none,two:x\n")
    assert values(path, FileFormat(delimiter=":")) == [{"text": "one,two", "label": "x"}]


def test_quoted_cells_span_lines_and_the_place_is_that_of_their_end(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", 'text,label\n"one\ntwo",x\nthree,y\n')
    records = list(read_records(path))
    assert [record.values["text"] for record in records] == ["one\ntwo", "three"]
    assert [record.place for record in records] == [f"{path}, line 3", f"{path}, line 4"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_obeyed_and_removed(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "a.csv", "text,label\nmüde,x\n".encode(encoding))
    assert values(path) == [{"text": "müde", "label": "x"}]


def test_an_encoding_that_changes_late_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b"text,label\n" + b"a long line,x\n" * 100_000 + "müde,x\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"not utf-8 text.*--encoding"):
        values(path)
    assert values(path, FileFormat(encoding="cp1252"))[-1] == {"text": "müde", "label": "x"}


def test_an_encoding_that_does_not_exist_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "text\nx\n")
    with pytest.raises(InputError, match="utf-99"):
        values(path, FileFormat(encoding="utf-99"))


def test_json_lines_keep_their_types_and_skip_blank_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"text": "a", "labels": ["x", "y"]}\n\n{"text": "b", "n": 2}\n')
    assert values(path) == [{"text": "a", "labels": ["x", "y"]}, {"text": "b", "n": 2}]


def test_json_lines_without_an_ending_are_recognised(tmp_path: Path) -> None:
    assert values(write(tmp_path, "export", '{"text": "a"}\n')) == [{"text": "a"}]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "is empty"),
        ("a.csv", "text,label\na,b,c\n", "line 2: 3 cells"),
        ("a.csv", "text,text\na,b\n", "same name"),
        ("a.csv", 'text,label\n"open,x\n', "line 2"),
        ("a.jsonl", '{"text": "a"}\n{"text": \n', "line 2: not JSON"),
        ("a.jsonl", '{"text": "a"}\n["a"]\n', "line 2: expected a JSON object"),
        ("a.jsonl", "text\n", "line 1: expected a JSON object"),
        ("a.json", '[{"text": "a"}]', "one object a line"),
    ],
)
def test_a_broken_file_is_told_with_its_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        values(write(tmp_path, name, content))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        values(str(tmp_path / "none.csv"))


def test_records_stream(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", '{"text": "a"}\nbroken\n')
    records = read_records(path)
    assert next(records).values == {"text": "a"}
    with pytest.raises(InputError):
        next(records)


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_what_the_standard_library_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([("text", "label"), *rows])
    path = write(tmp_path_factory.mktemp("csv"), "a.csv", written.getvalue())
    assert [(row["text"], row["label"]) for row in values(path)] == rows
