"""Watching what versions answer, and shadows, through a real server."""

from collections.abc import Callable, Iterator

import grpc
import pytest

import pinfold
from pinfold.v1.monitoring_pb2 import GetMonitoringRequest
from pinfold.v1.monitoring_service_pb2_grpc import MonitoringServiceStub
from pinfold.v1.shadow_pb2 import ClearShadowRequest, GetShadowReportRequest, SetShadowRequest
from tests.server.failures import failure_of
from tests.serving import HANG_SECONDS, Server, Trained, serving, ticket_rows, train_tickets, until

FLAGS = ("--monitoring-seconds", "0.1", "--monitoring-share", "0.5")
TEXTS = [str(row["text"]) for row in ticket_rows()]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    with serving(tmp_path_factory.mktemp("watched"), workers=2, flags=FLAGS) as server:
        yield train_tickets(server)


@pytest.fixture
def dataset(watched: Trained) -> Iterator[pinfold.Dataset]:
    with pinfold.Client(watched.server.target, channels=4) as client:
        yield client.dataset(watched.dataset)


@pytest.fixture
def stub(watched: Trained) -> Iterator[MonitoringServiceStub]:
    with grpc.insecure_channel(watched.server.target) as channel:
        yield MonitoringServiceStub(channel)


def ask(dataset: pinfold.Dataset, version: int | str = "live") -> None:
    """Every text once, in requests of eight, so that several workers answer."""
    for start in range(0, len(TEXTS), 8):
        dataset.predict(TEXTS[start : start + 8], version=version)


def names_in(predictions: list[pinfold.Prediction]) -> list[set[str]]:
    return [{score.name for score in prediction.labels} for prediction in predictions]


def test_answers_are_counted_by_label_and_time(dataset: pinfold.Dataset, watched: Trained) -> None:
    version = dataset.train().wait(timeout=HANG_SECONDS).pin()
    ask(dataset, version.number)
    until(lambda: version.monitoring().sampled_count == len(TEXTS))
    report = version.monitoring()
    assert (report.version, report.text_count) == (version.number, len(TEXTS))
    assert report.resolution == "hour"
    assert sum(window.text_count for window in report.windows) == len(TEXTS)
    answered = names_in(dataset.predict(TEXTS, version=version.number))
    for place, label in enumerate(report.labels):
        assert label.predicted_count == sum(label.name in names for names in answered)
        assert label.predicted_count == sum(window.predicted_counts[place] for window in report.windows)
        assert label.predicted_share + label.below_share == pytest.approx(1)
        assert sum(label.histogram) == len(TEXTS)
        assert sum(label.validation_shares) == pytest.approx(1)
        assert label.drift is None
    assert report.unlabelled_count == answered.count(set())
    version.unpin()


def test_drift_is_told_of_enough_texts_only(dataset: pinfold.Dataset, watched: Trained) -> None:
    version = dataset.version(watched.second)
    before = version.monitoring().sampled_count
    for _ in range(5):
        ask(dataset, watched.second)
    until(lambda: version.monitoring().sampled_count >= before + 5 * len(TEXTS))
    usual = version.monitoring()
    assert usual.drift_level is not None
    assert usual.drift == max(label.drift for label in usual.labels if label.drift is not None)
    for _ in range(40):
        dataset.predict(["refund refund refund money back"] * 64, version=watched.second)
    until(lambda: version.monitoring().sampled_count >= usual.sampled_count + 40 * 16)
    strange = version.monitoring(labels=["Billing > Refund"])
    assert [label.name for label in strange.labels] == ["Billing > Refund"]
    assert strange.labels[0].drift_level == "large"
    # Of large requests a part is looked at.
    assert strange.text_count > strange.sampled_count


def test_labels_are_watched_and_not_their_sentiments(dataset: pinfold.Dataset, watched: Trained) -> None:
    with pinfold.Client(watched.server.target) as client:
        felt = client.create_dataset("felt", label_sentiment=True)
        senses = ("+", "-")
        felt.upload(
            {"id": str(place), "text": text, "labels": {"Praise" if place % 3 else "Price": senses[place % 2]}}
            for place, text in enumerate(TEXTS)
        )
        version = felt.train().wait(timeout=HANG_SECONDS).pin()
        felt.predict(TEXTS[:16], version=version.number)
        until(lambda: version.monitoring().sampled_count == 16)
        report = version.monitoring()
    assert {label.name for label in report.labels} == {"Praise", "Price"}
    assert all(sum(label.histogram) == 16 for label in report.labels)


