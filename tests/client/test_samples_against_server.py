"""Samples by both clients of a real server."""

from typing import Any

import grpc
import pytest

import pinfold
from pinfold._review_types import SamplePage
from pinfold._sampling import Sampled, sample_page
from pinfold.filters import F
from pinfold.v1 import sampling_pb2 as pb
from tests.serving import HANG_SECONDS, Trained, ticket_rows

IDS = sorted(str(row["id"]) for row in ticket_rows())


@pytest.fixture
def tickets(client: Any, trained: Trained) -> Any:
    return client.dataset(trained.dataset)


def test_every_document_comes_once_with_what_is_known(tickets: Any, trained: Trained) -> None:
    samples = list(tickets.sample("recent", include_reviewed=True, page_size=50))
    assert sorted(sample.document.id for sample in samples) == IDS
    first = samples[0]
    assert first.annotation.reviewed
    assert len(first.prediction.labels) == 5
    assert first.prediction.version in (trained.first, trained.second)
    assert (first.label, first.score) == (None, 0.0)


def test_all_that_is_reviewed_leaves_nothing_to_sample(tickets: Any) -> None:
    assert list(tickets.sample()) == []
    page = tickets.sample_page("low_confidence")
    assert (page.samples, page.next_token) == ((), "")


def test_a_page_with_its_groups_and_the_next_one(tickets: Any) -> None:
    page = tickets.sample_page("clusters", include_reviewed=True, page_size=4)
    assert sum(cluster.document_count for cluster in page.clusters) == page.pool_size == len(IDS)
    assert {sample.cluster for sample in page.samples} <= {cluster.id for cluster in page.clusters}
    again = tickets.sample_page("clusters", include_reviewed=True, page_size=4, page_token=page.next_token)
    assert not {one.document.id for one in page.samples} & {one.document.id for one in again.samples}
    only = next(iter(tickets.sample("clusters", include_reviewed=True, cluster=page.clusters[0].id)))
    assert only.cluster == page.clusters[0].id


def test_a_filter_leaves_what_matches(tickets: Any) -> None:
    wanted = F.text("refund") & F.assigned("Billing > Refund")
    found = list(tickets.sample("label", label="Billing > Refund", include_reviewed=True, filter=wanted))
    assert found
    assert all("refund" in sample.document.text for sample in found)
    sure = list(tickets.sample("shuffle", include_reviewed=True, filter='predicted:"Login" >= 0.5'))
    assert sure
    assert all(sample.prediction.labels[0].name == "Login" for sample in sure)
    matching = list(tickets.predict_all(filter=F.text("refund"), top_k=1))
    assert 0 < len(matching) < len(IDS)


def test_arguments_that_cannot_be_sent_are_refused(tickets: Any) -> None:
    with pytest.raises(ValueError, match="mode must be one of"):
        list(tickets.sample("nonsense"))
    with pytest.raises(TypeError, match=r"sample\(\) has no option 'colour'"):
        list(tickets.sample(colour="red"))
    with pytest.raises(ValueError, match="page_size must be"):
        tickets.sample_page(page_size=0)
    with pytest.raises(pinfold.InvalidArgument, match="label"):
        tickets.sample_page("label")


def test_an_iteration_begins_again_when_the_ranking_expired_and_tells_nothing_twice() -> None:
    def page(*ids: str, token: str) -> SamplePage:
        samples = [pb.Sample(document={"id": one, "name": f"sources/s/documents/{one}"}) for one in ids]
        return sample_page(pb.SampleDocumentsResponse(samples=samples, next_page_token=token))

    read = Sampled()
    expired = pinfold.FailedPrecondition(
        "ranked anew", grpc.StatusCode.FAILED_PRECONDITION, pinfold.ErrorDetails(reason="SAMPLE_EXPIRED")
    )
    with pytest.raises(pinfold.FailedPrecondition):
        read.begin_again(expired)
    assert [one.document.id for one in read.fresh(page("a", "b", token="t"))] == ["a", "b"]
    read.begin_again(expired)
    assert (read.token, read.ended) == ("", False)
    assert [one.document.id for one in read.fresh(page("b", "c", token=""))] == ["c"]
    assert read.ended


def test_a_filter_on_predictions_says_the_same_in_every_call(tickets: Any) -> None:
    wanted = F.predicted("Login") >= 0.5
    told: list[pinfold.PredictionCoverage] = []
    listed = [document.id for document in tickets.documents(filter=wanted, coverage=told.append)]
    assert listed
    assert {each.unscored for each in told} == {0}
    assert [one.document_id for one in tickets.predict_all(filter=wanted, coverage=told.append)] == listed
    assert told[0] == told[-1]
    page = tickets.sample_page("search", filter=wanted, include_reviewed=True, page_size=100)
    assert sorted(one.document.id for one in page.samples) == listed
    assert page.coverage == told[0]
    other = tickets.sample("shuffle", filter=wanted, include_reviewed=True)
    assert sorted(sample.document.id for sample in other) == listed
    assert {document.id for document in tickets.documents(filter=~wanted)} == set(IDS) - set(listed)


def test_documents_are_deleted_by_what_the_model_says(dataset: Any) -> None:
    dataset.upload(ticket_rows())
    with pytest.raises(pinfold.FailedPrecondition) as caught:
        list(dataset.documents(filter=F.predicted("Login")))
    assert caught.value.reason == "PREDICTIONS_REQUIRED"
    dataset.train().wait(timeout=HANG_SECONDS)
    likely = [document.id for document in dataset.documents(filter=F.predicted("Login"))]
    done = dataset.delete_matching(F.predicted("Login"), annotated="delete")
    assert (done.deleted, done.coverage) == (len(likely), pinfold.PredictionCoverage(version=1, unscored=0))
