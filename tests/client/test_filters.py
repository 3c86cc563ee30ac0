from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pinfold
from pinfold.filters import F, Filter
from pinfold_server.domain.documents import filters as parsed
from pinfold_server.domain.documents.filter_syntax import parse

SINCE = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("built", "text"),
    [
        (F.source == "mails", 'source = "mails"'),
        (F.id != 'a"\\', r'id != "a\"\\"'),
        (F.metadata["team"].isin(["a", 1]), 'metadata."team" IN ("a", 1)'),
        (F.metadata["team"].exists(), 'metadata."team":*'),
        (F.metadata["score"] > 0.5, 'metadata."score" > 0.5'),
        (F.timestamp >= SINCE, 'timestamp >= "2026-01-01T11:00:00+00:00"'),
        (~F.reviewed, "NOT reviewed = true"),
        (F.annotated & ~F.text("late refund"), 'annotated = true AND NOT text:"late refund"'),
        ((F.id == "a") | (F.id == "b") | F.reviewed, 'id = "a" OR id = "b" OR reviewed = true'),
        (F.reviewed & (F.assigned() | F.dismissed("A")), 'reviewed = true AND (assigned:* OR dismissed:"A")'),
        (~(F.reviewed & F.annotated), "NOT (reviewed = true AND annotated = true)"),
        (F.exception() | F.exception("No prediction"), 'exception:* OR exception:"No prediction"'),
        (F.predicted("A > B") >= 0.7, 'predicted:"A > B" >= 0.7'),
        (F.predicted("A") & F.reviewed, 'predicted:"A" AND reviewed = true'),
        (Filter("id = a OR id = b") & F.reviewed, "(id = a OR id = b) AND reviewed = true"),
    ],
)
def test_a_filter_in_python_is_the_text_that_the_server_reads(built: Filter, text: str) -> None:
    assert str(built) == text
    parse(text)


LEAVES = st.one_of(
    st.text(max_size=8).map(lambda text: F.id == text),
    st.text(max_size=8).map(lambda text: F.metadata["x" + text] == text),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: F.metadata["n"] <= number),
    st.just(F.reviewed),
)
BUILT = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda one: ~one),
        st.tuples(inner, inner).map(lambda pair: pair[0] & pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] | pair[1]),
    ),
)


@given(BUILT, BUILT)
def test_whatever_is_combined_the_server_reads_as_it_was_meant(left: Filter, right: Filter) -> None:
    both, either = parse(str(left & right)), parse(str(left | right))
    assert isinstance(both, parsed.And)
    assert isinstance(either, parsed.Or)
    assert list(parsed.leaves(both)) == list(parsed.leaves(either))
    assert list(parsed.leaves(both)) == [*parsed.leaves(parse(str(left))), *parsed.leaves(parse(str(right)))]


ANYTHING: Any = 3


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: bool(F.reviewed), TypeError),
        (lambda: F.id == True, TypeError),  # noqa: E712
        (lambda: F.id == None, TypeError),  # noqa: E711
        (lambda: F.metadata["n"] > float("nan"), ValueError),
        (lambda: F.timestamp > datetime(2026, 1, 1), ValueError),
        (lambda: F.id.isin("abc"), TypeError),
        (lambda: F.id.isin([]), ValueError),
        (lambda: F.reviewed & ANYTHING, TypeError),
        (lambda: F.text(ANYTHING), TypeError),
        (lambda: F.metadata[""], ValueError),
        (lambda: Filter("") & F.reviewed, ValueError),
        (lambda: Filter(ANYTHING), TypeError),
    ],
)
def test_what_cannot_be_a_filter_is_refused_at_once(wrong: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        wrong()


def test_documents_are_filtered_by_the_server(client: Any, dataset: Any) -> None:
    rows: list[dict[str, object]] = [
        {"id": "1", "text": "My refund is late", "labels": "Billing > Refund", "timestamp": SINCE},
        {"id": "2", "text": "My late refund came", "labels": [], "timestamp": datetime(2025, 1, 1, tzinfo=UTC)},
        {"id": "3", "text": "Where is my parcel?", "metadata": {"team": "a"}},
    ]
    dataset.upload(rows)

    def ids(wanted: str | Filter) -> list[str]:
        return [document.id for document in dataset.documents(filter=wanted)]

    assert ids(F.text("late refund")) == ["2"]
    assert ids(F.assigned("Billing") & (F.timestamp >= SINCE)) == ["1"]
    assert ids(~F.annotated | (F.metadata["team"] == "a")) == ["3"]
    assert ids("") == ["1", "2", "3"]
    assert [document.id for document in client.source(dataset.id).documents(filter="text:late")] == ["1", "2"]
    with pytest.raises(pinfold.InvalidArgument, match="at character 4") as raised:
        ids("id ~ 3")
    assert raised.value.reason == "INVALID_FILTER"
    with pytest.raises(TypeError, match="filter must be"):
        ids(ANYTHING)


def test_what_matches_is_deleted_in_pieces_and_additions_change_nothing(client: Any, dataset: Any) -> None:
    rows = [{"id": str(number), "text": f"text {number}"} for number in range(1_200)]
    dataset.upload([*rows, {"id": "kept", "text": "text", "labels": "A"}])
    with pytest.raises(pinfold.FailedPrecondition) as raised:
        dataset.delete_matching("id = kept OR id = 7")
    assert raised.value.reason == "ANNOTATED_DOCUMENTS"
    told: list[pinfold.DeletedDocuments] = []
    done = dataset.delete_matching(F.text("text"), annotated="keep", progress=told.append)
    assert (done.deleted, done.kept) == (1_200, 1)
    assert told[-1] == done
    assert len(told) > 1
    with pytest.raises(ValueError, match="must not be empty"):
        dataset.delete_matching("")
    with pytest.raises(ValueError, match="annotated"):
        dataset.delete_matching("id = kept", annotated="perhaps")
    report = dataset.upload([{"id": "kept", "text": "other"}, {"id": "n", "text": "new"}], mode="add")
    assert (report.new, report.failed, report.failures[0].reason) == (1, 1, "DOCUMENT_EXISTS")