def test_what_was_watched_survives_a_restart(
    start_server: Callable[..., Server], start_trained: Callable[..., Trained]
) -> None:
    trained = start_trained("first", flags=("--monitoring-seconds", "3600"))
    with pinfold.Client(trained.server.target) as client:
        client.dataset(trained.dataset).predict(TEXTS[:16])
        assert client.dataset(trained.dataset).version("live").monitoring().text_count == 0
    trained.server.stop()
    again = start_server("second", trainers=0, data=trained.server.data)
    with pinfold.Client(again.target) as client:
        assert client.dataset(trained.dataset).version("live").monitoring().text_count == 16


def test_predictions_for_stored_documents_are_no_traffic(dataset: pinfold.Dataset) -> None:
    version = dataset.train().wait(timeout=HANG_SECONDS).pin()
    dataset.predict_documents([str(row["id"]) for row in ticket_rows()[:8]], version=version.number)
    dataset.predict(TEXTS[:1], version=version.number)
    until(lambda: version.monitoring().text_count > 0)
    assert version.monitoring().text_count == 1
    version.unpin()


def test_a_shadow_is_tried_on_every_text_and_never_answers(dataset: pinfold.Dataset, watched: Trained) -> None:
    shadow = dataset.set_shadow(watched.second, share=1.0, actor="ann")
    assert (shadow.tag, shadow.version, shadow.share, shadow.actor) == ("live", watched.second, 1.0, "ann")
    assert dataset.shadow_report().text_count == 0
    ask(dataset)
    until(lambda: dataset.shadow_report().text_count == len(TEXTS))
    report = dataset.shadow_report()
    assert (report.live_version, report.dropped_count, report.unshared_labels) == (watched.first, 0, ())
    live, tried = (names_in(dataset.predict(TEXTS, version=number)) for number in (watched.first, watched.second))
    assert report.differing_count == sum(a != b for a, b in zip(live, tried, strict=True))
    for label in report.labels:
        both = [(label.name in a, label.name in b) for a, b in zip(live, tried, strict=True)]
        counts = (label.both_count, label.live_only_count, label.shadow_only_count)
        assert counts == (both.count((True, True)), both.count((True, False)), both.count((False, True)))
        assert 0 < label.mean_distance < 1
    event = next(iter(dataset.tag_history("live")))
    told = (event.kind, event.from_version, event.to_version, event.actor)
    assert told == ("shadow", watched.first, watched.second, "ann")
    dataset.clear_shadow()
    assert next(iter(dataset.tag_history("live"))).kind == "shadow_end"
    with pytest.raises(pinfold.NotFound, match="shadow"):
        dataset.shadow_report()


def test_a_share_of_the_requests_is_taken(dataset: pinfold.Dataset, watched: Trained) -> None:
    dataset.set_tag("canary", watched.first)
    dataset.set_shadow(watched.second, tag="canary", share=0.25)
    for _ in range(40):
        dataset.predict(TEXTS[:1], version="canary")
    # Each of two workers takes every fourth of its own requests; the last ones of each may still be due.
    until(lambda: dataset.shadow_report("canary").text_count >= 9)
    assert dataset.shadow_report("canary").text_count <= 10
    dataset.clear_tag("canary")
    with pytest.raises(pinfold.NotFound):
        dataset.shadow_report("canary")


def test_a_version_that_is_tried_cannot_be_unpinned(dataset: pinfold.Dataset, watched: Trained) -> None:
    third = dataset.train().wait(timeout=HANG_SECONDS).pin()
    dataset.set_tag("trial", watched.first)
    dataset.set_shadow(third, tag="trial")
    with pytest.raises(pinfold.FailedPrecondition, match="shadow of tag 'trial'"):
        third.unpin()
    # The tag comes to point to it: the trial is over.
    dataset.set_tag("trial", third)
    with pytest.raises(pinfold.NotFound):
        dataset.shadow_report("trial")
    dataset.clear_tag("trial")
    third.unpin()


