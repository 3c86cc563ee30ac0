import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pinfold
from pinfold._rows import RowError, check_row, to_upload
from pinfold.v1.dataset_service_pb2 import DocumentUpload
from pinfold.v1.split_pb2 import Split

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
ROWS = st.fixed_dictionaries(
    {"text": TEXT},
    optional={
        "id": TEXT,
        "labels": st.none() | TEXT | st.lists(TEXT),
        "timestamp": st.datetimes(timezones=st.just(UTC)),
        "metadata": st.dictionaries(TEXT, TEXT | st.floats(allow_nan=False) | st.none()),
    },
)


@given(ROWS)
def test_a_row_of_right_types_is_sent_as_it_is(row: dict[str, Any]) -> None:
    upload = DocumentUpload.FromString(to_upload(check_row(0, row)).SerializeToString())
    document = upload.document
    assert document.text == row["text"]
    assert document.id == row["id"] if "id" in row else document.id.startswith("sha256-")
    labels = row.get("labels")
    assert upload.HasField("labels") is (labels is not None)
    assert list(upload.labels.labels) == ([labels] if isinstance(labels, str) else labels or [])
    assert document.HasField("timestamp") is ("timestamp" in row)
    if "timestamp" in row:
        assert document.timestamp.ToDatetime(tzinfo=UTC) == row["timestamp"]
    told = {name: value for name, value in row.get("metadata", {}).items() if value is not None}
    assert {name: getattr(value, str(value.WhichOneof("kind"))) for name, value in document.metadata.items()} == told


@given(TEXT, TEXT)
def test_ids_made_from_texts_are_equal_only_for_equal_texts(one: str, other: str) -> None:
    ids = [to_upload({"text": text}).document.id for text in (one, other)]
    assert (ids[0] == ids[1]) is (one == other)


def test_the_id_of_a_text_is_fixed_for_ever() -> None:
    assert to_upload({"text": "Where is my refund?"}).document.id == "sha256-fe1dc98e8e445f1eb45d0f6b189bc70b"


def test_a_number_is_an_id() -> None:
    assert to_upload({"id": 17, "text": "a"}).document.id == "17"


@pytest.mark.parametrize(
    ("given_time", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:05.678901+02:00", datetime(2026, 1, 2, 1, 4, 5, 678901, tzinfo=UTC)),
        ("2026-01-02 03:04", datetime(2026, 1, 2, 3, 4, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        (datetime(1969, 7, 20, 16, tzinfo=timezone(timedelta(hours=-4))), datetime(1969, 7, 20, 20, tzinfo=UTC)),
    ],
)
def test_timestamps_are_told_in_several_ways(given_time: object, expected: datetime) -> None:
    assert to_upload({"text": "a", "timestamp": given_time}).document.timestamp.ToDatetime(tzinfo=UTC) == expected


def test_any_real_number_is_a_property() -> None:
    document = to_upload({"text": "a", "metadata": {"n": 3, "half": Fraction(1, 2)}}).document
    assert (document.metadata["n"].number_value, document.metadata["half"].number_value) == (3.0, 0.5)


@pytest.mark.parametrize(
    ("row", "reason", "field"),
    [
        ({}, "NOT_TEXT", "text"),
        ({"text": None}, "NOT_TEXT", "text"),
        ({"text": float("nan")}, "NOT_TEXT", "text"),
        ({"text": b"bytes"}, "NOT_TEXT", "text"),
        ({"text": "half \ud83d"}, "NOT_TEXT", "text"),
        ({"text": "a", "id": 1.5}, "INVALID_DOCUMENT_ID", "id"),
        ({"text": "a", "id": True}, "INVALID_DOCUMENT_ID", "id"),
        ({"text": "a", "id": "\udc00"}, "INVALID_DOCUMENT_ID", "id"),
        ({"text": "a", "labels": 3}, "INVALID_LABEL", "labels"),
        ({"text": "a", "labels": {"A": 1}}, "INVALID_SENTIMENT", "labels['A']"),
        ({"text": "a", "labels": {1: "+"}}, "INVALID_LABEL", "labels[0]"),
        ({"text": "a", "labels": ["A", None]}, "INVALID_LABEL", "labels[1]"),
        ({"text": "a", "labels": "\ud800"}, "INVALID_LABEL", "labels"),
        ({"text": "a", "timestamp": "yesterday"}, "INVALID_TIMESTAMP", "timestamp"),
        ({"text": "a", "timestamp": 1700000000}, "INVALID_TIMESTAMP", "timestamp"),
        ({"text": "a", "timestamp": datetime(2026, 1, 1)}, "INVALID_TIMESTAMP", "timestamp"),
        (
            {"text": "a", "timestamp": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))},
            "INVALID_TIMESTAMP",
            "timestamp",
        ),
        ({"text": "a", "metadata": ["x"]}, "INVALID_METADATA", "metadata"),
        ({"text": "a", "metadata": {1: "x"}}, "INVALID_METADATA", "metadata"),
        ({"text": "a", "metadata": {"x": True}}, "INVALID_METADATA", "metadata['x']"),
        ({"text": "a", "metadata": {"x": ["y"]}}, "INVALID_METADATA", "metadata['x']"),
    ],
)
def test_wrong_data_is_told_by_reason_and_field(row: dict[str, Any], reason: str, field: str) -> None:
    with pytest.raises(RowError) as raised:
        to_upload(row)
    assert (raised.value.reason, raised.value.field) == (reason, field)


@pytest.mark.parametrize("row", ["text", ("id", "text"), None, 7])
def test_what_is_no_row_stops_the_upload(row: object) -> None:
    with pytest.raises(TypeError, match=r"row 5 must be a mapping"):
        check_row(5, row)


def test_a_misspelt_key_stops_the_upload() -> None:
    message = "row 3 has the unknown key 'label'; known are id, labels, metadata, split, text, timestamp"
    with pytest.raises(ValueError, match=re.escape(message)):
        check_row(3, {"text": "a", "label": "Billing"})


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ("test", Split.SPLIT_TEST),
        (pinfold.Split.UNASSIGNED, Split.SPLIT_UNASSIGNED),
        ("default", Split.SPLIT_UNSPECIFIED),
    ],
)
def test_a_row_may_name_its_split(split: object, expected: int) -> None:
    upload = to_upload({"text": "a", "split": split})
    assert upload.HasField("split")
    assert upload.split == expected
    assert not to_upload({"text": "a", "split": None}).HasField("split")
    assert not to_upload({"text": "a"}).HasField("split")


@pytest.mark.parametrize("split", ["", "Test", 3, ["test"], {"test": 1}])
def test_a_split_that_there_is_not_is_refused_with_those_that_there_are(split: object) -> None:
    with pytest.raises(
        RowError, match=r"'train', 'validation', 'test', 'unassigned', got .* \(or 'default'\)"
    ) as found:
        to_upload({"text": "a", "split": split})
    assert (found.value.reason, found.value.field) == ("INVALID_SPLIT", "split")
