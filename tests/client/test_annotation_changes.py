from typing import Any

import pytest

from pinfold import AnnotateReport, AnnotationChange, RetrievalMode
from pinfold._annotations import annotate_calls, read_changes, total
from pinfold.v1.annotation_pb2 import LabelSet
from pinfold.v1.dataset_service_pb2 import AnnotateRequest, AnnotateResponse, AnnotationUpdate
from pinfold.v1.failure_pb2 import ItemFailure


def requests_of(changes: list[Any], annotator: str = "") -> list[AnnotateRequest]:
    calls = annotate_calls("support", "tickets", read_changes(changes), annotator)
    return [call.request for call in calls if isinstance(call.request, AnnotateRequest)]


def test_what_is_left_out_stays_and_an_empty_list_clears() -> None:
    (request,) = requests_of(
        [
            {"id": "a", "assigned": ["Billing > Refund"], "reviewed": True},
            {"id": "b/c", "dismissed": []},
            AnnotationChange("d", reviewed=False, retrieval_mode=RetrievalMode.TEACH, source="mails"),
        ],
        annotator="ann",
    )
    assert (request.dataset, request.annotator) == ("datasets/support", "ann")
    assert list(request.annotations) == [
        AnnotationUpdate(
            document="sources/tickets/documents/a", assigned=LabelSet(labels=["Billing > Refund"]), reviewed=True
        ),
        AnnotationUpdate(document="sources/tickets/documents/b/c", dismissed=LabelSet()),
        AnnotationUpdate(document="sources/mails/documents/d", reviewed=False, retrieval_mode="RETRIEVAL_MODE_TEACH"),
    ]


def test_many_changes_are_split_and_failures_keep_their_place() -> None:
    calls = annotate_calls("support", "tickets", [AnnotationChange(str(n)) for n in range(2_001)], "")
    assert [len(call.request.annotations) for call in calls] == [1_000, 1_000, 1]  # type: ignore[union-attr]
    failure = ItemFailure(
        index=5, id="sources/tickets/documents/1005", reason="DOCUMENT_NOT_FOUND", field="annotations[5].document"
    )
    answers = [
        AnnotateResponse(changed_count=999, unchanged_count=1, revision=4),
        AnnotateResponse(changed_count=999, failed_count=1, failures=[failure], revision=5),
        AnnotateResponse(changed_count=1, revision=6),
    ]
    report = total([call.read(answer) for call, answer in zip(calls, answers, strict=True)])
    assert (report.changed, report.unchanged, report.failed, report.revision) == (1_999, 1, 1, 6)
    (told,) = report.failures
    assert (told.index, told.id, told.field) == (1_005, "1005", "changes[1005].document")


def test_each_request_has_an_id_of_its_own() -> None:
    requests = requests_of([AnnotationChange(str(n)) for n in range(1_001)])
    assert len({request.request_id for request in requests}) == 2
    assert all(request.request_id for request in requests)


def test_no_changes_need_no_call() -> None:
    assert requests_of([]) == []
    assert total([]) == AnnotateReport()


@pytest.mark.parametrize(
    ("changes", "error", "place"),
    [
        ({"id": "a"}, TypeError, "changes must be a list"),
        ("a", TypeError, "changes must be a list"),
        (["a"], TypeError, r"changes\[0\] must be an AnnotationChange"),
        ([{"id": "a"}, {"label": "B"}], ValueError, r"changes\[1\]: .*'label'"),
        ([{"id": "a"}, {"assigned": []}], ValueError, r"changes\[1\]: .*'id'"),
        ([{"id": 7}], TypeError, r"changes\[0\].id must be a str"),
        ([{"id": "a", "assigned": "Billing"}], TypeError, r"changes\[0\].assigned must be a list"),
        ([{"id": "a", "assigned": [None]}], TypeError, r"changes\[0\].assigned\[0\]"),
        ([{"id": "a", "retrieval_mode": "luck"}], ValueError, r"changes\[0\].retrieval_mode must be one of"),
        ([{"id": "a"}, {"id": "b"}, {"id": "a"}], ValueError, r"changes\[2\] and changes\[0\]"),
    ],
)
def test_changes_that_cannot_be_sent_are_refused_by_place(changes: Any, error: type[Exception], place: str) -> None:
    with pytest.raises(error, match=place):
        requests_of(changes)
