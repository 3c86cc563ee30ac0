from datetime import UTC, datetime

import pytest

from pinfold._files.bad_lines import InputError
from pinfold._files.columns import ColumnChoice, Columns
from pinfold._files.record import Record
from pinfold._files.rows import LabelCells, parse_time, read_table, to_row

TEXT_AND_LABELS = Columns(text="text", labels=("labels",))


def labels_of(value: object, cells: LabelCells | None = None) -> object:
    record = Record("here", {"text": "a", "labels": value})
    return to_row(record, TEXT_AND_LABELS, cells or LabelCells()).get("labels", "not annotated")


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("Refund", ["Refund"]),
        ("Refund | Delay", ["Refund", "Delay"]),
        ("Refund|Refund", ["Refund"]),
        ("Billing > Refund", ["Billing > Refund"]),
        ('["a|b", "c"]', ["a|b", "c"]),
        (["a", "b"], ["a", "b"]),
        ([], []),
        (3, ["3"]),
        ("", "not annotated"),
        (None, "not annotated"),
    ],
)
def test_label_cells(cell: object, labels: object) -> None:
    assert labels_of(cell) == labels


def test_separators_can_be_named() -> None:
    assert labels_of("Billing/Refund; Delay", LabelCells(";", "/")) == ["Billing > Refund", "Delay"]
    assert labels_of("a|b", LabelCells("")) == ["a|b"]


@pytest.mark.parametrize("cell", [{"a": 1}, [1, 2], 0.5])
def test_labels_that_are_no_texts_are_told_with_their_place(cell: object) -> None:
    with pytest.raises(InputError, match="here: labels must be"):
        labels_of(cell)


def test_several_label_columns_add_up() -> None:
    columns = Columns(text="text", labels=("area", "urgency"))
    record = Record("here", {"text": "a", "area": "Billing", "urgency": "High"})
    assert to_row(record, columns, LabelCells())["labels"] == ["Billing", "High"]


def test_id_time_and_metadata() -> None:
    columns = Columns(text="text", id="id", timestamp="date", metadata=("channel", "stars", "none", "zip", "nested"))
    cells = {"channel": "mail", "stars": "4.5", "none": "", "zip": "01234", "nested": {"a": [1]}}
    row = to_row(Record("here", {"text": "a", "id": 7, "date": "2026-01-31", **cells}), columns, LabelCells())
    assert row == {
        "text": "a",
        "id": "7",
        "timestamp": datetime(2026, 1, 31, tzinfo=UTC),
        "metadata": {"channel": "mail", "stars": 4.5, "zip": "01234", "nested": '{"a": [1]}'},
    }


@pytest.mark.parametrize(
    "value", ["2025-12-31T23:00:00-01:00", "2026-01-01T00:00:00Z", "2026-01-01", 1767225600, "1767225600000"]
)
def test_times_are_read_as_people_write_them(value: object) -> None:
    assert parse_time(value, "here") == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("value", ["yesterday", "31.12.2025", "", 1e300, float("nan")])
def test_a_time_that_cannot_be_read_is_told_with_its_place(value: object) -> None:
    with pytest.raises(InputError, match=r"here: .* is not a time"):
        parse_time(value, "here")


def test_columns_are_those_of_all_first_records() -> None:
    records = [Record("1", {"text": "a"}), Record("2", {"text": "b", "label": "x"})]
    table = read_table(records, ColumnChoice(), LabelCells())
    assert list(table.rows) == [{"text": "a"}, {"text": "b", "labels": ["x"]}]


def test_a_text_that_is_no_text_is_told_when_its_row_comes() -> None:
    table = read_table([Record("1", {"text": "a"}), Record("2", {"text": None})], ColumnChoice(), LabelCells())
    assert next(table.rows) == {"text": "a"}
    with pytest.raises(InputError, match="2: 'text' holds nothing"):
        next(table.rows)


def test_a_header_without_rows_is_told() -> None:
    with pytest.raises(InputError, match="no rows"):
        read_table([], ColumnChoice(), LabelCells())


SPLITS = Columns(text="text", split="part", split_of_others="train")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("test", "test"), (" Validation ", "validation"), ("DEFAULT", "default"), ("", "train"), (None, "train")],
)
def test_a_row_is_for_the_part_that_it_names_or_for_that_of_all(cell: object, expected: str) -> None:
    assert to_row(Record("here", {"text": "a", "part": cell}), SPLITS, LabelCells())["split"] == expected


def test_nothing_is_said_of_a_part_where_neither_row_nor_import_names_one() -> None:
    assert "split" not in to_row(Record("here", {"text": "a", "part": ""}), Columns("text", split="part"), LabelCells())
    assert "split" not in to_row(Record("here", {"text": "a", "part": "test"}), Columns("text"), LabelCells())


def test_a_part_that_there_is_not_is_a_bad_line() -> None:
    with pytest.raises(InputError, match=r"^here: split must be one of 'train'.*got 'dev'.*if 'part' is no split"):
        to_row(Record("here", {"text": "a", "part": "dev"}), SPLITS, LabelCells())