def test_a_tag_that_moves_begins_a_new_count(dataset: pinfold.Dataset, watched: Trained) -> None:
    third = dataset.train().wait(timeout=HANG_SECONDS).pin()
    dataset.set_tag("moving", watched.first)
    dataset.set_shadow(third, tag="moving", share=1.0)
    dataset.predict(TEXTS[:8], version="moving")
    until(lambda: dataset.shadow_report("moving").text_count == 8)
    dataset.set_tag("moving", watched.second)
    moved = dataset.shadow_report("moving")
    assert (moved.live_version, moved.text_count, moved.labels) == (watched.second, 0, ())
    dataset.predict(TEXTS[:3], version="moving")
    until(lambda: dataset.shadow_report("moving").text_count == 3)
    dataset.clear_tag("moving")
    third.unpin()


@pytest.mark.parametrize(
    ("wrong", "reason", "fields"),
    [
        ({"share": 1.5}, "INVALID_FIELD", ("share",)),
        ({"share": -0.1}, "INVALID_FIELD", ("share",)),
        ({"share": float("nan")}, "INVALID_FIELD", ("share",)),
        ({"version": 99}, "VERSION_NOT_FOUND", ()),
        ({"tag": "datasets/tickets/tags/latest"}, "RESERVED_TAG", ("tag",)),
        ({"tag": "live"}, "INVALID_NAME", ("tag",)),
        ({"tag": "datasets/tickets/tags/nobody"}, "TAG_NOT_FOUND", ()),
        ({"actor": "x" * 129}, "TOO_LONG", ("actor",)),
    ],
)
def test_wrong_shadows_are_refused(
    stub: MonitoringServiceStub, watched: Trained, wrong: dict[str, object], reason: str, fields: tuple[str, ...]
) -> None:
    wanted = {"tag": "datasets/tickets/tags/live", "version": watched.second, **wrong}
    failure = failure_of(lambda: stub.SetShadow(SetShadowRequest(**wanted)))  # type: ignore[arg-type]
    assert (failure.reason, failure.fields) == (reason, fields)


def test_a_version_is_no_shadow_of_itself_and_none_that_is_not_pinned(
    stub: MonitoringServiceStub, dataset: pinfold.Dataset, watched: Trained
) -> None:
    tag = "datasets/tickets/tags/live"
    assert failure_of(lambda: stub.SetShadow(SetShadowRequest(tag=tag, version=watched.first))).fields == ("version",)
    unpinned = dataset.train().wait(timeout=HANG_SECONDS).number
    refused = failure_of(lambda: stub.SetShadow(SetShadowRequest(tag=tag, version=unpinned)))
    assert (refused.code, refused.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "VERSION_NOT_PINNED")
    assert failure_of(lambda: stub.ClearShadow(ClearShadowRequest(tag=tag))).reason == "SHADOW_NOT_FOUND"
    assert failure_of(lambda: stub.GetShadowReport(GetShadowReportRequest(tag=tag))).reason == "SHADOW_NOT_FOUND"


def test_wrong_questions_are_refused(stub: MonitoringServiceStub) -> None:
    def refused(**wrong: object) -> tuple[str, tuple[str, ...]]:
        wanted = {"name": "datasets/tickets/versions/live", **wrong}
        failure = failure_of(lambda: stub.GetMonitoring(GetMonitoringRequest(**wanted)))  # type: ignore[arg-type]
        return failure.reason, failure.fields

    assert refused(labels=["Login", "Nonsense"]) == ("UNKNOWN_LABEL", ("labels[1]",))
    assert refused(resolution=9) == ("INVALID_FIELD", ("resolution",))
    assert refused(start_time={"seconds": 10}, end_time={"seconds": 10}) == ("INVALID_FIELD", ("end_time",))
    assert refused(name="datasets/tickets/versions/99") == ("VERSION_NOT_FOUND", ())
    assert refused(name="nonsense") == ("INVALID_NAME", ("name",))
