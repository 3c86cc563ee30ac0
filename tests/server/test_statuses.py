"""GetDatasetStatus and WatchDataset through a real server, with automatic training in it."""

import time
from collections.abc import Iterator

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

import pinfold
from pinfold.v1 import dataset_service_pb2 as dpb
from pinfold.v1.dataset_pb2 import AutoTraining, Dataset
from pinfold.v1.dataset_service_pb2_grpc import DatasetServiceStub
from pinfold.v1.dataset_status_pb2 import DatasetStatus, GetDatasetStatusRequest, WatchDatasetRequest
from tests.server.failures import failure_of
from tests.serving import HANG_SECONDS, Server, ticket_rows, until

ROWS = ticket_rows()


@pytest.fixture
def stub(server: Server) -> Iterator[DatasetServiceStub]:
    with grpc.insecure_channel(server.target) as channel:
        yield DatasetServiceStub(channel)


def status_of(stub: DatasetServiceStub, dataset: str) -> DatasetStatus:
    return stub.GetDatasetStatus(GetDatasetStatusRequest(name=f"datasets/{dataset}"))


def test_a_dataset_tells_what_it_holds_and_how_far_behind_its_version_is(
    client: pinfold.Client, stub: DatasetServiceStub
) -> None:
    dataset = client.create_dataset("status-of")
    assert status_of(stub, "status-of") == DatasetStatus(dataset="datasets/status-of", scoring={})  # type: ignore[arg-type]
    dataset.upload(ROWS)
    before = status_of(stub, "status-of")
    assert (before.document_count, before.annotated_count, before.reviewed_count, before.label_count) == (
        128,
        128,
        128,
        5,
    )
    assert (before.latest_version, before.trained_revision) == (0, 0)
    assert before.changes_behind == before.revision > 0
    dataset.train().wait(timeout=HANG_SECONDS)
    dataset.annotate([{"id": ROWS[0]["id"], "assigned": ["Login"]}])
    after = status_of(stub, "status-of")
    assert (after.latest_version, after.trained_revision, after.changes_behind) == (1, before.revision, 1)
    until(lambda: status_of(stub, "status-of").scoring.complete)
    scoring = status_of(stub, "status-of").scoring
    assert (scoring.version, scoring.scored_count, scoring.document_count, scoring.ranking_version) == (1, 128, 128, 1)


def test_a_watch_tells_of_a_version_that_trained_itself(client: pinfold.Client, stub: DatasetServiceStub) -> None:
    settings = AutoTraining(enabled=True, after_changes=1)
    stub.CreateDataset(dpb.CreateDatasetRequest(dataset_id="by-itself", dataset=Dataset(auto_training=settings)))
    watch = stub.WatchDataset(WatchDatasetRequest(name="datasets/by-itself"), timeout=HANG_SECONDS)
    assert next(watch).revision == 0
    client.dataset("by-itself").upload(ROWS)
    for status in watch:
        assert all(run.automatic for run in status.active_runs)
        if status.latest_version and status.scoring.complete:
            break
    # A run may begin and end between two looks of the watch: that it was automatic is told by the run itself.
    assert {run.info.automatic for run in client.dataset("by-itself").runs()} == {True}
    assert status.changes_behind == 0
    assert status.auto_training.after_quiet_seconds == 60
    watch.cancel()


def test_a_quiet_watch_gives_signs_of_life(client: pinfold.Client, stub: DatasetServiceStub) -> None:
    client.create_dataset("quiet")
    request = WatchDatasetRequest(name="datasets/quiet", heartbeat=Duration(seconds=1))
    began = time.monotonic()
    watch = stub.WatchDataset(request, timeout=HANG_SECONDS)
    first = next(watch)
    assert next(watch) == first
    assert time.monotonic() - began > 0.9
    watch.cancel()


def test_a_watch_ends_when_its_dataset_is_deleted(client: pinfold.Client, stub: DatasetServiceStub) -> None:
    dataset = client.create_dataset("to-be-deleted")
    watch = stub.WatchDataset(WatchDatasetRequest(name="datasets/to-be-deleted"), timeout=HANG_SECONDS)
    next(watch)
    dataset.delete()
    assert failure_of(lambda: list(watch)).reason == "DATASET_NOT_FOUND"


@pytest.mark.parametrize("seconds", [0, 301, -5])
def test_a_heartbeat_out_of_range_is_refused(client: pinfold.Client, stub: DatasetServiceStub, seconds: int) -> None:
    request = WatchDatasetRequest(name="datasets/tickets", heartbeat=Duration(seconds=seconds))
    assert failure_of(lambda: list(stub.WatchDataset(request))).fields == ("heartbeat",)


def test_automatic_training_is_changed_alone_and_checked(client: pinfold.Client, stub: DatasetServiceStub) -> None:
    client.create_dataset("changing", title="A title")
    settings = AutoTraining(enabled=True, after_changes=0, after_quiet_seconds=5)
    name = "datasets/changing"
    changed = stub.UpdateDataset(dpb.UpdateDatasetRequest(dataset=Dataset(name=name, auto_training=settings)))
    assert (changed.auto_training, changed.title) == (settings, "A title")

    def refused(**wrong: object) -> tuple[str, ...]:
        wanted = Dataset(name=name, auto_training=AutoTraining(enabled=True, **wrong))  # type: ignore[arg-type]
        return failure_of(lambda: stub.UpdateDataset(dpb.UpdateDatasetRequest(dataset=wanted))).fields

    assert refused(after_changes=-1) == ("dataset.auto_training.after_changes",)
    assert refused(after_changes=0, after_quiet_seconds=0) == ("dataset.auto_training",)
    assert refused(run_configuration="nonsense") == ("dataset.auto_training.run_configuration",)
    assert stub.GetDataset(dpb.GetDatasetRequest(name=name)).auto_training == settings
