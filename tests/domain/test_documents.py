import math

import pytest

from pinfold_server.domain.documents.documents import TIMESTAMP_US_MAX, TIMESTAMP_US_MIN, Document, check_document
from pinfold_server.errors import AppError, Code

MIB = 1 << 20


def complaint_about(document: Document) -> tuple[str, str]:
    with pytest.raises(AppError) as raised:
        check_document(document, "documents[7].document", MIB)
    assert raised.value.code is Code.INVALID
    return raised.value.reason, raised.value.violations[0].field


@pytest.mark.parametrize(
    "text",
    ["a", " a ", "\ufeffhello", "😀", "\u0301", "tab\tand\nline", "form\x0cfeed", "x" * MIB, "é" * (MIB // 2), "¿"],
)
def test_texts_within_the_rules_are_taken(text: str) -> None:
    check_document(Document("d", text), "documents[0].document", MIB)


@pytest.mark.parametrize(
    "text", ["", " ", " \t\r\n\u00a0\u3000", "\u200b", "\ufeff", "\x00", "\x01\x02", "\u2028\u2029"]
)
def test_a_text_with_nothing_to_see_is_empty(text: str) -> None:
    assert complaint_about(Document("d", text)) == ("EMPTY_TEXT", "documents[7].document.text")


@pytest.mark.parametrize("text", ["x" * (MIB + 1), "é" * (MIB // 2) + "x"])
def test_a_text_one_byte_too_long_is_refused(text: str) -> None:
    assert complaint_about(Document("d", text)) == ("TEXT_TOO_LONG", "documents[7].document.text")


def test_a_text_with_a_nul_is_no_text() -> None:
    assert complaint_about(Document("d", "PK\x03\x04\x00\x00")) == ("NOT_TEXT", "documents[7].document.text")


@pytest.mark.parametrize("document_id", ["a", "a/b/c", "日" * 85, "x" * 256, "a b"])
def test_ids_within_the_rules_are_taken(document_id: str) -> None:
    check_document(Document(document_id, "text"), "documents[0].document", MIB)


@pytest.mark.parametrize("document_id", ["", " a", "a ", "x" * 257, "日" * 86, "a\nb", "a\x00"])
def test_ids_out_of_rule_are_refused(document_id: str) -> None:
    assert complaint_about(Document(document_id, "text")) == ("INVALID_DOCUMENT_ID", "documents[7].document.id")


@pytest.mark.parametrize("timestamp_us", [TIMESTAMP_US_MIN - 1, TIMESTAMP_US_MAX + 1])
def test_a_time_that_no_timestamp_can_hold_is_refused(timestamp_us: int) -> None:
    refused = complaint_about(Document("d", "text", timestamp_us))
    assert refused == ("INVALID_TIMESTAMP", "documents[7].document.timestamp")


@pytest.mark.parametrize("timestamp_us", [TIMESTAMP_US_MIN, 0, TIMESTAMP_US_MAX])
def test_the_ends_of_time_are_taken(timestamp_us: int) -> None:
    check_document(Document("d", "text", timestamp_us), "documents[0].document", MIB)


def test_metadata_at_the_limits_is_taken() -> None:
    metadata: dict[str, str | float | None] = {f"{n:064}": "v" * 1_024 for n in range(63)}
    check_document(Document("d", "text", None, {**metadata, "n": -1.5}), "documents[0].document", MIB)


@pytest.mark.parametrize(
    ("metadata", "field"),
    [
        ({str(n): "v" for n in range(65)}, ""),
        ({"": "v"}, ""),
        ({"n" * 65: "v"}, ""),
        ({"a\nb": "v"}, ""),
        ({"a": None}, "['a']"),
        ({"a": "v" * 1_025}, "['a']"),
        ({"a": math.inf}, "['a']"),
        ({"a": math.nan}, "['a']"),
    ],
)
def test_metadata_out_of_rule_is_refused(metadata: dict[str, str | float | None], field: str) -> None:
    refused = complaint_about(Document("d", "text", None, metadata))
    assert refused == ("INVALID_METADATA", f"documents[7].document.metadata{field}")
