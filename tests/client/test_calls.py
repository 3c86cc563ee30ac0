"""Deadlines, retries, metadata and errors of both clients, against a server that misbehaves as told."""

import time
import warnings
from typing import Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo

import pinfold
from pinfold import _methods as methods
from pinfold._channel import channel_options
from pinfold.v1 import dataset_pb2
from pinfold.v1.dataset_service_pb2 import DeleteDocumentsResponse, ListDatasetsResponse
from tests.client.scripted import FAST, GONE, Fail, MakeClient, ScriptedServer, Stall
from tests.serving import HANG_SECONDS

SUPPORT = dataset_pb2.Dataset(name="datasets/support", title="Support", sources=["sources/support"])


def full(seconds: float) -> Fail:
    delay = Duration()
    delay.FromNanoseconds(int(seconds * 1e9))
    info = ErrorInfo(reason="OVERLOADED", domain="pinfold")
    return Fail(grpc.StatusCode.RESOURCE_EXHAUSTED, "full", (info, RetryInfo(retry_delay=delay)))


def test_a_worker_that_goes_is_not_noticed(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, GONE, GONE, SUPPORT)
    with make_client(scripted.target, retry=FAST) as client:
        assert client.get_dataset("support").info.title == "Support"
    assert len(scripted.calls(methods.GET_DATASET)) == 3


def test_retries_end_with_the_last_error(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, GONE)
    with make_client(scripted.target, retry=FAST) as client, pytest.raises(pinfold.Unavailable, match="worker gone"):
        client.get_dataset("support")
    assert len(scripted.calls(methods.GET_DATASET)) == 4


def test_a_named_delay_is_kept(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, full(0.2), SUPPORT)
    with make_client(scripted.target, retry=FAST) as client:
        start = time.monotonic()
        client.get_dataset("support")
    assert time.monotonic() - start >= 0.2


def test_a_delay_beyond_the_deadline_fails_at_once(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, full(2 * HANG_SECONDS))
    with make_client(scripted.target) as client:
        start = time.monotonic()
        with pytest.raises(pinfold.ResourceExhausted) as raised:
            client.get_dataset("support", timeout=HANG_SECONDS)
    assert (raised.value.reason, raised.value.retry_delay) == ("OVERLOADED", 2 * HANG_SECONDS)
    assert time.monotonic() - start < HANG_SECONDS / 2


@pytest.mark.parametrize("code", [grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.ABORTED])
def test_other_failures_are_told_at_once(
    scripted: ScriptedServer, make_client: MakeClient, code: grpc.StatusCode
) -> None:
    scripted.answer(methods.GET_DATASET, Fail(code))
    with make_client(scripted.target, retry=FAST) as client, pytest.raises(pinfold.PinfoldError) as raised:
        client.get_dataset("support")
    assert raised.value.code is code
    assert len(scripted.calls(methods.GET_DATASET)) == 1


def test_details_of_an_error_reach_the_caller(scripted: ScriptedServer, make_client: MakeClient) -> None:
    info = ErrorInfo(reason="INVALID_ID", domain="pinfold")
    bad = BadRequest(field_violations=[BadRequest.FieldViolation(field="dataset_id", description="must match")])
    scripted.answer(methods.CREATE_DATASET, Fail(grpc.StatusCode.INVALID_ARGUMENT, "wrong", (info, bad)))
    with make_client(scripted.target) as client, pytest.raises(pinfold.InvalidArgument) as raised:
        client.create_dataset("Support")
    assert raised.value.reason == "INVALID_ID"
    assert raised.value.field_violations == (pinfold.FieldViolation("dataset_id", "must match"),)
    assert isinstance(raised.value.__cause__, grpc.RpcError)


def test_a_retried_change_keeps_its_request_id(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.CREATE_DATASET, GONE, SUPPORT)
    with make_client(scripted.target, retry=FAST) as client:
        client.create_dataset("support")
        client.create_dataset("support")
    first, again, other = (request.request_id for request in scripted.calls(methods.CREATE_DATASET))
    assert first == again != other
    assert len(first) == 36


def test_the_deadline_bounds_all_attempts_together(scripted: ScriptedServer, make_client: MakeClient) -> None:
    def goes_after_a_while(_request: Any) -> Fail:
        time.sleep(0.5)
        return GONE

    scripted.answer(methods.GET_DATASET, SUPPORT, goes_after_a_while, Stall())
    with make_client(scripted.target, retry=FAST) as client:
        client.get_dataset("support")  # what connecting takes is not of this deadline
        start = time.monotonic()
        with pytest.raises(pinfold.DeadlineExceeded):
            client.get_dataset("support", timeout=2)
    assert time.monotonic() - start > 1.9
    _, first, second = scripted.remaining
    assert second < first - 0.4


def test_every_call_carries_a_deadline_and_the_callers_metadata(
    scripted: ScriptedServer, make_client: MakeClient
) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    with make_client(scripted.target, timeout=1_000, metadata=[("x-team", "search")]) as client:
        client.get_dataset("support")
        client.get_dataset("support", timeout=500)
    usual, own = scripted.remaining
    assert 600 < usual < 1_001  # the clocks of both ends differ by a little
    assert 100 < own < 501
    assert [sent["x-team"] for sent in scripted.metadata] == ["search", "search"]
    assert str(scripted.metadata[0]["user-agent"]).startswith("pinfold-python")


