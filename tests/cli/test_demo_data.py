from pathlib import Path

import pytest

import pinfold
from pinfold._files.bad_lines import InputError
from pinfold._files.columns import ColumnChoice
from pinfold._files.rows import LabelCells
from pinfold.cli.demo_data import NewText, dataset_id_of, user_file, with_parents
from pinfold.cli.demo_report import measure_cut


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/data/banking77/train.jsonl", "banking77-train"),
        ("/data/Support Tickets (2026).csv", "support-tickets-2026"),
        ("/data/???.csv", "demo"),
        (f"/data/{'x' * 100}.csv", "x" * 63),
    ],
)
def test_the_dataset_is_named_after_the_file(path: str, expected: str) -> None:
    assert dataset_id_of(path) == expected


def test_every_level_of_a_label_counts() -> None:
    assert with_parents(["a > b > c", "a > d"]) == {"a", "a > b", "a > b > c", "a > d"}


def table(folder: Path, rows: int, header: str = "text,label") -> str:
    file = folder / "tickets.csv"
    file.write_text(f"{header}\n" + "".join(f"ticket {number},Billing > Refund\n" for number in range(rows)))
    return str(file)


def test_some_labelled_texts_are_kept_back_and_none_is_on_both_sides(tmp_path: Path) -> None:
    data = user_file(table(tmp_path, 500), ColumnChoice(), LabelCells(), None)
    assert data.dataset_id == "tickets"
    assert len(data.rows) + len(data.new) == 500
    assert 20 <= len(data.new) <= 70
    assert not {row["text"] for row in data.rows} & {new.text for new in data.new}
    assert data.new[0].labels == {"Billing", "Billing > Refund"}


def test_a_file_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--label-column"):
        user_file(table(tmp_path, 100, "text,remark"), ColumnChoice(), LabelCells(), None)


def prediction(*names: str) -> pinfold.Prediction:
    return pinfold.Prediction(tuple(pinfold.LabelScore(name, 0.9) for name in names), version=1, tag=None)


def test_precision_and_recall_of_a_cut() -> None:
    new = [NewText("one", frozenset({"a", "b"})), NewText("two", frozenset({"a", "c"}))]
    cut = measure_cut([prediction("a"), prediction("a", "b")], new)
    assert (cut.labels_a_text, cut.precision, cut.recall) == (1.5, pytest.approx(2 / 3), 0.5)
    assert measure_cut([prediction(), prediction()], new).precision is None
