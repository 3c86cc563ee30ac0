"""SampleDocuments through a real server: every training mode, pages, refusals."""

from collections.abc import Iterator

import grpc
import pytest

import pinfold
from pinfold.v1 import annotation_pb2 as modes
from pinfold.v1.dataset_service_pb2_grpc import DatasetServiceStub
from pinfold.v1.sampling_pb2 import SampleDocumentsRequest, SampleDocumentsResponse
from tests.server.failures import failure_of
from tests.serving import HANG_SECONDS, Server, ticket_rows, until

ROWS = ticket_rows()
LABELS = {str(row["id"]): str(row["labels"][0]) for row in ROWS}  # type: ignore[index]
WRONG = "Login-password-0"  # reviewed with a label that its text does not bear out
REVIEWED = {str(row["id"]) for row in ROWS if int(str(row["id"]).rpartition("-")[2]) < 4}
DATASET = "sampled"


@pytest.fixture(scope="module")
def tickets(server: Server) -> Iterator[pinfold.Dataset]:
    """Half of the tickets reviewed, one of them wrongly; one version."""
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.create_dataset(DATASET)
        dataset.upload(
            {
                "id": row["id"],
                "text": row["text"],
                "timestamp": f"2026-01-01T00:{place // 60:02}:{place % 60:02}Z",
                **({"labels": [_given(str(row["id"]))]} if row["id"] in REVIEWED else {}),
            }
            for place, row in enumerate(ROWS)
        )
        dataset.train().wait(timeout=HANG_SECONDS)
        until(lambda: dataset.status().scoring.complete)
        yield dataset


def _given(document_id: str) -> str:
    return "Delivery" if document_id == WRONG else LABELS[document_id]


@pytest.fixture
def stub(server: Server) -> Iterator[DatasetServiceStub]:
    with grpc.insecure_channel(server.target) as channel:
        yield DatasetServiceStub(channel)


def ask(stub: DatasetServiceStub, mode: str, **more: object) -> SampleDocumentsResponse:
    number = modes.RetrievalMode.Value(f"RETRIEVAL_MODE_{mode}")
    request = SampleDocumentsRequest(dataset=f"datasets/{DATASET}", mode=number, **more)  # type: ignore[arg-type]
    return stub.SampleDocuments(request, timeout=HANG_SECONDS)


def whole(stub: DatasetServiceStub, mode: str, **more: object) -> list[str]:
    """The ids of all pages."""
    read, token = [], ""
    while True:
        page = ask(stub, mode, page_token=token, **more)
        read += [sample.document.id for sample in page.samples]
        token = page.next_page_token
        if not token:
            return read


@pytest.mark.parametrize("mode", ["RECENT", "SHUFFLE", "TEACH", "LOW_CONFIDENCE", "REBALANCE", "CLUSTERS"])
def test_every_unreviewed_document_comes_once(tickets: pinfold.Dataset, stub: DatasetServiceStub, mode: str) -> None:
    read = whole(stub, mode)
    assert sorted(read) == sorted(LABELS.keys() - REVIEWED)
    assert whole(stub, mode, page_size=7) == read


