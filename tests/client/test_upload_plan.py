from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import grpc
import pytest
from google.rpc import code_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from pinfold import ItemFailure, Unavailable, UploadReport
from pinfold import _upload as upload_module
from pinfold._calls import Call
from pinfold._upload import Target, Upload
from pinfold.v1.dataset_service_pb2 import UploadDocumentsRequest, UploadDocumentsResponse
from pinfold.v1.failure_pb2 import ItemFailure as WireFailure

TARGET = Target("sources/support", "datasets/support", create_labels=True, annotator="ann")


def calls_of(upload: Upload, rows: Iterable[Mapping[str, Any]]) -> list[Call[UploadReport]]:
    found = [call for row in rows if (call := upload.push(row)) is not None]
    last = upload.flush()
    return found if last is None else [*found, last]


def messages_of(call: Call[UploadReport]) -> list[UploadDocumentsRequest]:
    body = call.body()
    assert isinstance(body, Iterator)
    return [message for message in body if isinstance(message, UploadDocumentsRequest)]


def row(number: int, size: int = 10) -> dict[str, str]:
    return {"id": f"r{number}", "text": "x" * size}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([10, 200_000, 900_000, 1_048_576, 3_000_000]), max_size=30))
def test_calls_and_messages_keep_order_and_limits(sizes: list[int]) -> None:
    calls = calls_of(Upload(TARGET), (row(number, size) for number, size in enumerate(sizes)))
    sent = [[list(message.documents) for message in messages_of(call)] for call in calls]
    assert [document.document.id for call in sent for message in call for document in message] == [
        f"r{number}" for number in range(len(sizes))
    ]
    for call in sent:
        total = sum(document.ByteSize() for message in call for document in message)
        assert total <= upload_module.BYTES_A_CALL or sum(map(len, call)) == 1
        for message in call:
            size = sum(document.ByteSize() for document in message)
            assert size <= upload_module.BYTES_A_MESSAGE or len(message) == 1


def test_many_small_rows_are_cut_by_count() -> None:
    calls = calls_of(Upload(TARGET), map(row, range(12_001)))
    assert [[len(message.documents) for message in messages_of(call)] for call in calls] == [
        [5_000],
        [5_000],
        [2_001],
    ]


def test_every_call_names_its_target_in_its_first_message() -> None:
    for call in calls_of(Upload(TARGET), map(row, range(5_001))):
        first, *others = messages_of(call)
        assert (first.source, first.dataset) == ("sources/support", "datasets/support")
        assert (first.create_labels, first.annotator) == (True, "ann")
        assert {message.source for message in others} <= {""}


def test_a_call_can_be_made_again() -> None:
    (call,) = calls_of(Upload(TARGET), map(row, range(3)))
    assert messages_of(call) == messages_of(call)


def test_no_rows_need_no_call() -> None:
    upload = Upload(TARGET)
    assert calls_of(upload, []) == []
    assert upload.report() == UploadReport()


def test_the_same_id_twice_is_refused_over_several_calls() -> None:
    upload = Upload(TARGET)
    rows = [*map(row, range(5_000)), row(17), row(5_001)]
    calls = calls_of(upload, rows)
    assert [sum(len(message.documents) for message in messages_of(call)) for call in calls] == [5_000, 1]
    assert upload.report().failures == (
        ItemFailure(
            5_000,
            "r17",
            code_pb2.INVALID_ARGUMENT,
            "DUPLICATE_ID",
            "rows[5000].id",
            "id 'r17' is also that of row 17",
        ),
    )


def test_the_same_text_twice_without_ids_is_a_duplicate() -> None:
    upload = Upload(TARGET)
    calls_of(upload, [{"text": "same"}, {"text": "other"}, {"text": "same"}])
    assert [(failure.index, failure.reason) for failure in upload.report().failures] == [(2, "DUPLICATE_ID")]


def test_a_row_that_is_too_long_to_be_sent_harms_no_other() -> None:
    upload = Upload(TARGET)
    (call,) = calls_of(upload, [row(0), row(1, upload_module.BYTES_A_DOCUMENT + 1), row(2)])
    assert [document.document.id for document in messages_of(call)[0].documents] == ["r0", "r2"]
    assert [(failure.index, failure.reason) for failure in upload.report().failures] == [(1, "TEXT_TOO_LONG")]


def test_failures_of_the_server_get_the_callers_row_numbers() -> None:
    upload = Upload(TARGET)
    rows: list[dict[str, Any]] = [row(0), {"text": None}, row(2), row(3), row(4), {"text": "a", "timestamp": "?"}]
    (call,) = calls_of(upload, rows)
    failures = [
        WireFailure(index=1, id="r2", code=3, reason="EMPTY_TEXT", field="documents[1].document.text", message="m"),
        WireFailure(index=3, id="r4", code=3, reason="INVALID_LABEL", field="documents[3].labels.labels[0]"),
    ]
    upload.add(call.read(UploadDocumentsResponse(new_count=2, failed_count=2, failures=failures, revision=9)))
    report = upload.report()
    assert [(failure.index, failure.field) for failure in report.failures] == [
        (1, "rows[1].text"),
        (2, "rows[2].text"),
        (4, "rows[4].labels[0]"),
        (5, "rows[5].timestamp"),
    ]
    assert (report.new, report.failed, report.stored, report.total, report.revision) == (2, 4, 2, 6, 9)


def test_answers_are_added_up_and_the_newest_revision_is_told() -> None:
    upload = Upload(TARGET)
    one = UploadReport(1, 2, 3, 4, 5, 6, 7, 8)
    upload.add(one)
    upload.add(UploadReport(1, 1, 1, 1, 1, 1, 1, 7))
    assert upload.report() == UploadReport(2, 3, 4, 5, 6, 7, 8, 8)


def test_failures_beyond_the_limit_are_counted_but_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_module, "FAILURES_KEPT", 3)
    upload = Upload(TARGET)
    calls_of(upload, ({"text": None} for _ in range(5)))
    assert upload.report().failed == 5
    assert [failure.index for failure in upload.report().failures] == [0, 1, 2]


def test_an_error_halfway_says_what_is_stored() -> None:
    upload = Upload(TARGET)
    upload.add(UploadReport(new=5_000))
    error = Unavailable("gone", grpc.StatusCode.UNAVAILABLE)
    upload.explain(error)
    assert error.__notes__ == ["5000 rows had been stored before; repeat the whole upload: nothing is stored twice"]
