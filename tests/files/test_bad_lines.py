"""Lines that cannot be read: told by their number, and fatal or skipped as the caller chose."""

from pathlib import Path

import pytest

from pinfold._files import encodings
from pinfold._files.bad_lines import BadLines, InputError
from pinfold._files.importing import of_file, of_records
from pinfold._types import UploadReport

EMPTY = UploadReport()


def written(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


CSV = 'text,label,date\none,a,2026-01-01\ntwo,b,2026-01-01,x\nthree,c,never\n"fo"ur",d,\nfive,e,\n'
JSON = (
    '{"text": "one", "label": "a"}\n["two"]\n{"text": \n{"text": 3}\n{"text": "five", "label": {}}\n{"text": "six"}\n'
)


def test_bad_lines_of_a_csv_are_skipped_and_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", CSV)
    reading = of_file(path, "datasets/x", None, False, {"skip_bad_lines": True})
    assert [row["text"] for row in reading.rows] == ["one", "five"]
    report = reading.finish(EMPTY)
    assert report.bad_lines == 3
    assert [message.removeprefix(path) for message in report.bad_line_messages] == [
        ", line 3: 4 cells, but the header names 3",
        ", line 5: ',' expected after '\"'",
        ", line 4: 'never' is not a time; write it as 2026-01-31T09:30:00Z",
    ]


def test_bad_lines_of_json_are_skipped_and_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", JSON)
    reading = of_file(path, "datasets/x", None, False, {"skip_bad_lines": True})
    assert [row["text"] for row in reading.rows] == ["one", "six"]
    told = reading.finish(EMPTY).bad_line_messages
    assert [message.removeprefix(path).split(":")[0] for message in told] == [f", line {n}" for n in (2, 3, 4, 5)]


@pytest.mark.parametrize(("name", "content", "line"), [("a.csv", CSV, "line 3"), ("a.jsonl", JSON, "line 2")])
def test_the_first_bad_line_ends_the_reading_unless_told_otherwise(
    tmp_path: Path, name: str, content: str, line: str
) -> None:
    with pytest.raises(InputError, match=line):
        list(of_file(written(tmp_path, name, content), "datasets/x", None, False, {}).rows)


def test_only_so_many_messages_are_kept() -> None:
    bad = BadLines(skip=True)
    for number in range(5_000):
        bad.add(InputError(str(number)))
    assert (bad.count, len(bad.messages)) == (5_000, 1_000)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Müller fährt für die Größe der Straße nach Köln, schöne Grüße", "cp1252"),
        ("Привет, где мой возврат денег? Спасибо за быстрый ответ", "cp1251"),
    ],
)
def test_a_legacy_encoding_is_found(tmp_path: Path, text: str, encoding: str) -> None:
    path = written(tmp_path, "a.csv", ("text\n" + f'"{text}"\n' * 5).encode(encoding))
    reading = of_file(path, "datasets/x", None, False, {})
    rows = list(reading.rows)
    assert [row["text"] for row in rows] == [text] * 5
    assert reading.finish(EMPTY).encoding.startswith("cp125")  # those that agree on these characters are as good


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_known_by_its_mark_or_its_form(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "a.tsv", "text\tlabel\nünï \U0001f600\tx\n".encode(encoding))
    assert list(of_file(path, "datasets/x", None, False, {}).rows) == [{"text": "ünï \U0001f600", "labels": ["x"]}]


def test_a_character_cut_by_the_end_of_the_sample_is_no_other_encoding() -> None:
    assert encodings.guess(("x" * 99 + "ü").encode()[:100]) == encodings.UTF_8


def test_unknown_options_are_refused() -> None:
    with pytest.raises(TypeError, match="text_colum"):
        of_records([{"text": "a"}], False, {"text_colum": "x"})  # type: ignore[typeddict-unknown-key]
    with pytest.raises(TypeError, match="encoding"):
        of_records([{"text": "a"}], False, {"encoding": "x"})  # type: ignore[typeddict-unknown-key]
