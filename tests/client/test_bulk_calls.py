"""Uploads and predictions that take several calls, on a server that misbehaves as told."""

from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import ErrorInfo

import pinfold
from pinfold import _methods as methods
from pinfold.v1 import dataset_pb2
from pinfold.v1.dataset_service_pb2 import UploadDocumentsResponse
from pinfold.v1.prediction_pb2 import LabelScore, Prediction
from pinfold.v1.prediction_service_pb2 import PredictRequest, PredictResponse
from tests.client.scripted import FAST, GONE, Fail, MakeClient, ScriptedServer

SUPPORT = dataset_pb2.Dataset(name="datasets/support", title="Support", sources=["sources/support"])


def test_an_upload_is_repeated_as_a_whole_call(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    scripted.answer(methods.UPLOAD_DOCUMENTS, GONE, UploadDocumentsResponse(new_count=600))
    with make_client(scripted.target, retry=FAST, actor="ann") as client:
        report = client.dataset("support").upload({"id": str(n), "text": "a" * 2_600} for n in range(600))
    assert report == pinfold.UploadReport(new=600)
    lost, kept = scripted.calls(methods.UPLOAD_DOCUMENTS)
    assert lost == kept
    assert [len(message.documents) for message in kept] == [401, 199]  # a message has a MiB at most
    assert (kept[0].annotator, kept[0].source, kept[0].create_labels) == ("ann", "sources/support", True)


def test_an_upload_that_fails_says_what_is_stored(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    scripted.answer(methods.UPLOAD_DOCUMENTS, UploadDocumentsResponse(new_count=5_000), Fail(grpc.StatusCode.DATA_LOSS))
    seen: list[pinfold.UploadProgress] = []
    rows = ({"id": str(n), "text": "a"} for n in range(10_000))
    with make_client(scripted.target) as client, pytest.raises(pinfold.DataLoss) as raised:
        client.dataset("support").upload(rows, progress=seen.append)
    assert raised.value.__notes__[0].startswith(("0 rows had", "5000 rows had"))


def test_rows_are_read_while_calls_are_under_way(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    scripted.answer(methods.UPLOAD_DOCUMENTS, lambda sent: UploadDocumentsResponse(new_count=_documents(sent)))
    seen: list[pinfold.UploadProgress] = []
    rows = [{"id": str(n), "text": "a"} for n in range(12_000)]
    with make_client(scripted.target) as client:
        report = client.dataset("support").upload(rows, progress=seen.append)
    assert report.new == 12_000
    assert [progress.done for progress in seen] == [5_000, 10_000, 12_000, 12_000]
    assert [progress.finished for progress in seen] == [False, False, False, True]
    assert {progress.total for progress in seen} == {12_000}


def _documents(messages: Any) -> int:
    return sum(len(message.documents) for message in messages)


def echo(request: PredictRequest) -> PredictResponse:
    """Every text becomes its own label; a tag is version 7."""
    return PredictResponse(
        predictions=[Prediction(labels=[LabelScore(name=text, probability=0.5)]) for text in request.texts],
        version=request.number or 7,
        tag=request.tag,
    )


def test_a_large_prediction_is_split_and_answered_in_order_by_one_version(
    scripted: ScriptedServer, make_client: MakeClient
) -> None:
    scripted.answer(methods.PREDICT, echo)
    texts = [str(n) for n in range(5_000)]
    with make_client(scripted.target) as client:
        predictions = client.dataset("support").predict(texts)
    assert [prediction.labels[0].name for prediction in predictions] == texts
    assert {(prediction.version, prediction.tag) for prediction in predictions} == {(7, "live")}
    requests = scripted.calls(methods.PREDICT)
    assert [(request.tag, request.number) for request in requests] == [("live", 0)] + [("", 7)] * 9


def test_a_version_given_up_halfway_starts_the_prediction_again(
    scripted: ScriptedServer, make_client: MakeClient
) -> None:
    version = iter([7, 8])
    lost = Fail(grpc.StatusCode.FAILED_PRECONDITION, "", (ErrorInfo(reason="VERSION_NOT_PINNED", domain="pinfold"),))

    def answer(request: PredictRequest) -> Any:
        if request.number == 7:
            return lost
        response = echo(request)
        response.version = request.number or next(version)
        return response

    scripted.answer(methods.PREDICT, answer)
    with make_client(scripted.target) as client:
        predictions = client.dataset("support").predict([str(n) for n in range(600)], version="latest")
    assert {prediction.version for prediction in predictions} == {8}
    assert [prediction.labels[0].name for prediction in predictions] == [str(n) for n in range(600)]


def test_a_tag_that_is_not_set_is_asked_for_once(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.PREDICT, Fail(grpc.StatusCode.NOT_FOUND, "no tag live"))
    with make_client(scripted.target) as client, pytest.raises(pinfold.NotFound):
        client.dataset("support").predict(["a"] * 600)
    assert len(scripted.calls(methods.PREDICT)) == 1


def test_a_part_that_fails_for_good_fails_the_prediction(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.PREDICT, echo, Fail(grpc.StatusCode.DATA_LOSS, "damaged"))
    with make_client(scripted.target) as client, pytest.raises(pinfold.DataLoss):
        client.dataset("support").predict([str(n) for n in range(5_000)])
    assert len(scripted.calls(methods.PREDICT)) < 9
