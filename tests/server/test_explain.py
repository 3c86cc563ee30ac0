"""Bad input to Explain: a precise status, reason and field for each kind."""

from collections.abc import Iterator

import grpc
import pytest

from pinfold.v1.explanation_pb2 import ExplainRequest
from pinfold.v1.prediction_service_pb2_grpc import PredictionServiceStub
from tests.server.failures import failure_of
from tests.serving import HANG_SECONDS, Server, Trained

INVALID = grpc.StatusCode.INVALID_ARGUMENT


@pytest.fixture(scope="module")
def stub(server: Server) -> Iterator[PredictionServiceStub]:
    with grpc.insecure_channel(server.target) as channel:
        yield PredictionServiceStub(channel)


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        ({"text": ""}, "EMPTY_TEXT", "text"),
        ({"text": " \n"}, "EMPTY_TEXT", "text"),
        ({"text": "x" * (1 << 20) + "y"}, "TEXT_TOO_LONG", "text"),
        ({"labels": ["Login", "Nonsense"]}, "UNKNOWN_LABEL", "labels[1]"),
        ({"labels": ["Login"] * 65}, "INVALID_FIELD", "labels"),
        ({"labels": ["Login"], "top_k": 1}, "INVALID_FIELD", "top_k"),
        ({"top_k": 65}, "INVALID_FIELD", "top_k"),
        ({"top_k": -1}, "INVALID_FIELD", "top_k"),
        ({"max_contributions": 1_001}, "INVALID_FIELD", "max_contributions"),
        ({"max_contributions": 251, "top_k": 64}, "INVALID_FIELD", "max_contributions"),
        ({"max_contributions": -1}, "INVALID_FIELD", "max_contributions"),
        ({"number": 0}, "INVALID_FIELD", "number"),
        ({"tag": "Live"}, "INVALID_TAG", "tag"),
        ({"dataset": "tickets"}, "INVALID_NAME", "dataset"),
    ],
)
def test_a_wrong_field_is_named(
    stub: PredictionServiceStub, trained: Trained, wrong: dict[str, object], reason: str, field: str
) -> None:
    request = ExplainRequest(**{"dataset": f"datasets/{trained.dataset}", "text": "refund", **wrong})
    failure = failure_of(lambda: stub.Explain(request, timeout=HANG_SECONDS))
    assert (failure.code, failure.reason, failure.fields) == (INVALID, reason, (field,))


def test_what_lies_at_the_limits_is_answered(stub: PredictionServiceStub, trained: Trained) -> None:
    request = ExplainRequest(
        dataset=f"datasets/{trained.dataset}", text="x" * (1 << 20), labels=["Login"] * 16, max_contributions=1_000
    )
    answer = stub.Explain(request, timeout=HANG_SECONDS)
    assert [label.name for label in answer.labels] == ["Login"]
    assert answer.truncated


def test_versions_and_datasets_that_do_not_answer(stub: PredictionServiceStub, trained: Trained) -> None:
    missing = ExplainRequest(dataset=f"datasets/{trained.dataset}", text="refund", number=99)
    assert failure_of(lambda: stub.Explain(missing)).reason == "VERSION_NOT_FOUND"
    unset = ExplainRequest(dataset=f"datasets/{trained.dataset}", text="refund", tag="canary")
    assert failure_of(lambda: stub.Explain(unset)).reason == "TAG_NOT_FOUND"
    unknown = ExplainRequest(dataset="datasets/none", text="refund")
    assert failure_of(lambda: stub.Explain(unknown)).reason == "DATASET_NOT_FOUND"