def test_pages_are_read_to_the_last_one(scripted: ScriptedServer, make_client: MakeClient) -> None:
    other = dataset_pb2.Dataset(name="datasets/other")
    scripted.answer(
        methods.LIST_DATASETS,
        ListDatasetsResponse(datasets=[other], next_page_token="2"),
        GONE,
        ListDatasetsResponse(next_page_token="3"),
        ListDatasetsResponse(datasets=[SUPPORT]),
    )
    with make_client(scripted.target, retry=FAST) as client:
        assert [dataset.id for dataset in client.list_datasets()] == ["other", "support"]
    assert [request.page_token for request in scripted.calls(methods.LIST_DATASETS)] == ["", "2", "2", "3"]


def test_an_existing_dataset_is_taken_when_that_is_fine(scripted: ScriptedServer, make_client: MakeClient) -> None:
    taken = Fail(grpc.StatusCode.ALREADY_EXISTS, "taken", (ErrorInfo(reason="DATASET_EXISTS", domain="pinfold"),))
    scripted.answer(methods.CREATE_DATASET, taken)
    scripted.answer(methods.GET_DATASET, SUPPORT)
    with make_client(scripted.target) as client:
        assert client.create_dataset("support", exist_ok=True).info.title == "Support"
        with pytest.raises(pinfold.AlreadyExists):
            client.create_dataset("support")


def test_no_texts_need_no_call(scripted: ScriptedServer, make_client: MakeClient) -> None:
    with make_client(scripted.target) as client:
        assert client.dataset("support").predict([]) == []


def test_wrong_arguments_are_told_without_a_call(scripted: ScriptedServer, make_client: MakeClient) -> None:
    with make_client(scripted.target) as client:
        dataset = client.dataset("support")
        with pytest.raises(TypeError, match="single str"):
            dataset.predict("one text")
        with pytest.raises(ValueError, match="timeout must be above 0"):
            dataset.predict(["a"], timeout=0)
        with pytest.raises(TypeError, match=r"thresholds\['A'\]"):
            dataset.predict(["a"], thresholds={"A": "high"})
        with pytest.raises(TypeError, match="no option 'sed'"):
            dataset.train(sed=1)
        with pytest.raises(ValueError, match="at least one of"):
            dataset.update()
        with pytest.raises(ValueError, match="dataset must not be empty"):
            client.dataset("")


def test_many_deletions_are_split(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.DELETE_DOCUMENTS, lambda request: DeleteDocumentsResponse(deleted_count=len(request.ids)))
    with make_client(scripted.target) as client:
        assert client.source("mails").delete_documents(str(n) for n in range(2_500)) == 2_500
    assert [len(request.ids) for request in scripted.calls(methods.DELETE_DOCUMENTS)] == [1_000, 1_000, 500]


def test_a_server_that_starts_is_waited_for(scripted: ScriptedServer, make_client: MakeClient) -> None:
    not_serving, serving = (methods.HEALTH_CHECK.response(value=value) for value in (2, 1))
    scripted.answer(methods.HEALTH_CHECK, GONE, not_serving, serving)
    with make_client(scripted.target) as client:
        client.wait_until_ready(timeout=HANG_SECONDS)
    assert len(scripted.calls(methods.HEALTH_CHECK)) == 3


def test_a_server_that_does_not_get_ready_is_told(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    scripted.answer(methods.HEALTH_CHECK, methods.HEALTH_CHECK.response(value=2))
    with make_client(scripted.target) as client:
        client.get_dataset("support")  # what connecting takes is not of this time
        with pytest.raises(pinfold.Unavailable, match=r"not ready within 1.5 s: it answers NOT_SERVING"):
            client.wait_until_ready(timeout=1.5)


def test_a_server_without_health_is_not_waited_for(scripted: ScriptedServer, make_client: MakeClient) -> None:
    with make_client(scripted.target) as client, pytest.raises(pinfold.ServerError):
        client.wait_until_ready(timeout=HANG_SECONDS)


def test_a_closed_client_says_so(scripted: ScriptedServer, make_client: MakeClient) -> None:
    scripted.answer(methods.GET_DATASET, SUPPORT)
    with make_client(scripted.target) as client:
        dataset = client.get_dataset("support")
        client.close()
        client.close()
        with pytest.raises(RuntimeError, match="the client is closed"):
            dataset.refresh()


def test_a_client_that_is_forgotten_open_warns(scripted: ScriptedServer) -> None:
    client = pinfold.Client(scripted.target)
    dataset = client.dataset("support")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        del client  # the dataset still needs the connection
    with pytest.warns(ResourceWarning, match=r"unclosed pinfold\.Client\('127"):
        del dataset


def test_errors_need_not_be_closed_over() -> None:
    with pytest.raises(ValueError, match="predict_timeout must be above 0"):
        pinfold.Client(predict_timeout=0)


@pytest.mark.parametrize(
    ("labels", "error", "place"),
    [
        ("Billing", TypeError, "labels must be a list"),
        (["A", ""], ValueError, r"labels\[1\] must not be empty"),
        ({"A": 7}, TypeError, r"labels\['A'\] must be a str"),
        ({"A": "\ud800"}, ValueError, r"labels\['A'\] contains a lone surrogate"),
    ],
)
def test_labels_that_cannot_be_sent_are_refused_by_place(
    scripted: ScriptedServer, make_client: MakeClient, labels: Any, error: type[Exception], place: str
) -> None:
    with make_client(scripted.target) as client, pytest.raises(error, match=place):
        client.dataset("support").upsert_labels(labels)


def test_options_of_the_channel_are_the_callers_before_ours() -> None:
    usual, own = dict(channel_options([])), dict(channel_options([("grpc.keepalive_time_ms", 90_000), ("x", 1)]))
    assert int(usual["grpc.keepalive_time_ms"]) >= 60_000
    assert (own["grpc.keepalive_time_ms"], own["x"]) == (90_000, 1)
    assert own["grpc.max_receive_message_length"] == usual["grpc.max_receive_message_length"] == 16 * 2**20
