"""PredictDocuments and PredictMatchingDocuments on the wire: places, tokens, refusals."""

from collections.abc import Iterator

import grpc
import pytest

from pinfold.v1 import prediction_service_pb2 as pb
from pinfold.v1.prediction_service_pb2_grpc import PredictionServiceStub
from tests.server.failures import failure_of
from tests.serving import Trained, ticket_rows

IDS = sorted(str(row["id"]) for row in ticket_rows())


@pytest.fixture
def stub(trained: Trained) -> Iterator[PredictionServiceStub]:
    with grpc.insecure_channel(trained.server.target) as channel:
        yield PredictionServiceStub(channel)


def options(trained: Trained, **more: object) -> pb.PredictRequest:
    return pb.PredictRequest(dataset=f"datasets/{trained.dataset}", **more)  # type: ignore[arg-type]


def named(trained: Trained, *ids: str) -> list[str]:
    return [f"sources/{trained.dataset}/documents/{one}" for one in ids]


def test_each_wrong_name_fails_alone(stub: PredictionServiceStub, trained: Trained) -> None:
    names = ["nonsense", *named(trained, "nobody", IDS[0]), "sources/elsewhere/documents/a"]
    response = stub.PredictDocuments(pb.PredictDocumentsRequest(options=options(trained), documents=names))
    reasons = [prediction.error.reason for prediction in response.answer.predictions]
    assert reasons == ["INVALID_NAME", "DOCUMENT_NOT_FOUND", "", "SOURCE_NOT_IN_DATASET"]
    assert response.answer.predictions[2].labels
    assert list(response.documents) == names
    assert response.answer.version == trained.first


def test_a_stream_goes_on_from_the_token_of_any_answer(stub: PredictionServiceStub, trained: Trained) -> None:
    request = pb.PredictMatchingDocumentsRequest(options=options(trained))
    whole = list(stub.PredictMatchingDocuments(request))
    assert [name.rpartition("documents/")[2] for answer in whole for name in answer.documents] == IDS
    again = pb.PredictMatchingDocumentsRequest(options=options(trained), page_token=whole[0].next_page_token)
    if whole[0].next_page_token:
        assert list(stub.PredictMatchingDocuments(again)) == whole[1:]
    assert whole[-1].next_page_token == ""


def refusal(stub: PredictionServiceStub, request: pb.PredictDocumentsRequest) -> tuple[str, tuple[str, ...]]:
    failure = failure_of(lambda: stub.PredictDocuments(request))
    assert failure.code == grpc.StatusCode.INVALID_ARGUMENT
    return failure.reason, failure.fields


def test_too_few_and_too_many_documents_are_refused(stub: PredictionServiceStub, trained: Trained) -> None:
    own = options(trained)
    for names in ([], ["x"] * 4_097):
        request = pb.PredictDocumentsRequest(options=own, documents=names)
        assert refusal(stub, request) == ("DOCUMENT_COUNT", ("documents",))


def test_options_without_a_dataset_or_with_texts_are_refused(stub: PredictionServiceStub, trained: Trained) -> None:
    request = pb.PredictDocumentsRequest(documents=named(trained, IDS[0]))
    assert refusal(stub, request) == ("INVALID_NAME", ("dataset",))
    request.options.CopyFrom(options(trained, texts=["x"]))
    assert refusal(stub, request) == ("INVALID_FIELD", ("options.texts",))


def test_a_made_up_token_is_refused(stub: PredictionServiceStub, trained: Trained) -> None:
    token = "bWFkZSB1cCBieSBzb21lYm9keQ=="
    request = pb.PredictMatchingDocumentsRequest(options=options(trained), page_token=token)
    failure = failure_of(lambda: list(stub.PredictMatchingDocuments(request)))
    assert (failure.reason, failure.fields) == ("INVALID_PAGE_TOKEN", ("page_token",))
