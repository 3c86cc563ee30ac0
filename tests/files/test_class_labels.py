"""Labels that are numbers in Hugging Face `datasets`, with their names beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pinfold._files.class_labels import name_class_labels, names_by_column
from pinfold._files.importing import of_records
from pinfold._files.records import read_records


@dataclass
class ClassLabel:
    """As in `datasets`: an object with names."""

    names: list[str]


@dataclass
class Sequence:
    feature: Any


@dataclass
class Value:
    dtype: str


@dataclass
class Split:
    """As a split of `datasets`: an iterable of mappings that has `features`."""

    features: Mapping[str, Any]
    rows: list[dict[str, Any]]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)


FEATURES = [
    {"label": ClassLabel(["neg", "pos"]), "tags": Sequence(ClassLabel(["a", "b"])), "text": Value("string")},
    {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}, "tags": {"feature": {"names": ["a", "b"]}}, "text": {}},
    {"label": ClassLabel(["neg", "pos"]), "tags": [ClassLabel(["a", "b"])], "text": "string"},
]


@pytest.mark.parametrize("features", FEATURES)
def test_numbers_become_names(features: Mapping[str, Any]) -> None:
    classes = names_by_column(features)
    assert classes == {"label": ["neg", "pos"], "tags": ["a", "b"]}
    assert name_class_labels({"label": 1, "tags": [1, 0], "text": "1", "n": 1}, classes) == {
        "label": "pos",
        "tags": ["b", "a"],
        "text": "1",
        "n": 1,
    }
    assert name_class_labels({"label": -1, "tags": None}, classes) == {"label": None, "tags": None}
    assert name_class_labels({"label": "pos", "tags": [True]}, classes) == {"label": "pos", "tags": [True]}


@pytest.mark.parametrize("features", [None, "text", {"label": None}, {"label": {"names": [1, 2]}}, {"x": [1, 2]}])
def test_what_has_no_names_is_left_as_it_is(features: object) -> None:
    assert names_by_column(features) == {}


def test_a_split_is_read_like_a_table() -> None:
    split = Split(
        {"label": ClassLabel(["Billing > Refund", "Login"])}, [{"text": "a", "label": 0}, {"text": "b", "label": -1}]
    )
    reading = of_records(split, False, {})
    assert reading.columns.describe() == "text: text · labels: label"
    assert list(reading.rows) == [{"text": "a", "labels": ["Billing > Refund"]}, {"text": "b"}]


def test_parquet_of_the_hub_tells_names_beside_its_schema(tmp_path: Path) -> None:
    table = pa.table({"text": ["a", "b"], "label": [1, 0]})
    told = b'{"info": {"features": {"text": {"dtype": "string"}, "label": {"names": ["neg", "pos"]}}}}'
    path = tmp_path / "a.parquet"
    pq.write_table(table.replace_schema_metadata({b"huggingface": told}), path)
    assert [record.values["label"] for record in read_records(str(path))] == ["pos", "neg"]
