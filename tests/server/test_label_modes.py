"""The label mode of a dataset through a real server: set, kept, trained with, moved in archives, refused."""

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask

import pinfold
from pinfold.v1 import dataset_service_pb2 as dpb
from pinfold.v1 import version_pb2
from pinfold.v1.dataset_pb2 import Dataset
from pinfold.v1.dataset_service_pb2_grpc import DatasetServiceStub
from tests.server.failures import failure_of
from tests.serving import Server, ticket_rows


@pytest.fixture
def stub(server: Server) -> Iterator[DatasetServiceStub]:
    with grpc.insecure_channel(server.target) as channel:
        yield DatasetServiceStub(channel)


def test_a_dataset_decides_for_trainings_that_leave_it_open(client: pinfold.Client) -> None:
    dataset = client.create_dataset("every-label-for-itself", label_mode="multi_label")
    assert dataset.info.label_mode is pinfold.LabelMode.MULTI_LABEL
    dataset.upload(ticket_rows())
    own, asked = dataset.train(), dataset.train(label_mode="single_label")
    assert own.wait().info.label_mode is pinfold.LabelMode.MULTI_LABEL
    assert own.info.config.label_mode is pinfold.LabelMode.MULTI_LABEL
    assert asked.wait().info.label_mode is pinfold.LabelMode.SINGLE_LABEL
    dataset.update(label_mode=pinfold.LabelMode.AUTO)
    assert client.get_dataset(dataset.id).info.label_mode is pinfold.LabelMode.AUTO
    assert dataset.train().wait().info.label_mode is pinfold.LabelMode.SINGLE_LABEL


def test_an_archive_keeps_the_label_mode(client: pinfold.Client, tmp_path: Path) -> None:
    dataset = client.create_dataset("moved-with-its-mode", label_mode="single_label")
    dataset.upload([{"id": "d", "text": "some text", "labels": ["A"]}])
    dataset.export_archive(tmp_path / "moved.pinfold")
    client.import_archive(tmp_path / "moved.pinfold", dataset_id="moved-here", source_ids={dataset.id: "moved-here"})
    assert client.get_dataset("moved-here").info.label_mode is pinfold.LabelMode.SINGLE_LABEL


def test_only_what_the_mask_names_changes(client: pinfold.Client, stub: DatasetServiceStub) -> None:
    client.create_dataset("masked-mode", title="A title", label_mode="multi_label")
    name = "datasets/masked-mode"

    def update(wanted: Dataset, *paths: str) -> Dataset:
        return stub.UpdateDataset(dpb.UpdateDatasetRequest(dataset=wanted, update_mask=FieldMask(paths=paths)))

    assert update(Dataset(name=name, title="New")).label_mode == version_pb2.LABEL_MODE_MULTI_LABEL
    cleared = update(Dataset(name=name), "label_mode")
    assert (cleared.label_mode, cleared.title) == (version_pb2.LABEL_MODE_AUTO, "New")
    refusal = failure_of(lambda: update(Dataset(name=name, label_mode=99)))  # type: ignore[arg-type]
    assert (refusal.code, refusal.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ("dataset.label_mode",))


def test_single_label_is_refused_with_the_document_that_has_two(
    client: pinfold.Client, stub: DatasetServiceStub
) -> None:
    dataset = client.create_dataset("two-at-once")
    dataset.upload([{"id": "both", "text": "some text", "labels": ["A", "B"]}])
    wanted = Dataset(name=dataset.name, label_mode=version_pb2.LABEL_MODE_SINGLE_LABEL)
    refusal = failure_of(lambda: stub.UpdateDataset(dpb.UpdateDatasetRequest(dataset=wanted)))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "NOT_SINGLE_LABEL")
    assert refusal.fields == ("dataset.label_mode",)
    with pytest.raises(pinfold.FailedPrecondition, match="'both'"):
        dataset.update(label_mode="single_label")


def test_a_run_tells_that_the_labels_do_not_exclude_each_other_any_more(client: pinfold.Client) -> None:
    dataset = client.create_dataset("no-longer-single", label_mode="single_label")
    dataset.upload(ticket_rows())
    dataset.upload([{"id": "both", "text": "refund and password", "labels": ["Billing > Refund", "Login"]}])
    with pytest.raises(pinfold.PinfoldError, match="exactly one leaf label, the first is 'both'") as failure:
        dataset.train().wait()
    assert failure.value.reason == "NOT_SINGLE_LABEL"


def test_a_mode_that_there_is_not_is_refused_by_the_client(client: pinfold.Client) -> None:
    with pytest.raises(ValueError, match="label_mode must be one of"):
        client.create_dataset("odd", label_mode="either")