def test_a_page_has_twenty_documents_with_all_that_is_known(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    page = ask(stub, "TEACH", label="Delivery")
    assert len(page.samples) == 20
    assert (page.version, page.predicted_version, page.pool_size) == (1, 1, len(ROWS))
    distances = [abs(sample.score - 0.5) for sample in page.samples]
    assert distances == sorted(distances)
    first = page.samples[0]
    assert first.label == "Delivery"
    assert not first.HasField("annotation")
    (expected,) = tickets.predict([first.document.text], version=1, all_scores=True, top_k=5)
    assert [(score.name, score.probability) for score in first.prediction.labels] == list(expected.labels)
    (own,) = tickets.predict([first.document.text], version=1, labels=["Delivery"], all_scores=True)
    assert first.score == own.labels[0].probability


def test_recent_and_label_modes_are_in_their_order(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    newest = ask(stub, "RECENT", include_reviewed=True, page_size=100)
    assert [sample.document.id for sample in newest.samples] == [row["id"] for row in reversed(ROWS)][:100]
    likely = ask(stub, "LABEL", label="Billing > Refund", include_reviewed=True, page_size=100)
    scores = [sample.score for sample in likely.samples]
    assert scores == sorted(scores, reverse=True)
    assert LABELS[likely.samples[0].document.id] == "Billing > Refund"
    reviewed = [sample for sample in likely.samples if sample.document.id in REVIEWED]
    assert all(sample.annotation.reviewed for sample in reviewed)


def test_a_search_finds_what_matches_newest_first(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    found = ask(stub, "SEARCH", filter='text:"sign in"', include_reviewed=True, page_size=100).samples
    assert [sample.document.id for sample in found] == [
        row["id"] for row in reversed(ROWS) if "sign in" in str(row["text"])
    ]


def test_low_confidence_begins_with_what_no_label_covers(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    page = ask(stub, "LOW_CONFIDENCE", top_k=1)
    for sample in page.samples:
        assert len(sample.prediction.labels) == 1
        assert sample.score == sample.prediction.labels[0].probability
    assert [sample.score for sample in page.samples] == sorted(sample.score for sample in page.samples)


def test_check_and_missed_find_the_wrong_label(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    doubted = ask(stub, "CHECK", label="Delivery").samples
    assert doubted[0].document.id == WRONG
    assert list(doubted[0].annotation.assigned) == ["Delivery"]
    expected = ask(stub, "MISSED", label="Login").samples
    assert expected[0].document.id == WRONG
    assert expected[0].label == "Login"
    assert not expected[0].HasField("cluster")
    everywhere = {sample.document.id for sample in ask(stub, "MISSED").samples}
    assert WRONG in everywhere
    assert everywhere <= REVIEWED


def test_a_shuffle_depends_on_its_seed_only(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    assert whole(stub, "SHUFFLE", seed=7) == whole(stub, "SHUFFLE", seed=7)
    assert whole(stub, "SHUFFLE", seed=7) != whole(stub, "SHUFFLE", seed=-7)


def test_clusters_are_told_with_their_words_and_can_be_read_one_by_one(
    tickets: pinfold.Dataset, stub: DatasetServiceStub
) -> None:
    page = ask(stub, "CLUSTERS", include_reviewed=True)
    assert sum(cluster.document_count for cluster in page.clusters) == len(ROWS)
    assert sum(cluster.reviewed_count for cluster in page.clusters) == len(REVIEWED)
    assert all(cluster.keywords for cluster in page.clusters if cluster.document_count > 3)
    assert len({sample.cluster for sample in page.samples[:4]}) == 4
    largest = max(page.clusters, key=lambda cluster: cluster.document_count)
    members = ask(stub, "CLUSTERS", cluster=largest.id, include_reviewed=True, page_size=100)
    assert len(members.samples) == largest.document_count
    assert {sample.cluster for sample in members.samples} == {largest.id}
    assert not members.clusters


def test_what_is_reviewed_between_two_pages_neither_repeats_nor_hides_others(server: Server) -> None:
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client, grpc.insecure_channel(server.target) as channel:
        dataset = client.create_dataset("while-reviewing")
        dataset.upload({"id": row["id"], "text": row["text"]} for row in ROWS)
        dataset.upsert_labels(["A"])
        stub = DatasetServiceStub(channel)
        until(lambda: ready(stub, "while-reviewing"))
        read: list[str] = []
        token = ""
        while True:
            request = SampleDocumentsRequest(
                dataset="datasets/while-reviewing", mode=modes.RETRIEVAL_MODE_SHUFFLE, page_token=token
            )
            page = stub.SampleDocuments(request, timeout=HANG_SECONDS)
            assert (page.version, page.predicted_version) == (0, 0)
            assert not any(sample.HasField("prediction") for sample in page.samples)
            read += [sample.document.id for sample in page.samples]
            done = [{"id": sample.document.id, "reviewed": True} for sample in page.samples]
            if done:
                dataset.annotate(done[::2])
            token = page.next_page_token
            if not token:
                break
        assert sorted(read) == sorted(LABELS)


def ready(stub: DatasetServiceStub, dataset: str) -> bool:
    """Whether the trainer has read the documents, which a call waits for, but not for ever."""
    try:
        stub.SampleDocuments(SampleDocumentsRequest(dataset=f"datasets/{dataset}"), timeout=HANG_SECONDS)
    except grpc.RpcError as error:
        if error.code() is grpc.StatusCode.FAILED_PRECONDITION:
            return False
        raise
    return True


def test_an_empty_dataset_has_no_samples(server: Server, stub: DatasetServiceStub) -> None:
    with pinfold.Client(server.target) as client:
        client.create_dataset("nothing-to-see")
    request = SampleDocumentsRequest(dataset="datasets/nothing-to-see")
    assert stub.SampleDocuments(request, timeout=HANG_SECONDS) == SampleDocumentsResponse()


@pytest.mark.parametrize(
    ("mode", "more", "reason", "field"),
    [
        ("UPLOAD", {}, "INVALID_FIELD", "mode"),
        ("SEARCH", {}, "INVALID_FIELD", "filter"),
        ("SEARCH", {"filter": 'text:"'}, "INVALID_FILTER", "filter"),
        ("LABEL", {}, "INVALID_FIELD", "label"),
        ("SHUFFLE", {"label": "Login"}, "INVALID_FIELD", "label"),
        ("TEACH", {"label": "Nonsense"}, "UNKNOWN_LABEL", "label"),
        ("TEACH", {"label": " > "}, "INVALID_LABEL", "label"),
        ("TEACH", {"include_reviewed": True}, "INVALID_FIELD", "include_reviewed"),
        ("RECENT", {"cluster": 0}, "INVALID_FIELD", "cluster"),
        ("CLUSTERS", {"cluster": 1_000}, "UNKNOWN_CLUSTER", "cluster"),
        ("CLUSTERS", {"cluster": -1}, "UNKNOWN_CLUSTER", "cluster"),
        ("SHUFFLE", {"page_size": -1}, "INVALID_FIELD", "page_size"),
        ("SHUFFLE", {"top_k": -1}, "INVALID_FIELD", "top_k"),
        ("SHUFFLE", {"top_k": 101}, "INVALID_FIELD", "top_k"),
        ("SHUFFLE", {"page_token": "bWFkZSB1cA=="}, "INVALID_PAGE_TOKEN", "page_token"),
        ("SHUFFLE", {"page_token": "é"}, "INVALID_PAGE_TOKEN", "page_token"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    tickets: pinfold.Dataset, stub: DatasetServiceStub, mode: str, more: dict[str, object], reason: str, field: str
) -> None:
    failure = failure_of(lambda: ask(stub, mode, **more))
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
    assert failure.fields == (field,)


def test_a_mode_that_this_server_does_not_know_is_refused(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    request = SampleDocumentsRequest(dataset=f"datasets/{DATASET}", mode=99)  # type: ignore[arg-type]
    assert failure_of(lambda: stub.SampleDocuments(request)).fields == ("mode",)


def test_a_token_belongs_to_the_options_of_its_first_page(tickets: pinfold.Dataset, stub: DatasetServiceStub) -> None:
    token = ask(stub, "SHUFFLE", seed=1, page_size=5).next_page_token
    assert failure_of(lambda: ask(stub, "SHUFFLE", seed=2, page_token=token)).reason == "INVALID_PAGE_TOKEN"


def test_modes_that_need_a_model_say_so(server: Server, stub: DatasetServiceStub) -> None:
    with pinfold.Client(server.target) as client:
        client.create_dataset("no-model-yet").upload([{"text": "some text"}])
    request = SampleDocumentsRequest(dataset="datasets/no-model-yet", mode=modes.RETRIEVAL_MODE_TEACH)
    failure = failure_of(lambda: stub.SampleDocuments(request))
    assert (failure.code, failure.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "NO_VERSION")


def test_a_token_of_a_ranking_that_is_gone_is_told_as_expired(server: Server) -> None:
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client, grpc.insecure_channel(server.target) as channel:
        dataset = client.create_dataset("retrained")
        dataset.upload(ROWS)
        dataset.upload({"id": f"more-{place}", "text": f"parcel {place}"} for place in range(30))
        stub = DatasetServiceStub(channel)
        request = SampleDocumentsRequest(dataset="datasets/retrained", mode=modes.RETRIEVAL_MODE_LOW_CONFIDENCE)
        dataset.train().wait(timeout=HANG_SECONDS)
        until(lambda: dataset.status().scoring.complete)
        first = stub.SampleDocuments(request, timeout=HANG_SECONDS)
        dataset.train(seed=2).wait(timeout=HANG_SECONDS)
        until(lambda: dataset.status().scoring.ranking_version == 2)
        request.page_token = first.next_page_token
        failure = failure_of(lambda: stub.SampleDocuments(request))
        assert (failure.code, failure.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "SAMPLE_EXPIRED")


def test_without_a_trainer_the_wait_ends_with_what_to_do(start_server: object) -> None:
    server: Server = start_server("untrained", trainers=0)  # type: ignore[operator]
    with pinfold.Client(server.target) as client, grpc.insecure_channel(server.target) as channel:
        client.create_dataset("waiting").upload([{"text": "some text"}])
        request = SampleDocumentsRequest(dataset="datasets/waiting")
        failure = failure_of(lambda: DatasetServiceStub(channel).SampleDocuments(request))
        assert (failure.code, failure.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "SAMPLES_NOT_READY")
        assert "trainer" in failure.message


def test_no_version_is_scored_while_a_run_waits(start_server: object) -> None:
    idle: Server = start_server("idle", trainers=0)  # type: ignore[operator]
    with pinfold.Client(idle.target) as client:
        dataset = client.create_dataset("busy")
        dataset.upload(ROWS)
        dataset.train()
        dataset.train(seed=2)
    assert idle.stop() == 0
    server: Server = start_server("busy", data=idle.data)  # type: ignore[operator]
    with pinfold.Client(server.target, timeout=HANG_SECONDS) as client:
        dataset = client.dataset("busy")
        for run in dataset.runs():
            run.wait()
    until(lambda: "documents of busy are scored by version 2" in server.log.read_text(), server.log.read_text)
    assert "documents of busy are scored by version 1" not in server.log.read_text()
